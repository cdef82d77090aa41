package io.pacioli.ledger.audit;

import io.pacioli.ledger.core.Memory;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Values by the hash of their id, each until its {@link Memory} ends: what a replay must remember of things that are over. Costs as many
 * bytes as the value has and about thirty more, and no objects.
 *
 * <p>Values stand in a log in the order in which they came, which is about the order in which their memories end, and are given up from
 * its old end on. One that is put again is a new one at the new end. Not thread safe.
 */
final class FadingTable {
    /** Hears of values. */
    interface Visitor {
        void visit(long hash, long untilMillis, long untilSequence, byte[] value) throws IOException;
    }

    private static final int CHUNK_BITS = 18;
    private static final int CHUNK_BYTES = 1 << CHUNK_BITS;
    private static final int LOCATION_BITS = 40;
    private static final long LOCATION_MASK = (1L << LOCATION_BITS) - 1;
    private static final int INDEX_MIN = 1 << 10;

    /** Most bytes of a value: three ids and an amount fit many times. */
    private static final int VALUE_BYTES_MAX = CHUNK_BYTES / 4;

    private final ArrayDeque<byte[]> spare = new ArrayDeque<>();
    private byte[][] chunks = new byte[4][];
    private int[] used = new int[4];

    /** Number of the chunk that is the first in {@link #chunks}, as chunks are counted from the beginning. */
    private long firstChunk;

    private int chunkCount;
    private int tail;
    private long[] index = new long[INDEX_MIN];
    private int size;

    /** Where the last value that was read ends its header. */
    private int valueFrom;

    private int valueLength;
    private long valueUntilMillis;
    private long valueUntilSequence;

    /** How many values there are. */
    int size() {
        return size;
    }

    /** Bytes of memory taken. */
    long bytes() {
        return (long) (chunkCount + spare.size()) * CHUNK_BYTES + 8L * index.length;
    }

    /** Puts a value in place of the one that there may be. */
    void put(long hash, Memory memory, byte[] value) {
        put(hash, memory.untilMillis(), memory.untilSequence(), value);
    }

    void put(long hash, long untilMillis, long untilSequence, byte[] value) {
        if (value.length > VALUE_BYTES_MAX) {
            throw new IllegalArgumentException("must be at most " + VALUE_BYTES_MAX + " bytes: " + value.length);
        }
        long location = append(hash, untilMillis, untilSequence, value);
        int slot = slot(hash);
        if (index[slot] == 0) {
            size++;
        }
        index[slot] = entry(hash, location);
        if (size * 3L > index.length * 2L) {
            grow();
        }
    }

    /** The value, or null when there is none; its memory is told by {@link #memory} until the next call. */
    byte @Nullable [] get(long hash) {
        long entry = index[slot(hash)];
        if (entry == 0) {
            return null;
        }
        long location = (entry & LOCATION_MASK) - 1;
        byte[] chunk = chunk(location);
        read(chunk, offset(location));
        return Arrays.copyOfRange(chunk, valueFrom, valueFrom + valueLength);
    }

    /** Until when the value that {@link #get} gave is remembered. */
    Memory memory() {
        return new Memory(valueUntilMillis, valueUntilSequence);
    }

    /** Gives up the oldest values as long as they are not remembered at that sequence and time. */
    void forget(long lastSequence, long nowMillis) {
        while (chunkCount > 0) {
            if (tail == used[0]) {
                if (chunkCount == 1) {
                    return;
                }
                dropChunk();
                continue;
            }
            byte[] chunk = chunks[0];
            read(chunk, tail);
            if (nowMillis <= valueUntilMillis && lastSequence <= valueUntilSequence) {
                return;
            }
            remove(hashAt(chunk, tail), (firstChunk << CHUNK_BITS) + tail);
            tail = valueFrom + valueLength;
        }
    }

    /** Hands over all values, the oldest first. */
    void forEach(Visitor visitor) throws IOException {
        for (int i = 0; i < chunkCount; i++) {
            int at = i == 0 ? tail : 0;
            while (at < used[i]) {
                byte[] chunk = chunks[i];
                read(chunk, at);
                int next = valueFrom + valueLength;
                long hash = hashAt(chunk, at);
                long location = ((firstChunk + i) << CHUNK_BITS) + at;
                if (index[slot(hash)] == entry(hash, location)) {
                    byte[] value = Arrays.copyOfRange(chunk, valueFrom, next);
                    visitor.visit(hash, valueUntilMillis, valueUntilSequence, value);
                }
                at = next;
            }
        }
    }

    private long append(long hash, long untilMillis, long untilSequence, byte[] value) {
        int most = Long.BYTES + 3 * 10 + value.length;
        if (chunkCount == 0 || used[chunkCount - 1] + most > CHUNK_BYTES) {
            addChunk();
        }
        int last = chunkCount - 1;
        byte[] chunk = chunks[last];
        int at = used[last];
        long location = ((firstChunk + last) << CHUNK_BITS) + at;
        for (int i = 0; i < Long.BYTES; i++) {
            chunk[at++] = (byte) (hash >>> (8 * i));
        }
        at = writeNumber(chunk, at, value.length);
        at = writeNumber(chunk, at, untilMillis);
        at = writeNumber(chunk, at, untilSequence);
        System.arraycopy(value, 0, chunk, at, value.length);
        used[last] = at + value.length;
        return location;
    }

    private void addChunk() {
        if (chunkCount == chunks.length) {
            chunks = Arrays.copyOf(chunks, 2 * chunkCount);
            used = Arrays.copyOf(used, 2 * chunkCount);
        }
        byte[] recycled = spare.poll();
        chunks[chunkCount] = recycled == null ? new byte[CHUNK_BYTES] : recycled;
        used[chunkCount] = 0;
        chunkCount++;
    }

    private void dropChunk() {
        if (spare.isEmpty()) {
            spare.add(chunks[0]);
        }
        chunkCount--;
        System.arraycopy(chunks, 1, chunks, 0, chunkCount);
        System.arraycopy(used, 1, used, 0, chunkCount);
        firstChunk++;
        tail = 0;
    }

    /** The slot that a hash is in, or the free one where it belongs. */
    private int slot(long hash) {
        int mask = index.length - 1;
        int slot = (int) hash & mask;
        long tag = hash >>> LOCATION_BITS;
        while (index[slot] != 0) {
            if (index[slot] >>> LOCATION_BITS == tag) {
                long location = (index[slot] & LOCATION_MASK) - 1;
                if (hashAt(chunk(location), offset(location)) == hash) {
                    return slot;
                }
            }
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    /** Removes a hash unless a later value is there for it by now. */
    private void remove(long hash, long location) {
        int hole = slot(hash);
        if (index[hole] != entry(hash, location)) {
            return;
        }
        size--;
        int mask = index.length - 1;
        index[hole] = 0;
        // Whatever was moved on because the hole was taken moves back, or it would not be found any more.
        for (int slot = (hole + 1) & mask; index[slot] != 0; slot = (slot + 1) & mask) {
            long place = (index[slot] & LOCATION_MASK) - 1;
            int home = (int) hashAt(chunk(place), offset(place)) & mask;
            if (((slot - home) & mask) >= ((slot - hole) & mask)) {
                index[hole] = index[slot];
                index[slot] = 0;
                hole = slot;
            }
        }
    }

    private void grow() {
        long[] old = index;
        index = new long[2 * old.length];
        int mask = index.length - 1;
        for (long entry : old) {
            if (entry != 0) {
                long location = (entry & LOCATION_MASK) - 1;
                int slot = (int) hashAt(chunk(location), offset(location)) & mask;
                while (index[slot] != 0) {
                    slot = (slot + 1) & mask;
                }
                index[slot] = entry;
            }
        }
    }

    private static long entry(long hash, long location) {
        return ((hash >>> LOCATION_BITS) << LOCATION_BITS) | (location + 1);
    }

    private byte[] chunk(long location) {
        return chunks[(int) ((location >>> CHUNK_BITS) - firstChunk)];
    }

    private static int offset(long location) {
        return (int) location & (CHUNK_BYTES - 1);
    }

    private void read(byte[] chunk, int at) {
        valueFrom = at + Long.BYTES;
        valueLength = (int) readNumber(chunk);
        valueUntilMillis = readNumber(chunk);
        valueUntilSequence = readNumber(chunk);
    }

    private long readNumber(byte[] chunk) {
        long number = 0;
        for (int shift = 0; ; shift += 7) {
            byte b = chunk[valueFrom++];
            number |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return number;
            }
        }
    }

    private static int writeNumber(byte[] chunk, int from, long number) {
        int at = from;
        long rest = number;
        while ((rest & ~0x7fL) != 0) {
            chunk[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        chunk[at++] = (byte) rest;
        return at;
    }

    private static long hashAt(byte[] chunk, int at) {
        long hash = 0;
        for (int i = Long.BYTES - 1; i >= 0; i--) {
            hash = hash << 8 | (chunk[at + i] & 0xff);
        }
        return hash;
    }
}
