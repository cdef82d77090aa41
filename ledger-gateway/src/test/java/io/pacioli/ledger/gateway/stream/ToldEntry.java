package io.pacioli.ledger.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a stream must tell, worked out from the JSON of the journal the plain way. */
record ToldEntry(String position, List<String> postings) {
    private static final Set<String> STATUS_TYPES =
            Set.of("AccountOpened", "AccountFrozen", "AccountUnfrozen", "AccountClosed");

    /** Those of an account in a shard's entries behind a sequence. */
    static List<ToldEntry> ofAccount(List<JsonNode> entries, String account, long after) {
        return of(entries, after, posting -> posting.path("account").asText().equals(account), account);
    }

    /** Those of an asset in a shard's entries behind a sequence. */
    static List<ToldEntry> ofAsset(List<JsonNode> entries, String asset, long after) {
        return of(
                entries,
                after,
                posting -> posting.path("asset").asText().equals(asset)
                        && !posting.path("account").asText().startsWith("@clearing/"),
                null);
    }

    /** What a client has read. */
    static ToldEntry of(StreamClient.Event event) {
        JsonNode json = event.json();
        List<String> postings = new ArrayList<>();
        json.path("postings").forEach(posting -> postings.add(text(posting)));
        if (event.type().equals("status")) {
            postings.add(json.path("type").asText() + " " + json.path("account").asText());
        }
        return new ToldEntry(json.path("position").asText(), postings);
    }

    private static List<ToldEntry> of(
            List<JsonNode> entries, long after, Predicate<JsonNode> shown, @Nullable String account) {
        List<ToldEntry> events = new ArrayList<>();
        for (JsonNode entry : entries.subList((int) after, entries.size())) {
            List<String> postings = new ArrayList<>();
            for (JsonNode posting : entry.path("postings")) {
                if (shown.test(posting)) {
                    postings.add(text(posting));
                }
            }
            String type = entry.path("type").asText();
            if (account != null
                    && STATUS_TYPES.contains(type)
                    && entry.path("data").path("account").asText().equals(account)) {
                postings.add(type + " " + account);
            }
            if (!postings.isEmpty()) {
                events.add(new ToldEntry(
                        entry.path("shard").asInt() + ":"
                                + entry.path("sequence").asLong(),
                        postings));
            }
        }
        return events;
    }

    /** Says where two sequences of events part, rather than show both. */
    static void assertSame(List<ToldEntry> told, List<ToldEntry> expected, String what) {
        int same = 0;
        while (same < Math.min(told.size(), expected.size()) && told.get(same).equals(expected.get(same))) {
            same++;
        }
        assertThat(told.subList(same, Math.min(same + 3, told.size())))
                .as("%s, behind %s of %s events told, %s expected", what, same, told.size(), expected.size())
                .isEqualTo(expected.subList(same, Math.min(same + 3, expected.size())));
    }

    private static String text(JsonNode posting) {
        return String.join(
                " ",
                posting.path("account").asText(),
                posting.path("bucket").asText(),
                posting.path("asset").asText(),
                posting.path("amount").asText(),
                posting.path("balance").asText(),
                posting.path("version").asText());
    }
}
