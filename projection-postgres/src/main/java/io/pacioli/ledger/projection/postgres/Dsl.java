package io.pacioli.ledger.projection.postgres;

import java.sql.Connection;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;

/** How this module speaks SQL. */
final class Dsl {
    static {
        // Both would print banners among the service's log lines.
        System.setProperty("org.jooq.no-logo", "true");
        System.setProperty("org.jooq.no-tips", "true");
    }

    private Dsl() {}

    /** Statements on a connection, in the transaction that it is in. */
    static DSLContext of(Connection connection) {
        return DSL.using(connection, SQLDialect.POSTGRES);
    }
}
