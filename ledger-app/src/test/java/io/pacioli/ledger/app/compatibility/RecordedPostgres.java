package io.pacioli.ledger.app.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;
import org.postgresql.PGConnection;

/**
 * The rows of a history, and which migrations had been run. Its tables are made by those migrations, which are never edited: that is
 * compared too.
 */
final class RecordedPostgres {
    private static final String TABLES =
            "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'ledger'::regnamespace"
                    + " AND c.relkind = 'r' AND c.relname <> 'flyway_schema_history' ORDER BY 1";
    private static final String PARTITIONS =
            "SELECT format('CREATE TABLE IF NOT EXISTS ledger.%I PARTITION OF ledger.%I %s', c.relname, p.relname,"
                    + " pg_get_expr(c.relpartbound, c.oid)) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
                    + " JOIN pg_class p ON p.oid = i.inhparent WHERE c.relispartition AND c.relkind = 'r'"
                    + " AND c.relnamespace = 'ledger'::regnamespace ORDER BY 1";
    private static final String MIGRATIONS = "SELECT version || ' ' || checksum FROM ledger.flyway_schema_history"
            + " WHERE version IS NOT NULL AND checksum IS NOT NULL ORDER BY installed_rank";
    private static final String END = "\\.";

    private RecordedPostgres() {}

    static void record(EmbeddedPostgres postgres, Path file) throws IOException, SQLException {
        StringWriter out = new StringWriter();
        try (Connection connection = connect(postgres)) {
            for (String migration : texts(connection, MIGRATIONS)) {
                out.append("MIGRATION ").append(migration).append('\n');
            }
            for (String partition : texts(connection, PARTITIONS)) {
                out.append(partition).append('\n');
            }
            for (String table : texts(connection, TABLES)) {
                out.append("COPY ").append(table).append('\n');
                connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyOut("COPY ledger.\"" + table + "\" TO STDOUT", out);
                out.append(END).append('\n');
            }
        }
        try (GZIPOutputStream zip = new GZIPOutputStream(Files.newOutputStream(file))) {
            zip.write(out.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    static void restore(EmbeddedPostgres postgres, Path file) throws IOException, SQLException {
        List<String> lines;
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            lines = reader.lines().toList();
        }
        List<String> migrations = lines.stream()
                .filter(line -> line.startsWith("MIGRATION "))
                .map(line -> line.substring("MIGRATION ".length()))
                .toList();
        migrate(postgres, migrations.getLast().split(" ", 2)[0]);
        try (Connection connection = connect(postgres);
                Statement statement = connection.createStatement()) {
            assertThat(texts(connection, MIGRATIONS)).isEqualTo(migrations);
            connection.setAutoCommit(false);
            statement.execute("SET session_replication_role = replica");
            for (int i = migrations.size(); i < lines.size(); i++) {
                String line = lines.get(i);
                if (line.startsWith("COPY ")) {
                    int end = lines.subList(i, lines.size()).indexOf(END) + i;
                    String table = "ledger.\"" + line.substring("COPY ".length()) + "\"";
                    // A migration may have put rows there already.
                    statement.execute("DELETE FROM " + table);
                    String rows = String.join("\n", lines.subList(i + 1, end)) + (end > i + 1 ? "\n" : "");
                    connection
                            .unwrap(PGConnection.class)
                            .getCopyAPI()
                            .copyIn("COPY " + table + " FROM STDIN", new StringReader(rows));
                    i = end;
                } else {
                    statement.execute(line);
                }
            }
            connection.commit();
        }
    }

    private static void migrate(EmbeddedPostgres postgres, String version) {
        FluentConfiguration configuration = Flyway.configure()
                .dataSource(postgres.jdbcUrl(), postgres.username(), postgres.password())
                .defaultSchema("ledger")
                .locations("classpath:db/migration")
                .target(version);
        configuration
                .getConfigurationExtension(PostgreSQLConfigurationExtension.class)
                .setTransactionalLock(false);
        configuration.load().migrate();
    }

    private static Connection connect(EmbeddedPostgres postgres) throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(), postgres.username(), postgres.password());
    }

    private static List<String> texts(Connection connection, String query) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }
}
