package io.pacioli.ledger.testkit;

import java.util.concurrent.atomic.AtomicInteger;

/** Names that no other test uses, in this JVM or in another one on the same services. */
final class FreshNames {
    private static final AtomicInteger LAST = new AtomicInteger();
    private static final String RUN = Long.toString(ProcessHandle.current().pid(), Character.MAX_RADIX)
            + Long.toString(System.nanoTime() & 0xFFFFFF, Character.MAX_RADIX);

    private FreshNames() {}

    /** Lower-case letters, digits and the separator: good for topics and databases. */
    static String next(String prefix, String separator) {
        return prefix + LAST.incrementAndGet() + separator + RUN;
    }
}
