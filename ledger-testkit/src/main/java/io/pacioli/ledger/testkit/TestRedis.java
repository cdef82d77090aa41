package io.pacioli.ledger.testkit;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A Redis server for tests.
 *
 * @param uri the address of the server, {@code redis://host:port}, and so of its database 0, which all tests share
 */
public record TestRedis(String uri) {
    /** Set on every server that the tests use. Database 0 is never handed out. */
    static final int DATABASES = 1024;

    private static final AtomicInteger LAST = new AtomicInteger();

    /**
     * The address of an empty numbered database. Publish and subscribe know no databases: channels are shared by all.
     *
     * @throws IllegalStateException when this JVM has used up all databases
     */
    public String freshDatabase() {
        int database = LAST.incrementAndGet();
        if (database >= DATABASES) {
            throw new IllegalStateException("no database left: databases=" + DATABASES);
        }
        return uri + "/" + database;
    }
}
