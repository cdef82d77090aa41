package io.pacioli.ledger.projection.postgres;

import java.util.ArrayList;
import java.util.List;

/**
 * The indexes and keys of the tables that are only appended to, taken away while a database is filled and made again from what is there
 * then: sorting once is far cheaper than finding the place of each row. Nobody reads the database meanwhile.
 */
final class LoadIndexes {
    private static final String MEMORY = "SET maintenance_work_mem = '128MB'";

    private static final String CONSTRAINTS = """
            SELECT format('ALTER TABLE ledger.%1$I DROP CONSTRAINT %2$I', relname, conname),
                   format('ALTER TABLE ledger.%1$I ADD CONSTRAINT %2$I %3$s', relname, conname, pg_get_constraintdef(pg_constraint.oid))
            FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
            WHERE relnamespace = 'ledger'::regnamespace AND relkind = 'p' AND contype = 'p' ORDER BY 1""";

    /** Their definitions are those of the parents alone: without ONLY the partitions get theirs too. */
    private static final String INDEXES = """
            SELECT format('DROP INDEX ledger.%I', index.relname), replace(pg_get_indexdef(index.oid), ' ON ONLY ', ' ON ')
            FROM pg_index JOIN pg_class AS index ON index.oid = indexrelid JOIN pg_class AS parent ON parent.oid = indrelid
            WHERE parent.relnamespace = 'ledger'::regnamespace AND parent.relkind = 'p' AND NOT indisprimary ORDER BY 1""";

    /** What is said about them goes with them. */
    private static final String COMMENTS = """
            SELECT format('COMMENT ON INDEX ledger.%I IS %L', index.relname, obj_description(index.oid))
            FROM pg_index JOIN pg_class AS index ON index.oid = indexrelid JOIN pg_class AS parent ON parent.oid = indrelid
            WHERE parent.relnamespace = 'ledger'::regnamespace AND parent.relkind = 'p' AND obj_description(index.oid) IS NOT NULL""";

    private final List<String> statements;

    private LoadIndexes(List<String> statements) {
        this.statements = statements;
    }

    /** Takes them away. */
    static LoadIndexes drop(Sql sql) {
        List<String> drops = new ArrayList<>();
        List<String> made = new ArrayList<>();
        sql.query(CONSTRAINTS, row -> {
            drops.add(row.getString(1));
            made.add(row.getString(2));
        });
        sql.query(INDEXES, row -> {
            drops.add(row.getString(1));
            made.add(row.getString(2));
        });
        made.addAll(sql.texts(COMMENTS));
        drops.forEach(sql::execute);
        return new LoadIndexes(made);
    }

    /** Makes them again. */
    void make(Sql sql) {
        sql.execute(MEMORY);
        statements.forEach(sql::execute);
    }
}
