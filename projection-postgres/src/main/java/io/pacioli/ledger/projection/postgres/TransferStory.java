package io.pacioli.ledger.projection.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pacioli.ledger.core.Position;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts a transfer together from the entries that it has on one or two shards.
 *
 * <p>The shards are projected independently, so any of its entries may be missing yet. An id that was used for several transfers
 * (on two shards, or again after it was forgotten) tells of the newest. Pure.
 */
final class TransferStory {
    /** The types of entries that a transfer has. */
    static final List<String> TYPES =
            List.of("TransferPosted", "TransferSent", "TransferReceived", "TransferRefused", "TransferReturned");

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Comparator<Step> IN_ORDER = Comparator.comparing(Step::at)
            .thenComparingInt(step -> TYPES.indexOf(step.type()))
            .thenComparingLong(step -> step.position().sequence());

    private final String id;
    private final List<Step> steps;
    private final JsonNode terms;

    /** An entry of the transfer with its data. */
    record Step(Position position, Instant at, String type, JsonNode data) {
        /** The shard that the payer is on. */
        int origin() {
            return data.path("fromShard").asInt(position.shard());
        }
    }

    private TransferStory(String id, List<Step> steps) {
        this.id = id;
        this.steps = steps;
        this.terms = steps.getFirst().data();
    }

    /** @param entries one or more, in any order */
    static TransferStory of(String id, List<Step> entries) {
        List<Step> ordered = entries.stream().sorted(IN_ORDER).toList();
        Step begin = ordered.reversed().stream()
                .filter(step ->
                        step.type().equals("TransferPosted") || step.type().equals("TransferSent"))
                .findFirst()
                .orElse(ordered.getLast());
        return new TransferStory(
                id, ordered.stream().filter(step -> belongs(step, begin)).toList());
    }

    /** Whether an entry is of the same transfer as another: the payer's shard numbers what it sends. */
    private static boolean belongs(Step step, Step begin) {
        return switch (step.type()) {
            case "TransferPosted" -> step.equals(begin);
            case "TransferReturned" -> returns(step, begin);
            default ->
                step.origin() == begin.origin()
                        && step.data().path("number").asLong()
                                == begin.data().path("number").asLong();
        };
    }

    /** A return names the payee's shard, and is written on the payer's. */
    private static boolean returns(Step step, Step begin) {
        return step.equals(begin)
                || (begin.type().equals("TransferSent")
                        && step.position().shard() == begin.position().shard()
                        && step.position().sequence() > begin.position().sequence());
    }

    /** Reads the data of an entry. */
    static JsonNode data(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the store holds JSON only", e);
        }
    }

    /** The account that pays. */
    String from() {
        return terms.path("from").asText();
    }

    /** The account that is paid. */
    String to() {
        return terms.path("to").asText();
    }

    /**
     * What is known, as of these positions.
     *
     * @param reversals of it, newest first
     */
    History.Transfer answer(String asOf, List<TransferStory> reversals) {
        return new History.Transfer(
                id,
                asOf,
                status(),
                terms.path("kind").asText(),
                terms.path("asset").asText(),
                from(),
                to(),
                amount(),
                text("reference"),
                text("memo"),
                metadata(),
                steps.getFirst().at(),
                reason(),
                reversals.stream().map(TransferStory::reversal).toList(),
                steps.stream()
                        .map(step -> new History.TransferEntry(step.position(), step.at(), step.type()))
                        .toList());
    }

    private History.Reversal reversal() {
        return new History.Reversal(id, amount(), status());
    }

    private BigInteger amount() {
        return new BigInteger(terms.path("amount").asText());
    }

    private @Nullable String text(String member) {
        return terms.hasNonNull(member) ? terms.path(member).asText() : null;
    }

    private History.TransferStatus status() {
        if (has("TransferPosted")) {
            return History.TransferStatus.POSTED;
        }
        if (has("TransferReturned")) {
            return History.TransferStatus.RETURNED;
        }
        return has("TransferReceived") ? History.TransferStatus.RECEIVED : History.TransferStatus.SENT;
    }

    private boolean has(String type) {
        return steps.stream().anyMatch(step -> step.type().equals(type));
    }

    private History.@Nullable Reason reason() {
        return steps.stream()
                .map(step -> step.data().path("reason"))
                .filter(JsonNode::isObject)
                .findFirst()
                .map(reason -> new History.Reason(
                        reason.path("code").asText(),
                        reason.path("field").asText(),
                        reason.path("limit").asText(),
                        reason.path("value").asText(),
                        reason.path("message").asText()))
                .orElse(null);
    }

    private Map<String, String> metadata() {
        Map<String, String> metadata = new LinkedHashMap<>();
        terms.path("metadata")
                .properties()
                .forEach(member ->
                        metadata.put(member.getKey(), member.getValue().asText()));
        return metadata;
    }
}
