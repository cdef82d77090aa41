package io.pacioli.ledger.processor;

import io.pacioli.ledger.api.state.KeyedHash;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Accounts as bytes in a bounded part of the heap, for those that are not kept decoded: as many bytes as the account and its id have and
 * some thirty more, and no objects, so that millions of them cost the garbage collector nothing. They stand in a ring, in which those give
 * way that came first. Not thread safe.
 */
final class PackedAccounts {
    /** What one account may take, in bytes; with a thousand assets it takes more, and is read from the store. */
    static final int ACCOUNT_BYTES_MAX = 1 << 15;

    /** Nobody can choose ids that crowd the index. */
    private static final KeyedHash HASH = new KeyedHash(new SecureRandom().nextLong());

    private static final int CHUNK_BITS = 18;
    private static final int CHUNK_BYTES = 1 << CHUNK_BITS;
    private static final int CHUNKS_MIN = 2;

    /** Before an account: the lengths of its id and of itself. */
    private static final int HEADER_BYTES = 2 * Short.BYTES;

    /** Accounts begin at multiples of that, so that 32 bits tell a place. */
    private static final int ALIGNMENT_BITS = 3;

    private static final int CHUNKS_MAX = 1 << (Integer.SIZE + ALIGNMENT_BITS - CHUNK_BITS - 1);
    private static final int INDEX_MIN = 1 << 10;

    /** Of the memory, for the index: one byte in that many. */
    private static final int INDEX_PART = 4;

    private final ToLongFunction<byte[]> hash;
    private final int chunksMax;
    private final int indexMax;

    /** The ring, made as it is needed; what stands from {@link #ends} on in a chunk is no account. */
    private byte[][] chunks = new byte[CHUNKS_MIN][];

    private int[] ends = new int[CHUNKS_MIN];
    private int chunkCount;
    private int writing = -1;

    /** The lower half of the hash, and in the lower half the place of the account and 1; 0 is free. */
    private long[] index = new long[INDEX_MIN];

    private int size;

    /**
     * @param bytesMax most memory to take, in bytes, but for a moment half as much again of the index (a quarter at most) when that grows;
     *     with less than two chunks of 256 KiB and their index, 0.7 MiB, nothing is kept
     */
    PackedAccounts(long bytesMax) {
        this(bytesMax, HASH::of);
    }

    /** @param hash of an id's UTF-8 */
    PackedAccounts(long bytesMax, ToLongFunction<byte[]> hash) {
        this.hash = hash;
        int fitting = (int) Math.min(CHUNKS_MAX, (bytesMax - bytesMax / INDEX_PART) / CHUNK_BYTES);
        chunksMax = fitting < CHUNKS_MIN ? 0 : fitting;
        indexMax = (int) Math.min(1 << 30, Long.highestOneBit(Math.max(INDEX_MIN, bytesMax / INDEX_PART / Long.BYTES)));
    }

    /** How many accounts are here. */
    int size() {
        return size;
    }

    /** Bytes of memory taken. */
    long bytes() {
        return (long) chunkCount * CHUNK_BYTES + (long) index.length * Long.BYTES;
    }

    /** Whether there is memory for any. */
    boolean keepsAny() {
        return chunksMax > 0;
    }

    /** The account as it was put last; null when it is not here. */
    byte @Nullable [] get(String id) {
        if (size == 0) {
            return null;
        }
        byte[] key = id.getBytes(StandardCharsets.UTF_8);
        long entry = index[slot(hash.applyAsLong(key), key)];
        if (entry == 0) {
            return null;
        }
        byte[] chunk = chunk(entry);
        int at = offset(entry);
        int from = at + HEADER_BYTES + lengthAt(chunk, at);
        return Arrays.copyOfRange(chunk, from, from + lengthAt(chunk, at + Short.BYTES));
    }

    /** Puts an account in place of what there may be of it: at the same place when it fits there. What is too large is not kept. */
    void put(String id, byte[] account) {
        if (chunksMax == 0) {
            return;
        }
        byte[] key = id.getBytes(StandardCharsets.UTF_8);
        long hashed = hash.applyAsLong(key);
        int slot = slot(hashed, key);
        boolean fits = account.length <= ACCOUNT_BYTES_MAX && key.length <= ACCOUNT_BYTES_MAX;
        if (index[slot] != 0) {
            byte[] chunk = chunk(index[slot]);
            int at = offset(index[slot]);
            if (fits && end(at, key.length, account.length) == end(chunk, at)) {
                write(chunk, at, key, account);
                return;
            }
            free(slot);
        }
        if (fits) {
            makeRoom(HEADER_BYTES + key.length + account.length);
            byte[] chunk = chunks[writing];
            int at = ends[writing];
            write(chunk, at, key, account);
            ends[writing] = end(at, key.length, account.length);
            index[slot(hashed, key)] = entry(hashed, place(writing, at));
            size++;
        }
    }

    /** Makes room for so many bytes in the chunk that is written, and for one more in the index. */
    private void makeRoom(int bytes) {
        if (writing < 0 || ends[writing] + bytes > CHUNK_BYTES) {
            nextChunk();
        }
        if (isCrowded()) {
            if (index.length < indexMax) {
                grow();
            }
            while (isCrowded()) {
                // What is in the ring fills the index already.
                beginAt(writing + 1 == chunkCount ? 0 : writing + 1);
            }
        }
    }

    /** Probes stay short while a third is free. */
    private boolean isCrowded() {
        return 3L * (size + 1) > 2L * index.length;
    }

    private void nextChunk() {
        int next = writing + 1 == chunksMax ? 0 : writing + 1;
        if (next == chunkCount) {
            if (chunkCount == chunks.length) {
                chunks = Arrays.copyOf(chunks, 2 * chunkCount);
                ends = Arrays.copyOf(ends, 2 * chunkCount);
            }
            chunks[next] = new byte[CHUNK_BYTES];
            chunkCount++;
        }
        beginAt(next);
    }

    /** Writes that chunk from its beginning. */
    private void beginAt(int chunk) {
        forget(chunk);
        ends[chunk] = 0;
        writing = chunk;
    }

    /** Frees the slots of what stands in a chunk, but for what stands elsewhere by now. */
    private void forget(int number) {
        byte[] chunk = chunks[number];
        for (int at = 0; at < ends[number]; at = end(chunk, at)) {
            int keyFrom = at + HEADER_BYTES;
            byte[] key = Arrays.copyOfRange(chunk, keyFrom, keyFrom + lengthAt(chunk, at));
            long entry = entry(hash.applyAsLong(key), place(number, at));
            int slot = home(entry);
            while (index[slot] != 0 && index[slot] != entry) {
                slot = next(slot);
            }
            free(slot);
        }
    }

    private static void write(byte[] chunk, int at, byte[] key, byte[] account) {
        lengthTo(chunk, at, key.length);
        lengthTo(chunk, at + Short.BYTES, account.length);
        System.arraycopy(key, 0, chunk, at + HEADER_BYTES, key.length);
        System.arraycopy(account, 0, chunk, at + HEADER_BYTES + key.length, account.length);
    }

    /** The slot that an id is in, or the free one where it belongs. */
    private int slot(long hashed, byte[] key) {
        int slot = home(entry(hashed, 0));
        while (index[slot] != 0 && !(isSameHash(index[slot], hashed) && isOf(index[slot], key))) {
            slot = next(slot);
        }
        return slot;
    }

    private boolean isOf(long entry, byte[] key) {
        byte[] chunk = chunk(entry);
        int at = offset(entry);
        int from = at + HEADER_BYTES;
        return lengthAt(chunk, at) == key.length && Arrays.equals(chunk, from, from + key.length, key, 0, key.length);
    }

    /** Frees a slot, unless it is free. Whatever was moved on because it was taken moves back, or it would not be found any more. */
    private void free(int slot) {
        if (index[slot] == 0) {
            return;
        }
        int mask = index.length - 1;
        int hole = slot;
        index[hole] = 0;
        size--;
        for (int moved = next(hole); index[moved] != 0; moved = next(moved)) {
            if (((moved - home(index[moved])) & mask) >= ((moved - hole) & mask)) {
                index[hole] = index[moved];
                index[moved] = 0;
                hole = moved;
            }
        }
    }

    private void grow() {
        long[] old = index;
        index = new long[2 * old.length];
        for (long entry : old) {
            if (entry != 0) {
                int slot = home(entry);
                while (index[slot] != 0) {
                    slot = next(slot);
                }
                index[slot] = entry;
            }
        }
    }

    private int next(int slot) {
        return (slot + 1) & (index.length - 1);
    }

    private int home(long entry) {
        return (int) (entry >>> Integer.SIZE) & (index.length - 1);
    }

    static long entry(long hashed, long place) {
        return hashed << Integer.SIZE | (place + 1);
    }

    private static boolean isSameHash(long entry, long hashed) {
        return (int) (entry >>> Integer.SIZE) == (int) hashed;
    }

    static long place(int chunk, int at) {
        return ((long) chunk << CHUNK_BITS | at) >>> ALIGNMENT_BITS;
    }

    static long location(long entry) {
        return ((entry & 0xffff_ffffL) - 1) << ALIGNMENT_BITS;
    }

    private byte[] chunk(long entry) {
        return chunks[(int) (location(entry) >>> CHUNK_BITS)];
    }

    private static int offset(long entry) {
        return (int) location(entry) & (CHUNK_BYTES - 1);
    }

    /** Where what begins there ends, and the next begins. */
    private static int end(byte[] chunk, int at) {
        return end(at, lengthAt(chunk, at), lengthAt(chunk, at + Short.BYTES));
    }

    private static int end(int at, int keyLength, int accountLength) {
        int alignment = 1 << ALIGNMENT_BITS;
        return (at + HEADER_BYTES + keyLength + accountLength + alignment - 1) & -alignment;
    }

    private static int lengthAt(byte[] chunk, int at) {
        return (chunk[at] & 0xff) << Byte.SIZE | (chunk[at + 1] & 0xff);
    }

    private static void lengthTo(byte[] chunk, int at, int length) {
        chunk[at] = (byte) (length >>> Byte.SIZE);
        chunk[at + 1] = (byte) length;
    }
}
