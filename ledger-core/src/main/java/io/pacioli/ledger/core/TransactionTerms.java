package io.pacioli.ledger.core;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * A transaction as one shard sees it.
 *
 * @param id the id of the command that asked for it
 * @param coordinator the shard that decides on it
 * @param legs on the coordinator all, on a participant those that touch it, in their order
 * @param deadlineMillis when it is given up if not all have agreed, milliseconds since 1970-01-01 UTC
 * @param memo for people, may be empty
 * @param metadata the client's own members
 */
public record TransactionTerms(
        String id,
        int coordinator,
        List<PlacedLeg> legs,
        long deadlineMillis,
        String memo,
        Map<String, String> metadata) {
    public TransactionTerms {
        legs = List.copyOf(legs);
    }

    /** The shards that its legs touch besides the coordinator, in ascending order. */
    public List<Integer> participants() {
        TreeSet<Integer> shards = new TreeSet<>();
        for (PlacedLeg leg : legs) {
            shards.add(leg.fromShard());
            shards.add(leg.toShard());
        }
        shards.remove(coordinator);
        return List.copyOf(shards);
    }

    /** What a participant is told of it. */
    TransactionTerms on(int shard) {
        return new TransactionTerms(
                id,
                coordinator,
                legs.stream().filter(leg -> leg.touches(shard)).toList(),
                deadlineMillis,
                memo,
                metadata);
    }
}
