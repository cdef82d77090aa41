package io.pacioli.ledger.projection.postgres;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Counts the figures by hour and day out of the records' JSON, entry by entry, as anybody would who had only read what they mean. */
final class NaiveRollups {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> MOVES = Set.of("TransferPosted", "TransferSent");
    private static final Set<String> TRANSACTS = Set.of("TransactionPosted", "TransactionCommitted");

    private final SortedMap<String, Figures> activity = new TreeMap<>();
    private final SortedMap<String, Long> rejections = new TreeMap<>();

    private static final class Figures {
        long transfers;
        BigInteger volume = BigInteger.ZERO;
        BigInteger minted = BigInteger.ZERO;
        BigInteger burned = BigInteger.ZERO;
        BigInteger returned = BigInteger.ZERO;
        final Set<String> active = new HashSet<>();

        @Override
        public String toString() {
            return transfers + " " + volume + " " + minted + " " + burned + " " + returned + " " + active.size();
        }
    }

    /** The figures of a journal. */
    static NaiveRollups of(List<ScriptedLedger.Journaled> journal) {
        NaiveRollups rollups = new NaiveRollups();
        journal.forEach(record -> rollups.count(record.value()));
        return rollups;
    }

    /** What the tables say, in the same form as {@link #toString()}. */
    static String stored(Database database) {
        return database.fetch("""
                        SELECT concat_ws(' ', asset, grain, to_char(starts AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), shard)
                               || '=' || concat_ws(' ', transfers, volume, minted, burned, returned, active_accounts)
                        FROM ledger.activity
                        UNION ALL
                        SELECT concat_ws(' ', code, grain, to_char(starts AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), shard)
                               || '=' || rejections
                        FROM ledger.rejection_counts""")
                .map(row -> String.valueOf(row.get(0)))
                .stream()
                .sorted()
                .reduce("", (lines, line) -> lines + line + "\n");
    }

    private void count(byte[] value) {
        JsonNode entry = json(value);
        JsonNode data = entry.path("data");
        String type = entry.path("type").asText();
        if (MOVES.contains(type)) {
            BigInteger amount = amount(data);
            periods(entry, data.path("asset").asText(), (key, figures) -> moved(figures, data, amount));
        } else if (type.equals("TransferReturned")) {
            BigInteger amount = amount(data);
            periods(entry, data.path("asset").asText(), (key, figures) -> returned(figures, data, amount));
        } else if (TRANSACTS.contains(type)) {
            for (JsonNode leg : data.path("legs")) {
                periods(entry, leg.path("asset").asText(), (key, figures) -> {
                    figures.transfers++;
                    figures.volume = figures.volume.add(amount(leg));
                });
            }
        } else if (type.equals("CommandRejected")) {
            String code = data.path("rejection").path("code").asText();
            for (ChronoUnit unit : List.of(ChronoUnit.HOURS, ChronoUnit.DAYS)) {
                rejections.merge(key(entry, code, unit), 1L, Long::sum);
            }
        }
        for (JsonNode posting : entry.path("postings")) {
            String account = posting.path("account").asText();
            if (!account.startsWith("@")) {
                periods(entry, posting.path("asset").asText(), (key, figures) -> figures.active.add(account));
            }
        }
    }

    private static void moved(Figures figures, JsonNode data, BigInteger amount) {
        switch (data.path("kind").asText()) {
            case "mint" -> figures.minted = figures.minted.add(amount);
            case "burn" -> figures.burned = figures.burned.add(amount);
            default -> {
                figures.transfers++;
                figures.volume = figures.volume.add(amount);
            }
        }
    }

    private static void returned(Figures figures, JsonNode data, BigInteger amount) {
        switch (data.path("kind").asText()) {
            case "mint" -> figures.minted = figures.minted.subtract(amount);
            case "burn" -> figures.burned = figures.burned.subtract(amount);
            default -> figures.returned = figures.returned.add(amount);
        }
    }

    private void periods(JsonNode entry, String asset, BiConsumer<String, Figures> change) {
        for (ChronoUnit unit : List.of(ChronoUnit.HOURS, ChronoUnit.DAYS)) {
            String key = key(entry, asset, unit);
            change.accept(key, activity.computeIfAbsent(key, absent -> new Figures()));
        }
    }

    private static String key(JsonNode entry, String what, ChronoUnit unit) {
        Instant at = Instant.parse(entry.path("at").asText());
        String grain = unit == ChronoUnit.HOURS ? "hour" : "day";
        return what + " " + grain + " " + at.truncatedTo(unit) + " "
                + entry.path("shard").asInt();
    }

    private static BigInteger amount(JsonNode node) {
        return new BigInteger(node.path("amount").asText());
    }

    private static JsonNode json(byte[] value) {
        try {
            return JSON.readTree(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many periods any mint came back in that were not those of the mint; to tell that a test has met them. */
    boolean hasNegativeMint() {
        return activity.values().stream().anyMatch(figures -> figures.minted.signum() < 0);
    }

    /** Whether money of a movement between clients came back. */
    boolean hasReturns() {
        return activity.values().stream().anyMatch(figures -> figures.returned.signum() > 0);
    }

    /** One line for each row of the tables, sorted. */
    @Override
    public String toString() {
        StringBuilder lines = new StringBuilder();
        Map<String, Object> all = new TreeMap<>(activity);
        all.putAll(rejections);
        all.entrySet().stream().map(Object::toString).sorted().forEach(line -> lines.append(line)
                .append('\n'));
        return lines.toString();
    }
}
