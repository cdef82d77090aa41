package io.pacioli.ledger.testkit.model;

import io.pacioli.ledger.core.Command;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** A transaction across shards, from its begin until the last shard has done its part. */
final class NaiveTransaction {
    /** What it takes from and brings to an account in one asset, in the order of its legs. */
    static final class Part {
        private BigInteger sum = BigInteger.ZERO;
        private BigInteger deepest = BigInteger.ZERO;
        private BigInteger highest = BigInteger.ZERO;
        private boolean paid;

        void take(BigInteger amount) {
            sum = sum.subtract(amount);
            deepest = deepest.min(sum);
        }

        void bring(BigInteger amount) {
            sum = sum.add(amount);
            highest = highest.max(sum);
            paid = true;
        }

        /** What must be set aside, so that no leg finds too little. */
        BigInteger need() {
            return deepest.negate();
        }

        /** What it has more, or less, after the legs so far. */
        BigInteger sum() {
            return sum;
        }

        /** The most that it has more on the way. */
        BigInteger peak() {
            return highest;
        }

        /** Whether a leg brings something. */
        boolean isPaid() {
            return paid;
        }
    }

    /** Where a part is. */
    record Place(String account, String asset) {}

    private final Command.Transact command;
    private final int coordinator;
    private final long deadlineMillis;
    private final SortedSet<Integer> participants;
    private final SortedSet<Integer> silent;
    private final Map<Integer, Map<Place, Part>> reserved = new HashMap<>();
    private boolean decided;

    NaiveTransaction(Command.Transact command, int coordinator, long deadlineMillis, SortedSet<Integer> participants) {
        this.command = command;
        this.coordinator = coordinator;
        this.deadlineMillis = deadlineMillis;
        this.participants = participants;
        silent = new TreeSet<>(participants);
    }

    Command.Transact command() {
        return command;
    }

    int coordinator() {
        return coordinator;
    }

    long deadlineMillis() {
        return deadlineMillis;
    }

    SortedSet<Integer> participants() {
        return participants;
    }

    /** The participants that have not said yes yet. */
    SortedSet<Integer> silent() {
        return silent;
    }

    /** What is reserved, by shard. */
    Map<Integer, Map<Place, Part>> reserved() {
        return reserved;
    }

    boolean decided() {
        return decided;
    }

    void decide() {
        decided = true;
    }
}
