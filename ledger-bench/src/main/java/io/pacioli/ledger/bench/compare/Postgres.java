package io.pacioli.ledger.bench.compare;

import io.pacioli.ledger.bench.BenchWorkload;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.embedded.EmbeddedPostgres;
import io.pacioli.ledger.embedded.ServerConfig;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * PostgreSQL alone: a table of accounts with their balances, and one row of history for each transfer, whose id is unique. The server has
 * the settings of the ledger's own, but for when it answers.
 *
 * @param way how a transfer is made
 * @param connections how many clients there are, each with a connection and a thread of its own
 * @param commit when the server answers
 */
record Postgres(Way way, int connections, Commit commit) implements Contender {
    /**
     * The tables. Texts compare bytewise and pages have room for updates, as in the ledger's own tables; the history has no index but
     * the one that its ids need.
     */
    private static final String TABLES = """
            CREATE TABLE accounts (
                account text COLLATE "C" PRIMARY KEY,
                balance bigint NOT NULL CHECK (balance >= 0)
            ) WITH (fillfactor = 60);
            CREATE TABLE transfers (
                id     uuid PRIMARY KEY,
                payer  text COLLATE "C" NOT NULL,
                payee  text COLLATE "C" NOT NULL,
                amount bigint NOT NULL CHECK (amount > 0),
                at     timestamptz NOT NULL DEFAULT now()
            );
            """;

    private static final List<String> SETTINGS = List.of(
            "server_version",
            "fsync",
            "synchronous_commit",
            "full_page_writes",
            "shared_buffers",
            "max_wal_size",
            "checkpoint_timeout",
            "default_transaction_isolation");

    /** How a transfer is made. */
    enum Way {
        /** The client locks both rows and checks, see {@link PostgresRows}. */
        ROWS("row locks"),
        /** The server does, in one call, see {@link PostgresFunction}. */
        FUNCTION("function");

        private final String label;

        Way(String label) {
            this.label = label;
        }

        private BlockingClients.Client client(Connection connection) throws SQLException {
            return switch (this) {
                case ROWS -> new PostgresRows(connection);
                case FUNCTION -> new PostgresFunction(connection);
            };
        }
    }

    /** When the server answers. */
    enum Commit {
        /** Once the transfer is on disk. */
        ON("on"),
        /** Before: a crash of the machine or the server loses the last of them. */
        OFF("off");

        private final String setting;

        Commit(String setting) {
            this.setting = setting;
        }

        private ServerConfig config() {
            return ServerConfig.fresh().withSetting("synchronous_commit", setting);
        }
    }

    @Override
    public String name() {
        String name = "PostgreSQL, " + way.label + ", " + connections + " connections";
        return commit == Commit.ON ? name : name + ", synchronous_commit off";
    }

    @Override
    public boolean isPaced() {
        return true;
    }

    @Override
    public Started start(int accounts) {
        try {
            return new Server(way, connections, commit.config(), accounts);
        } catch (SQLException e) {
            throw new IllegalStateException(name() + " could not be prepared", e);
        }
    }

    /** The server with its clients. */
    private static final class Server implements Started {
        private final EmbeddedPostgres postgres;
        private final Connection connection;
        private final List<Connection> connections = new ArrayList<>();
        private final List<BlockingClients.Client> clients = new ArrayList<>();

        Server(Way way, int count, ServerConfig config, int accounts) throws SQLException {
            postgres = EmbeddedPostgres.start(config);
            connection = connect();
            try (Statement statement = connection.createStatement()) {
                statement.execute(TABLES);
                statement.execute(PostgresFunction.DEFINITION);
                // The names are those of BenchWorkload.account.
                statement.execute("INSERT INTO accounts SELECT 'account-' || number, " + BenchWorkload.FUNDS
                        + " FROM generate_series(0, " + (accounts - 1) + ") AS number");
                statement.execute("VACUUM ANALYZE accounts");
            }
            for (int i = 0; i < count; i++) {
                Connection own = connect();
                connections.add(own);
                clients.add(way.client(own));
            }
        }

        private Connection connect() throws SQLException {
            return DriverManager.getConnection(postgres.jdbcUrl(), postgres.username(), postgres.password());
        }

        @Override
        public SequencedMap<String, String> settings() {
            SequencedMap<String, String> settings = new LinkedHashMap<>();
            try (Statement statement = connection.createStatement()) {
                for (String name : SETTINGS) {
                    try (ResultSet result = statement.executeQuery("SHOW " + name)) {
                        result.next();
                        settings.put(name, result.getString(1));
                    }
                }
                settings.put("connections", Integer.toString(clients.size()));
                settings.put(
                        "client",
                        connection.getMetaData().getDriverName() + " "
                                + connection.getMetaData().getDriverVersion()
                                + ", prepared statements, a thread for each connection");
                return settings;
            } catch (SQLException e) {
                throw new IllegalStateException("PostgreSQL does not tell its settings", e);
            }
        }

        @Override
        public boolean transfer(Command.Transfer transfer) {
            return BlockingClients.transfer(clients.getFirst(), transfer);
        }

        @Override
        public Run run(Load load, Duration duration) {
            long start = System.nanoTime();
            Counts counts = BlockingClients.run(clients, load, duration);
            return Run.answered(counts, (System.nanoTime() - start) / 1e9);
        }

        @Override
        public Paced paced(Load load, int rate, int seconds) {
            return BlockingClients.paced(clients, load, rate, seconds);
        }

        @Override
        public Books books() {
            try (Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery(
                            "SELECT (SELECT count(*) FROM transfers), (SELECT sum(balance) FROM accounts)")) {
                result.next();
                return new Books(result.getLong(1), result.getLong(2));
            } catch (SQLException e) {
                throw new IllegalStateException("PostgreSQL does not tell its books", e);
            }
        }

        @Override
        public void close() {
            try {
                for (Connection own : connections) {
                    own.close();
                }
                connection.close();
            } catch (SQLException e) {
                throw new IllegalStateException("cannot disconnect from PostgreSQL", e);
            } finally {
                postgres.close();
            }
        }
    }
}
