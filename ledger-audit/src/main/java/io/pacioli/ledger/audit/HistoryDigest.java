package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.api.JournalData;
import io.pacioli.ledger.api.state.KeyedHash;
import io.pacioli.ledger.core.Entry;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A shard's journal in a few numbers: for each block of so many entries a digest of all that a history must keep of them, of their
 * postings and of what else it has a row of for them, and when and where it begins; by these a copy is compared without having the journal beside. As the journal grows the blocks
 * do, so that memory does not. Not thread safe.
 */
final class HistoryDigest {
    /** How many blocks there are at most. */
    static final int BLOCKS_MAX = 1 << 14;

    private static final long BLOCK_ENTRIES_FIRST = 256;

    private static final long ENTRY = 1;
    private static final long POSTING = 2;
    private static final long NONE = 3;

    private final KeyedHash hash;
    private long blockEntries = BLOCK_ENTRIES_FIRST;
    private long[] digests = new long[16];
    private long[] offsets = new long[16];
    private long[] beginnings = new long[16];
    private int count;

    HistoryDigest(KeyedHash hash) {
        this.hash = hash;
    }

    void add(Entry entry, Hash entryHash, byte[] record, long offset) {
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
        String data = JournalData.find(record).text(record);
        digests[block] += digest(HistoryEntry.of(entry, entryHash, data));
        for (HistoryPosting posting : HistoryPosting.allOf(entry)) {
            digests[block] += digest(posting);
        }
        for (HistoryRow row : HistoryRow.allOf(entry)) {
            digests[block] += digest(row, hash);
        }
    }

    /** What an entry adds to the digest of its block: it depends on its place. */
    long digest(HistoryEntry row) {
        long digest = hash.of(hash.of(row.sequence(), ENTRY), row.atMicros());
        digest = hash.of(digest, hash.of(row.type()));
        digest = hash.of(digest, text(row.kind()));
        digest = hash.of(digest, text(row.commandId()));
        digest = hash.of(digest, hash.of(row.cause()));
        digest = hash.of(digest, row.isOutcome() ? 1 : 0);
        digest = hash.of(digest, hash.of(row.hash()));
        return hash.of(digest, json(row.data()));
    }

    /** What a posting adds to the digest of its block. */
    long digest(HistoryPosting row) {
        long digest = hash.of(hash.of(row.sequence(), POSTING), row.atMicros());
        digest = hash.of(digest, row.version());
        digest = hash.of(digest, hash.of(row.account()));
        digest = hash.of(digest, hash.of(row.asset()));
        digest = hash.of(digest, hash.of(row.bucket()));
        digest = hash.of(digest, hash.of(row.amount()));
        digest = hash.of(digest, hash.of(row.balance()));
        return hash.of(digest, text(row.counterparty()));
    }

    /** What a row of another table adds to a digest: it depends on its place, and on its values as they are written. */
    static long digest(HistoryRow row, KeyedHash hash) {
        long digest = hash.of(hash.of(row.place(), hash.of(row.table().title())), hash.of(row.key()));
        for (String value : row.values()) {
            digest = hash.of(digest, value == null ? NONE : hash.of(value));
        }
        return digest;
    }

    /** Of what a JSON text says. */
    long json(String text) {
        return JsonHash.of(text, hash);
    }

    private long text(@Nullable String text) {
        return text == null ? NONE : hash.of(text);
    }

    private void merge() {
        blockEntries *= 2;
        for (int i = 0; i < count; i += 2) {
            boolean isPair = i + 1 < count;
            digests[i / 2] = digests[i] + (isPair ? digests[i + 1] : 0);
            offsets[i / 2] = offsets[i];
            beginnings[i / 2] = beginnings[i];
        }
        int merged = (count + 1) / 2;
        Arrays.fill(digests, merged, count, 0);
        count = merged;
    }

    private void reserve(int blocks) {
        if (blocks > digests.length) {
            int length = Math.max(blocks, 2 * digests.length);
            digests = Arrays.copyOf(digests, length);
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

    /** The offset of a block's first entry in the journal. */
    long offsetOf(int block) {
        return offsets[block];
    }

    /** The time of a block's first entry; no later block begins earlier. */
    long beginningOf(int block) {
        return beginnings[block];
    }

    void write(DataOutputStream out) throws IOException {
        out.writeLong(blockEntries);
        out.writeInt(count);
        for (int block = 0; block < count; block++) {
            out.writeLong(digests[block]);
            out.writeLong(offsets[block]);
            out.writeLong(beginnings[block]);
        }
    }

    /** Goes on from what another one has written. */
    void read(DataInputStream in) throws IOException {
        blockEntries = in.readLong();
        count = in.readInt();
        reserve(count);
        for (int block = 0; block < count; block++) {
            digests[block] = in.readLong();
            offsets[block] = in.readLong();
            beginnings[block] = in.readLong();
        }
    }
}
