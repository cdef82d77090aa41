package io.pacioli.ledger.audit;

import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.PlacedLeg;
import io.pacioli.ledger.core.TransactionTerms;
import io.pacioli.ledger.core.TransferTerms;
import java.math.BigInteger;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one shard's entries say about money between shards: what its messages will have the clearing accounts of their receivers book, less
 * what the messages that it has received had it book.
 *
 * <p>Summed over all shards this is what is under way, and with the balances of the clearing accounts it nets to zero for each pair of
 * shards and each asset, however many messages are on their way. Not thread safe.
 */
final class Clearing {
    /**
     * Two shards and an asset.
     *
     * @param low the lower number of the two
     */
    record Pair(int low, int high, String asset) implements Comparable<Pair> {
        static Pair of(int one, int other, String asset) {
            return new Pair(Math.min(one, other), Math.max(one, other), asset);
        }

        @Override
        public int compareTo(Pair other) {
            int byLow = Integer.compare(low, other.low);
            int byHigh = byLow == 0 ? Integer.compare(high, other.high) : byLow;
            return byHigh == 0 ? asset.compareTo(other.asset) : byHigh;
        }
    }

    private final Map<Pair, BigInteger> toCome = new TreeMap<>();

    /** What is still to be booked on clearing accounts, as far as this shard's entries go; what is zero is left out. */
    Map<Pair, BigInteger> toCome() {
        return toCome;
    }

    void apply(Entry entry) {
        int self = entry.shard();
        switch (entry.event()) {
            case Event.TransferSent e -> transfer(self, e.toShard(), e.terms(), true);
            case Event.TransferReceived e -> transfer(self, e.fromShard(), e.terms(), false);
            // It has come and goes back.
            case Event.TransferRefused refused -> {}
            case Event.TransferReturned e -> transfer(self, e.fromShard(), e.terms(), false);
            case Event.TransactionCommitted e -> e.terms().participants().forEach(peer -> legs(peer, e.terms(), true));
            case Event.TransactionSettled e -> legs(self, e.terms(), false);
            default -> {}
        }
    }

    /** A credit is booked against the clearing account of the shard that it comes from. */
    private void transfer(int self, int peer, TransferTerms terms, boolean sent) {
        BigInteger amount = terms.amount().minorUnits();
        add(Pair.of(self, peer, terms.asset()), sent ? amount.negate() : amount);
    }

    private void legs(int receiver, TransactionTerms terms, boolean sent) {
        for (PlacedLeg leg : terms.legs()) {
            if (leg.touches(receiver) && leg.fromShard() != leg.toShard()) {
                BigInteger amount = leg.leg().amount().minorUnits();
                boolean isPositive = (receiver == leg.fromShard()) == sent;
                add(Pair.of(leg.fromShard(), leg.toShard(), leg.leg().asset()), isPositive ? amount : amount.negate());
            }
        }
    }

    private void add(Pair pair, BigInteger amount) {
        toCome.merge(pair, amount, (one, other) -> {
            BigInteger sum = one.add(other);
            return sum.signum() == 0 ? null : sum;
        });
    }
}
