package io.pacioli.ledger.projection.postgres;

import java.time.Duration;
import org.postgresql.Driver;

/**
 * Where the database is.
 *
 * @param url for JDBC, such as {@code jdbc:postgresql://localhost:5432/ledger}; the schema {@code ledger} is created there
 * @param username may create that schema, or owns it
 * @param password empty for none
 * @param readersMax most connections that queries use at a time, at least 1
 * @param connectTimeout how long a query waits for a connection at most, at least 250 ms
 */
public record PostgresSettings(String url, String username, String password, int readersMax, Duration connectTimeout) {
    private static final int READERS_MAX = 8;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration CONNECT_TIMEOUT_MIN = Duration.ofMillis(250);

    /** @throws IllegalArgumentException when the URL is not one for PostgreSQL or a number is out of its range */
    public PostgresSettings {
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new IllegalArgumentException("url must start with jdbc:postgresql: url=" + url);
        }
        if (readersMax < 1) {
            throw new IllegalArgumentException("must be at least 1: readersMax=" + readersMax);
        }
        if (connectTimeout.compareTo(CONNECT_TIMEOUT_MIN) < 0) {
            throw new IllegalArgumentException("must be at least 250 ms: connectTimeout=" + connectTimeout);
        }
    }

    /** Whether the driver could make anything of it; whether there is a server is another question. */
    public static boolean isUrl(String text) {
        return text.startsWith("jdbc:postgresql:") && Driver.parseURL(text, null) != null;
    }

    /** Eight readers, 3 s to connect. */
    public static PostgresSettings of(String url, String username, String password) {
        return new PostgresSettings(url, username, password, READERS_MAX, CONNECT_TIMEOUT);
    }

    /** The same database server, and another database. */
    PostgresSettings withUrl(String other) {
        return new PostgresSettings(other, username, password, readersMax, connectTimeout);
    }

    /** Everything but the password, which no log may show. */
    @Override
    public String toString() {
        return "PostgresSettings[url=" + url + ", username=" + username + "]";
    }
}
