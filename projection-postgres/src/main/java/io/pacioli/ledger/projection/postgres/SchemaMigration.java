package io.pacioli.ledger.projection.postgres;

import java.util.Arrays;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;
import org.jooq.exception.DataAccessException;

/**
 * Brings the schema up to date by the migrations, which are its only source. Does nothing when it is; of several instances at the
 * same time, one migrates and the others wait.
 */
final class SchemaMigration implements Runnable {
    /** The schema that everything is in, the record of migrations included: dropping it makes a fresh start. */
    static final String SCHEMA = "ledger";

    private final DataSource dataSource;

    /** @param dataSource of connections without a limit to how long a statement may take */
    SchemaMigration(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Runs once at a time, whoever calls it.
     *
     * @throws DataAccessException when the store cannot be migrated now
     */
    @Override
    public synchronized void run() {
        try {
            migrate(configuration());
        } catch (FlywayException e) {
            throw new DataAccessException("cannot migrate", e);
        }
    }

    /** How migrations are found and run, for those who want other ones of them to be run. */
    FluentConfiguration configuration() {
        FluentConfiguration configuration = Flyway.configure(SchemaMigration.class.getClassLoader())
                .dataSource(dataSource)
                .defaultSchema(SCHEMA)
                .locations("classpath:db/migration");
        // Otherwise an index that is built concurrently waits for the transaction in which Flyway has its lock, for
        // ever.
        configuration
                .getConfigurationExtension(PostgreSQLConfigurationExtension.class)
                .setTransactionalLock(false);
        return configuration;
    }

    /** A migration that is no transaction and failed is recorded as such, and may be run again. */
    private static void migrate(FluentConfiguration configuration) {
        Flyway flyway = configuration.load();
        if (Arrays.stream(flyway.info().all())
                .anyMatch(migration -> migration.getState().isFailed())) {
            flyway.repair();
        }
        flyway.migrate();
    }
}
