package io.pacioli.ledger.app;

import java.security.SecureRandom;
import java.util.UUID;

/** Ids for commands: UUIDs of version 7 (RFC 9562), which sort by the time of their making. Thread safe. */
public final class CommandIds {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int TIME_SHIFT = 16;
    private static final long VERSION_7 = 0x7000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;

    private CommandIds() {}

    /** A new id, such as {@code 019a2b3c-...}. */
    public static String next() {
        long high = System.currentTimeMillis() << TIME_SHIFT | VERSION_7 | RANDOM.nextInt(1 << 12);
        long low = VARIANT | RANDOM.nextLong() >>> 2;
        return new UUID(high, low).toString();
    }
}
