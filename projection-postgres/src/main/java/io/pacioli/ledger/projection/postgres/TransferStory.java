package io.pacioli.ledger.projection.postgres;

import com.fasterxml.jackson.databind.JsonNode;
import io.pacioli.ledger.core.TransferKind;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Puts a transfer together from the entries that it has on one or two shards.
 *
 * <p>The shards are projected independently, so any of its entries may be missing yet. An id that was used for several transfers
 * (on two shards, or again after it was forgotten) tells of the newest. Pure.
 */
final class TransferStory {
    private static final String DEFERRED = "CommandDeferred";
    private static final String REJECTED = "CommandRejected";

    /** The types of entries that a transfer has, in the order in which they can come. */
    static final List<String> TYPES = List.of(
            DEFERRED,
            REJECTED,
            "TransferPosted",
            "TransferSent",
            "TransferReceived",
            "TransferRefused",
            "TransferReturned");

    private static final Comparator<Step> IN_ORDER = Comparator.comparing(Step::at)
            .thenComparingInt(step -> TYPES.indexOf(step.type()))
            .thenComparingLong(step -> step.position().sequence());

    private final String id;
    private final Step begin;
    private final List<Step> steps;
    private final JsonNode terms;

    private TransferStory(String id, Step begin, List<Step> steps) {
        this.id = id;
        this.begin = begin;
        this.steps = steps;
        this.terms = begin.type().equals(DEFERRED) ? begin.data().path("command") : begin.data();
    }

    /** Whether entries of a command are those of a transfer: a rejection alone is none. */
    static boolean isTransfer(List<Step> entries) {
        return entries.stream().anyMatch(step -> !step.type().equals(REJECTED));
    }

    /** @param entries in any order, one or more of a transfer among them */
    static TransferStory of(String id, List<Step> entries) {
        List<Step> ordered = entries.stream().sorted(IN_ORDER).toList();
        Step begin = begin(ordered);
        Step deferral = begin.type().equals(DEFERRED) ? begin : deferral(ordered, begin);
        return new TransferStory(
                id,
                begin,
                ordered.stream()
                        .filter(step -> step.equals(deferral) || belongs(step, begin))
                        .toList());
    }

    /** The newest entry that begins a transfer; if none does, or it only defers one that has gone on since, one that goes on. */
    private static Step begin(List<Step> ordered) {
        Step goesOn = null;
        for (Step step : ordered.reversed()) {
            switch (step.type()) {
                case "TransferPosted", "TransferSent" -> {
                    return step;
                }
                case DEFERRED -> {
                    return goesOn != null && origin(goesOn) == step.position().shard() ? goesOn : step;
                }
                case REJECTED -> {}
                default -> goesOn = goesOn == null ? step : goesOn;
            }
        }
        return Objects.requireNonNull(goesOn, "an entry of a transfer must be there");
    }

    /** The deferral that the payer's shard had journaled before: its last word on the id until then. */
    private static @Nullable Step deferral(List<Step> ordered, Step begin) {
        return ordered.subList(0, ordered.indexOf(begin)).reversed().stream()
                .filter(step ->
                        step.position().shard() == origin(begin) && !step.type().equals("TransferReturned"))
                .findFirst()
                .filter(step -> step.type().equals(DEFERRED))
                .orElse(null);
    }

    /** The shard that the payer is on. */
    private static int origin(Step step) {
        return step.data().path("fromShard").asInt(step.position().shard());
    }

    /** Whether an entry is of the same transfer as another: the payer's shard numbers what it sends. */
    private static boolean belongs(Step step, Step begin) {
        return switch (step.type()) {
            case DEFERRED -> false;
            case REJECTED -> begin.type().equals(DEFERRED) && follows(step, begin);
            case "TransferPosted" -> step.equals(begin);
            case "TransferReturned" ->
                step.equals(begin) || (begin.type().equals("TransferSent") && follows(step, begin));
            default ->
                !begin.type().equals(DEFERRED)
                        && origin(step) == origin(begin)
                        && step.data().path("number").asLong()
                                == begin.data().path("number").asLong();
        };
    }

    private static boolean follows(Step step, Step begin) {
        return step.position().shard() == begin.position().shard()
                && step.position().sequence() > begin.position().sequence();
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
                terms.path("kind").asText(TransferKind.TRANSFER.wireName()),
                terms.path("asset").asText(),
                from(),
                to(),
                amount(),
                Step.text(terms, "reference"),
                Step.text(terms, "memo"),
                Step.metadata(terms),
                begin.at(),
                notBefore(),
                reason(),
                reversals.stream().map(TransferStory::reversal).toList(),
                steps.stream().map(Step::told).toList());
    }

    private History.Reversal reversal() {
        return new History.Reversal(id, amount(), status());
    }

    private BigInteger amount() {
        return new BigInteger(terms.path("amount").asText());
    }

    private @Nullable String notBefore() {
        return steps.stream()
                .filter(step -> step.type().equals(DEFERRED))
                .map(step -> Step.text(step.data().path("command").path("conditions"), "notBefore"))
                .findFirst()
                .orElse(null);
    }

    private History.TransferStatus status() {
        if (begin.type().equals(DEFERRED)) {
            return has(REJECTED) ? History.TransferStatus.REJECTED : History.TransferStatus.PENDING;
        }
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
                .map(step -> step.reason(step.type().equals(REJECTED) ? "rejection" : "reason"))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }
}
