package io.pacioli.ledger.projection.postgres;

import com.fasterxml.jackson.databind.JsonNode;
import io.pacioli.ledger.core.Router;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Puts a transaction together from the entries that it has on its shards.
 *
 * <p>The shards are projected independently, so any of its entries may be missing yet. An id that was used for several transactions
 * tells of the newest; steps of the others on participants are told apart by their time. Pure.
 */
final class TransactionStory {
    /** The types of entries that a transaction has, in the order in which they can come. */
    static final List<String> TYPES = List.of(
            "TransactionPosted",
            "TransactionBegun",
            "TransactionPrepared",
            "TransactionRefused",
            "TransactionVoted",
            "TransactionCommitted",
            "TransactionAborted",
            "TransactionSettled",
            "TransactionReleased");

    private static final Comparator<Step> IN_ORDER = Comparator.comparing(Step::at)
            .thenComparingInt(step -> TYPES.indexOf(step.type()))
            .thenComparingLong(step -> step.position().sequence());

    private final String id;
    private final List<Step> steps;
    private final Step begin;

    private TransactionStory(String id, List<Step> steps, Step begin) {
        this.id = id;
        this.steps = steps;
        this.begin = begin;
    }

    /** Whether entries of a command tell what a transaction moves. */
    static boolean isTransaction(List<Step> entries) {
        return entries.stream().anyMatch(TransactionStory::hasTerms);
    }

    private static boolean hasTerms(Step step) {
        return step.data().has("legs");
    }

    /** @param entries in any order, one or more that tell what it moves among them */
    static TransactionStory of(String id, List<Step> entries) {
        List<Step> ordered = entries.stream().sorted(IN_ORDER).toList();
        List<Step> begins = ordered.stream().filter(TransactionStory::begins).toList();
        if (begins.isEmpty()) {
            return new TransactionStory(
                    id,
                    ordered,
                    ordered.stream()
                            .filter(TransactionStory::hasTerms)
                            .findFirst()
                            .orElseThrow());
        }
        Step begin = begins.getLast();
        return begins.size() == 1
                ? new TransactionStory(id, ordered, begin)
                : new TransactionStory(id, ordered.subList(ordered.indexOf(begin), ordered.size()), begin);
    }

    private static boolean begins(Step step) {
        return step.type().equals("TransactionPosted") || step.type().equals("TransactionBegun");
    }

    /** The shards that it concerns, as far as they are known. */
    SortedSet<Integer> shards(Router router) {
        SortedSet<Integer> shards = new TreeSet<>();
        shards.add(begin.data().path("coordinator").asInt());
        for (History.TransactionLeg leg : legs()) {
            shards.add(router.shardOf(leg.from()));
            shards.add(router.shardOf(leg.to()));
        }
        return shards;
    }

    /** What is known, as of these positions. */
    History.Transaction answer(String asOf) {
        return new History.Transaction(
                id,
                asOf,
                status(),
                List.copyOf(legs()),
                Step.text(begin.data(), "memo"),
                Step.metadata(begin.data()),
                begin.at(),
                Step.text(begin.data(), "deadline"),
                reason(),
                steps.stream().map(Step::told).toList());
    }

    /** Every shard knows the legs that touch it, by their place in the transaction; its coordinator all. */
    private Collection<History.TransactionLeg> legs() {
        TreeMap<Integer, History.TransactionLeg> legs = new TreeMap<>();
        for (Step step : steps) {
            for (JsonNode leg : step.data().path("legs")) {
                legs.put(
                        leg.path("leg").asInt(),
                        new History.TransactionLeg(
                                leg.path("asset").asText(),
                                leg.path("from").asText(),
                                leg.path("to").asText(),
                                new BigInteger(leg.path("amount").asText())));
            }
        }
        return legs.values();
    }

    private History.TransactionStatus status() {
        if (has("TransactionPosted")) {
            return History.TransactionStatus.POSTED;
        }
        if (has("TransactionCommitted") || has("TransactionSettled")) {
            return History.TransactionStatus.COMMITTED;
        }
        return has("TransactionAborted") || has("TransactionReleased")
                ? History.TransactionStatus.ABORTED
                : History.TransactionStatus.BEGUN;
    }

    private boolean has(String type) {
        return steps.stream().anyMatch(step -> step.type().equals(type));
    }

    private History.@Nullable Reason reason() {
        for (Step step : steps) {
            History.Reason reason = step.reason("reason");
            if (reason != null) {
                return reason;
            }
        }
        return null;
    }
}
