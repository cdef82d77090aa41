package io.pacioli.ledger.projection.postgres;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jooq.exception.DataAccessException;

/**
 * Brings the schema up to date by the migrations, which are its only source. Does nothing when it is; of several instances at the
 * same time, one migrates and the others wait.
 */
final class SchemaMigration implements Runnable {
    /** The schema that everything is in, the record of migrations included: dropping it makes a fresh start. */
    static final String SCHEMA = "ledger";

    private final DataSource dataSource;

    SchemaMigration(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** @throws DataAccessException when the store cannot be migrated now */
    @Override
    public void run() {
        try {
            Flyway.configure(SchemaMigration.class.getClassLoader())
                    .dataSource(dataSource)
                    .defaultSchema(SCHEMA)
                    .locations("classpath:db/migration")
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new DataAccessException("cannot migrate", e);
        }
    }
}
