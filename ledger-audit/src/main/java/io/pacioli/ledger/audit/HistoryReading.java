package io.pacioli.ledger.audit;

import io.pacioli.ledger.core.Bucket;
import java.math.BigInteger;

/** The entries and postings that a source keeps of a shard, as of the same look as its balances. Not thread safe. */
public interface HistoryReading {
    /** The time before which nothing is kept any more, in milliseconds since 1970-01-01 UTC; 0 when everything is. */
    default long horizonMillis() {
        return 0;
    }

    /** All entries of a shard in a range of sequences, in their order. */
    void entries(int shard, long fromSequence, long toSequence, EntryVisitor visitor);

    /** How many postings each block of so many entries has; blocks without postings may be left out. */
    void postings(int shard, long blockEntries, BlockVisitor visitor);

    /** The postings of a shard in a range of sequences: how many each entry has; entries without may be left out. */
    void postingsOf(int shard, long fromSequence, long toSequence, BlockVisitor visitor);

    /** The sum of all postings of each account, asset and bucket of a shard. */
    void sums(int shard, SumVisitor visitor);

    /** Hears of entries. */
    @FunctionalInterface
    interface EntryVisitor {
        /** One entry, with the 32 bytes of its hash. */
        void entry(long sequence, byte[] hash);
    }

    /** Hears of counts. */
    @FunctionalInterface
    interface BlockVisitor {
        /** The number of postings of a block, or of a sequence. */
        void count(long number, long postings);
    }

    /** Hears of sums. */
    @FunctionalInterface
    interface SumVisitor {
        /** The sum of postings. */
        void sum(String account, String asset, Bucket bucket, BigInteger sum);
    }
}
