package io.pacioli.ledger.projection.postgres;

import io.pacioli.ledger.service.rebuild.RebuildException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The database that is built beside the one that queries read, on the same server: made, and made alike, before the swap, and taken
 * away. What an earlier rebuild has left is known by a comment and taken away first. Not thread safe.
 */
final class StagingDatabase implements AutoCloseable {
    private static final String NEXT = "_next";
    private static final String PREVIOUS = "_previous";
    private static final String MARK =
            "built by ledger rebuild, to take the place of another database or to be dropped";
    private static final String REPLACED = "replaced by ledger rebuild, to be dropped";
    private static final int NAME_BYTES_MAX = 63;

    /** Schemas of a database of a ledger's own; everything else would be lost with it. */
    private static final String OTHER_SCHEMAS = """
            SELECT nspname FROM pg_namespace
            WHERE nspname NOT IN ('ledger', 'ledger_detached', 'public', 'information_schema') AND nspname NOT LIKE 'pg\\_%'
            ORDER BY 1""";

    private static final String IN_PUBLIC = """
            SELECT relname FROM pg_class
            WHERE relnamespace = 'public'::regnamespace
              AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')
            ORDER BY 1 LIMIT 5""";

    private static final String RELATIONS = """
            SELECT relname FROM pg_class
            WHERE relnamespace = 'ledger'::regnamespace AND NOT relispartition AND relkind IN ('r', 'p', 'v', 'm') ORDER BY 1""";

    private static final String LIKE_IT = """
            SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING %L LOCALE_PROVIDER %s LC_COLLATE %L LC_CTYPE %L%s',
                          ?::text, pg_get_userbyid(datdba), pg_encoding_to_char(encoding),
                          CASE datlocprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END, datcollate, datctype,
                          CASE datlocprovider WHEN 'i' THEN format(' ICU_LOCALE %L', datlocale)
                                              WHEN 'b' THEN format(' BUILTIN_LOCALE %L', datlocale) ELSE '' END)
            FROM pg_database WHERE datname = ?""";

    /** Rights on the database itself; none for those that a new one has anyway. */
    private static final String DATABASE_GRANTS = """
            SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', ?::text)
            FROM pg_database WHERE datname = ? AND datacl IS NOT NULL
            UNION ALL
            SELECT format('GRANT %s ON DATABASE %I TO %s%s', privilege_type, ?::text,
                          CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END,
                          CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
            FROM pg_database, aclexplode(datacl) WHERE datname = ?""";

    /** A setting whose value is a list stands there as a statement takes it. */
    private static final String DATABASE_SETTINGS = """
            SELECT format(CASE setrole WHEN 0 THEN 'ALTER DATABASE %2$I SET %3$s TO %4$s'
                                       ELSE 'ALTER ROLE %1$I IN DATABASE %2$I SET %3$s TO %4$s' END,
                          pg_get_userbyid(setrole), ?::text, split_part(setting, '=', 1),
                          CASE WHEN split_part(setting, '=', 1) IN ('search_path', 'temp_tablespaces')
                               THEN substr(setting, strpos(setting, '=') + 1)
                               ELSE quote_literal(substr(setting, strpos(setting, '=') + 1)) END)
            FROM pg_db_role_setting JOIN pg_database ON pg_database.oid = setdatabase, unnest(setconfig) AS setting
            WHERE datname = ?""";

    private static final String SCHEMA_GRANTS = """
            SELECT format('GRANT %s ON %s TO %s%s', privilege_type, object,
                          CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END,
                          CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
            FROM (SELECT 'SCHEMA ledger' AS object, nspowner AS owner, nspacl AS acl FROM pg_namespace WHERE nspname = 'ledger'
                  UNION ALL
                  SELECT format('TABLE ledger.%I', relname), relowner, relacl FROM pg_class
                  WHERE relnamespace = 'ledger'::regnamespace AND NOT relispartition AND relkind IN ('r', 'p', 'v', 'm')
                  UNION ALL
                  SELECT format('FUNCTION %s', oid::regprocedure), proowner, proacl FROM pg_proc
                  WHERE pronamespace = 'ledger'::regnamespace) AS objects,
                 aclexplode(acl)
            WHERE grantee <> owner""";

    private final PostgresSettings live;
    private final String name;
    private final String next;
    private final String previous;
    private final PostgresSettings staged;
    private final Sql maintenance;
    private boolean isMade;

    private StagingDatabase(PostgresSettings live, PostgresSettings maintenance) {
        this.live = live;
        DatabaseUrl url = DatabaseUrl.parse(live.url());
        name = url.database();
        next = name + NEXT;
        previous = name + PREVIOUS;
        staged = live.withUrl(url.with(next).text());
        if (previous.getBytes(StandardCharsets.UTF_8).length > NAME_BYTES_MAX) {
            throw new RebuildException("the name of the database is too long to have others beside it: " + name);
        }
        this.maintenance = Sql.connect(maintenance);
    }

    /**
     * Connects, and looks whether everything is as it must be.
     *
     * @param live the database that queries read
     * @param maintenance another database of the server, to connect to meanwhile
     * @throws RebuildException when a right is missing, or the database holds what is not the ledger's
     */
    static StagingDatabase open(PostgresSettings live, String maintenance) {
        StagingDatabase database = new StagingDatabase(
                live,
                live.withUrl(DatabaseUrl.parse(live.url()).with(maintenance).text()));
        try {
            database.lock();
            database.checkRights();
            database.checkContent();
            return database;
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /** For as long as the connection lasts, which ends with the process. */
    private void lock() {
        if (!maintenance.isTrue("SELECT pg_try_advisory_lock(hashtextextended('ledger rebuild ' || ?, 0))", name)) {
            throw new RebuildException("another rebuild of the database " + name + " is under way");
        }
    }

    private void checkRights() {
        if (!maintenance.isTrue("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")) {
            throw new RebuildException("the user must be allowed to create databases: ALTER ROLE "
                    + Sql.quoted(live.username()) + " CREATEDB");
        }
        if (!maintenance.isTrue("SELECT pg_has_role(datdba, 'USAGE') FROM pg_database WHERE datname = ?", name)) {
            throw new RebuildException("the user must own the database to have it rebuilt: ALTER DATABASE "
                    + Sql.quoted(name) + " OWNER TO " + Sql.quoted(live.username()));
        }
        if (exists(previous) && REPLACED.equals(comment(previous))) {
            // A rebuild was killed when it had swapped.
            dropPrevious();
        } else if (exists(previous)) {
            throw new RebuildException("there is a database " + previous
                    + " that an earlier rebuild has kept: dump it if you need it, and drop it");
        }
    }

    private void checkContent() {
        try (Sql sql = Sql.connect(live)) {
            if (sql.isTrue("SELECT to_regclass('ledger.retention') IS NULL")) {
                throw new RebuildException("the database " + name
                        + " has no history of this version yet: ledger projection-postgres makes it by itself");
            }
            List<String> others = sql.texts(OTHER_SCHEMAS);
            others.addAll(sql.texts(IN_PUBLIC));
            if (!others.isEmpty()) {
                throw new RebuildException(
                        "the database " + name + " holds what is not the ledger's and would be lost: "
                                + String.join(", ", others) + "; give the ledger a database of its own");
            }
        }
    }

    private boolean exists(String database) {
        return maintenance.isTrue("SELECT EXISTS (SELECT FROM pg_database WHERE datname = ?)", database);
    }

    /** Makes it, empty, without what an earlier rebuild has left. */
    void make() {
        dropLeftover();
        maintenance.execute(Objects.requireNonNull(maintenance.text(LIKE_IT, next, name)));
        isMade = true;
        maintenance.execute("COMMENT ON DATABASE " + Sql.quoted(next) + " IS '" + MARK + "'");
    }

    /** An empty one without the mark is of a rebuild that was killed before it could put it there. */
    private void dropLeftover() {
        if (!exists(next)) {
            return;
        }
        if (maintenance.isTrue("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = ?)", next)) {
            throw new RebuildException(
                    "somebody is connected to the database " + next + ": another rebuild is under way");
        }
        String comment = comment(next);
        if (comment == null ? !isEmpty() : !comment.equals(MARK)) {
            throw new RebuildException(
                    "there is a database " + next + " that no rebuild has made: rename it or drop it");
        }
        drop(next);
    }

    private @Nullable String comment(String database) {
        return maintenance.text(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = ?", database);
    }

    private boolean isEmpty() {
        try (Sql sql = Sql.connect(staged)) {
            return sql.isTrue("SELECT NOT EXISTS (SELECT FROM pg_class WHERE oid >= 16384)");
        }
    }

    private void drop(String database) {
        maintenance.execute("DROP DATABASE IF EXISTS " + Sql.quoted(database) + " WITH (FORCE)");
    }

    /** Where what is built is. */
    PostgresSettings staged() {
        return staged;
    }

    /** Gives it the rights and settings of the other, once it has the schema. */
    void makeAlike() {
        for (String statement : maintenance.texts(DATABASE_GRANTS, next, name, next, name)) {
            maintenance.execute(statement);
        }
        for (String statement : maintenance.texts(DATABASE_SETTINGS, next, name)) {
            maintenance.execute(statement);
        }
        try (Sql from = Sql.connect(live);
                Sql to = Sql.connect(staged)) {
            TreeSet<String> others = new TreeSet<>(from.texts(RELATIONS));
            others.removeAll(to.texts(RELATIONS));
            if (!others.isEmpty()) {
                throw new RebuildException("the schema ledger holds what is not the ledger's and would be lost: "
                        + String.join(", ", others));
            }
            from.texts(SCHEMA_GRANTS).forEach(to::execute);
        }
    }

    /** Whether months have been detached from the live one and are still there: nothing else has them. */
    boolean hasDetachedMonths() {
        try (Sql sql = Sql.connect(live)) {
            return sql.isTrue("SELECT EXISTS (SELECT FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace"
                    + " WHERE nspname = 'ledger_detached')");
        }
    }

    /**
     * Lets it take the place of the other.
     *
     * @param holding a connection to the other, whose transaction keeps everybody from writing there; closed when nobody else is left
     * @param isKept whether the other one stays, under another name
     * @param steps hears how far it is
     */
    void swap(Sql holding, boolean isKept, Consumer<DatabaseSwap.Step> steps) {
        new DatabaseSwap(live, maintenance, name, next, previous, isKept ? null : REPLACED, steps).run(holding);
        isMade = false;
    }

    /** Takes away what was replaced. */
    void dropPrevious() {
        drop(previous);
    }

    /** The name of what was replaced. */
    String previous() {
        return previous;
    }

    /** Takes it away, unless it has taken the place of the other. */
    @Override
    public void close() {
        try (maintenance) {
            if (isMade) {
                drop(next);
            }
        }
    }
}
