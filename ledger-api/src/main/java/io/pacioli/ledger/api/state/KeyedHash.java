package io.pacioli.ledger.api.state;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * A hash of 64 bits under a secret key, so that nobody can make up texts that are taken for one, or that crowd a table. Built from folded
 * 128-bit products, as wyhash is. Immutable.
 */
public final class KeyedHash {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long seed;
    private final long first;
    private final long second;

    /** @param seed the key: random, and not known to those whose texts are hashed */
    public KeyedHash(long seed) {
        this.seed = seed;
        SplittableRandom keys = new SplittableRandom(seed);
        first = keys.nextLong();
        second = keys.nextLong() | 1;
    }

    /** The key. */
    public long seed() {
        return seed;
    }

    /** The hash of a text, as UTF-8. */
    public long of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The hash of bytes. */
    public long of(byte[] bytes) {
        long hash = second;
        int at = 0;
        for (; at + 16 <= bytes.length; at += 16) {
            hash = fold((long) LONG.get(bytes, at) ^ first, (long) LONG.get(bytes, at + 8) ^ hash);
        }
        long low = rest(bytes, at);
        long high = rest(bytes, at + 8);
        return fold(fold(low ^ first, high ^ hash) ^ second, bytes.length ^ first);
    }

    /** Two hashes as one; not the same in the other order. */
    public long of(long one, long other) {
        return fold(one ^ first, other ^ second);
    }

    private static long rest(byte[] bytes, int from) {
        long rest = 0;
        for (int i = Math.min(bytes.length, from + 8) - 1; i >= from; i--) {
            rest = rest << 8 | (bytes[i] & 0xff);
        }
        return rest;
    }

    private static long fold(long one, long other) {
        return one * other ^ Math.unsignedMultiplyHigh(one, other);
    }
}
