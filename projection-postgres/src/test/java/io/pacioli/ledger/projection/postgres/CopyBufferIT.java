package io.pacioli.ledger.projection.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pacioli.ledger.core.Amount;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** What the server makes of the bytes. */
class CopyBufferIT {
    private static final List<BigInteger> NUMBERS = Stream.of(
                    "0",
                    "1",
                    "-1",
                    "9999",
                    "10000",
                    "-10000",
                    "100000000",
                    "10001",
                    "123456789012345678",
                    "9223372036854775807",
                    "-9223372036854775808",
                    "9223372036854775808",
                    "-9223372036854775809",
                    "10000000000000000000000000000000000000",
                    Amount.MAX.toString(),
                    "-" + Amount.MAX)
            .map(BigInteger::new)
            .toList();

    @Test
    void numbersComeBackExactly() throws Exception {
        CopyBuffer rows = new CopyBuffer();
        NUMBERS.forEach(number -> rows.row(2).text(number.toString()).numeric(number));
        try (Database database = Database.migrated();
                Connection connection = database.writing().getConnection()) {
            Dsl.of(connection).execute("CREATE TABLE ledger.numbers (digits text, number numeric(38, 0))");
            rows.copyInto(connection, "COPY ledger.numbers FROM STDIN (FORMAT binary)");
            assertThat(
                            database.fetch(
                                    "SELECT digits FROM ledger.numbers WHERE number = digits::numeric AND number::text = digits"))
                    .hasSize(NUMBERS.size());
        }
    }

    @Test
    void everyOtherTypeComesBack() throws Exception {
        byte[] json = "..{\"a\": \"\\t🦊\"}..".getBytes(StandardCharsets.UTF_8);
        CopyBuffer rows = new CopyBuffer();
        for (int i = 0; i < 5_000; i++) {
            rows.row(8)
                    .bool(i % 2 == 0)
                    .integer(-i)
                    .bigint(Long.MIN_VALUE + i)
                    .timestamp(1_795_428_930_123L)
                    .text("tab\t newline\n backslash\\ quote\" 🦊")
                    .text(null)
                    .bytea(new byte[] {0, -1, 9})
                    .jsonb(json, 2, json.length - 4);
        }
        try (Database database = Database.migrated();
                Connection connection = database.writing().getConnection()) {
            Dsl.of(connection)
                    .execute(
                            "CREATE TABLE ledger.other (b boolean, i integer, l bigint, t timestamptz, s text, n text, y bytea, j jsonb)");
            rows.copyInto(connection, "COPY ledger.other FROM STDIN (FORMAT binary)");
            assertThat(database.fetch("SELECT count(*) FROM ledger.other WHERE b = (i % 2 = 0)"
                                    + " AND l = -9223372036854775808 - i AND t = '2026-11-23T10:15:30.123Z'"
                                    + " AND s = E'tab\\t newline\\n backslash\\\\ quote\" 🦊' AND n IS NULL"
                                    + " AND y = '\\x00ff09' AND j ->> 'a' = E'\\t🦊'")
                            .getFirst()
                            .get(0))
                    .isEqualTo(5_000L);
        }
    }

    /** The server is gone before the first byte is sent, or while all are: the next try sends what this one would have. */
    @Test
    void rowsThatCouldNotBeSentAreSentByTheNextTry() throws Exception {
        CopyBuffer rows = new CopyBuffer();
        rows.row(1).integer(1);
        try (Database database = Database.migrated();
                Connection connection = database.writing().getConnection()) {
            Dsl.of(connection).execute("CREATE TABLE ledger.ones (one integer)");
            String copy = "COPY ledger.ones FROM STDIN (FORMAT binary)";
            try (Connection broken = database.writing().getConnection()) {
                int backend = broken.unwrap(PGConnection.class).getBackendPID();
                Dsl.of(connection).execute("SELECT pg_terminate_backend(" + backend + ", 10000)");
                assertThatThrownBy(() -> rows.copyInto(broken, copy)).isInstanceOf(SQLException.class);
            }
            assertThatThrownBy(() -> rows.copyInto(connection, "COPY ledger.absent FROM STDIN (FORMAT binary)"))
                    .isInstanceOf(SQLException.class);

            rows.copyInto(connection, copy);

            assertThat(Dsl.of(connection).fetch("SELECT one FROM ledger.ones")).hasSize(1);
        }
    }
}
