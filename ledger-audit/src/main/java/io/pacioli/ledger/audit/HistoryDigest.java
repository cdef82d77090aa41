package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.core.Entry;
import java.util.Arrays;

/**
 * A shard's journal in a few numbers: for each block of so many entries a digest of their hashes, the number of their postings and when it begins, by which
 * a copy of the history is compared without having it beside. As the journal grows the blocks do, so that memory does not. Not thread
 * safe.
 */
final class HistoryDigest {
    /** How many blocks there are at most. */
    static final int BLOCKS_MAX = 1 << 14;

    private static final long BLOCK_ENTRIES_FIRST = 256;

    private final KeyedHash hash;
    private long blockEntries = BLOCK_ENTRIES_FIRST;
    private long[] digests = new long[16];
    private long[] postings = new long[16];
    private long[] offsets = new long[16];
    private long[] beginnings = new long[16];
    private int count;

    HistoryDigest(KeyedHash hash) {
        this.hash = hash;
    }

    void add(Entry entry, Hash entryHash, long offset) {
        long sequence = entry.sequence();
        if ((sequence - 1) / blockEntries >= BLOCKS_MAX) {
            merge();
        }
        int block = block(sequence);
        if (block >= count) {
            reserve(block + 1);
            count = block + 1;
            offsets[block] = offset;
            beginnings[block] = entry.atMillis();
        }
        digests[block] += digest(sequence, entryHash.bytes());
        postings[block] += entry.postings().size();
    }

    /** What one entry adds to the digest of its block: it depends on its place. */
    long digest(long sequence, byte[] entryHash) {
        return hash.of(hash.of(entryHash), sequence);
    }

    private void merge() {
        blockEntries *= 2;
        for (int i = 0; i < count; i += 2) {
            boolean isPair = i + 1 < count;
            digests[i / 2] = digests[i] + (isPair ? digests[i + 1] : 0);
            postings[i / 2] = postings[i] + (isPair ? postings[i + 1] : 0);
            offsets[i / 2] = offsets[i];
            beginnings[i / 2] = beginnings[i];
        }
        int merged = (count + 1) / 2;
        Arrays.fill(digests, merged, count, 0);
        Arrays.fill(postings, merged, count, 0);
        count = merged;
    }

    private void reserve(int blocks) {
        if (blocks > digests.length) {
            int length = Math.max(blocks, 2 * digests.length);
            digests = Arrays.copyOf(digests, length);
            postings = Arrays.copyOf(postings, length);
            offsets = Arrays.copyOf(offsets, length);
            beginnings = Arrays.copyOf(beginnings, length);
        }
    }

    /** The block of an entry, from 0. */
    int block(long sequence) {
        return (int) ((sequence - 1) / blockEntries);
    }

    long blockEntries() {
        return blockEntries;
    }

    int blocks() {
        return count;
    }

    long digestOf(int block) {
        return digests[block];
    }

    long postingsOf(int block) {
        return postings[block];
    }

    /** The offset of a block's first entry in the journal. */
    long offsetOf(int block) {
        return offsets[block];
    }

    /** The time of a block's first entry; no later block begins earlier. */
    long beginningOf(int block) {
        return beginnings[block];
    }

    /** Goes on from what an earlier audit has kept. */
    void restore(
            long keptBlockEntries,
            int blocks,
            long[] keptDigests,
            long[] keptPostings,
            long[] keptOffsets,
            long[] keptBeginnings) {
        blockEntries = keptBlockEntries;
        count = blocks;
        digests = keptDigests;
        postings = keptPostings;
        offsets = keptOffsets;
        beginnings = keptBeginnings;
    }
}
