package io.pacioli.ledger.projection.postgres;

import io.pacioli.ledger.service.rebuild.RebuildException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Renames two databases in one transaction, so that whatever stops it, the name leads to the one or the other.
 *
 * <p>While the transaction waits for the database to be left, the server lets nobody in: who wants to connect waits, and is sent away
 * when the names have changed, to try again. Idle sessions are ended at once, and those that wait for the holder
 * of the lock; those in a statement after a while. Only then does the
 * holder of the lock leave, so nothing is written to the old database after the last look at it.
 */
final class DatabaseSwap {
    /** How long statements may take to end by themselves: less than the five seconds for which the server waits. */
    private static final Duration STATEMENTS_MAX = Duration.ofMillis(1_500);

    private static final Duration LEAVING_MAX = Duration.ofSeconds(4);
    private static final long PAUSE_MILLIS = 10;

    private static final String LOCKED = """
            SELECT EXISTS (SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = objid
                           WHERE locktype = 'object' AND classid = 'pg_database'::regclass AND datname = ?
                             AND mode = 'AccessExclusiveLock' AND granted)""";

    private static final String END = """
            SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
            WHERE datname = ? AND pid <> ? AND backend_type = 'client backend'
              AND (? OR state = 'idle' OR ? = ANY (pg_blocking_pids(pid)))
              AND (pg_has_role(usesysid, 'USAGE') OR pg_has_role('pg_signal_backend', 'USAGE'))""";

    private static final String OTHERS = """
            SELECT coalesce(usename, '') || ' ' || application_name FROM pg_stat_activity
            WHERE datname = ? AND pid <> ? AND backend_type = 'client backend'""";

    /** How far it is. */
    enum Step {
        /** Nobody can write to the old one any more. */
        HELD,
        /** The name leads nowhere, which nobody sees. */
        RENAMED,
        /** The name leads to the new one. */
        SWAPPED
    }

    private final PostgresSettings live;
    private final Sql maintenance;
    private final String name;
    private final String next;
    private final String previous;
    private final @Nullable String remark;
    private final Consumer<Step> steps;

    /**
     * @param maintenance a connection to another database
     * @param name what leads to the old one now and to the new one then
     * @param next what leads to the new one now
     * @param previous what leads to the old one then
     * @param remark is said of the old one then; null for nothing
     * @param steps hears how far it is
     */
    DatabaseSwap(
            PostgresSettings live,
            Sql maintenance,
            String name,
            String next,
            String previous,
            @Nullable String remark,
            Consumer<Step> steps) {
        this.live = live;
        this.maintenance = maintenance;
        this.name = name;
        this.next = next;
        this.previous = previous;
        this.remark = remark;
        this.steps = steps;
    }

    /**
     * Swaps, or throws and has changed nothing but that sessions have ended.
     *
     * @param holding a connection to the old one that nobody can write beside; closed when it is the last one
     */
    void run(Sql holding) {
        steps.accept(Step.HELD);
        int pid = Integer.parseInt(Objects.requireNonNull(holding.text("SELECT pg_backend_pid()")));
        String other = Objects.requireNonNull(maintenance.text("SELECT current_database()"));
        try (Sql renaming = Sql.connect(
                live.withUrl(DatabaseUrl.parse(live.url()).with(other).text()))) {
            renaming.begin();
            CompletableFuture<Void> renamed = CompletableFuture.runAsync(
                    () -> renaming.execute(rename(name, previous)), Thread.ofVirtual()::start);
            empty(pid, renamed);
            holding.close();
            await(renamed);
            steps.accept(Step.RENAMED);
            renaming.execute(rename(next, name));
            renaming.execute("COMMENT ON DATABASE " + Sql.quoted(name) + " IS NULL");
            if (remark != null) {
                renaming.execute("COMMENT ON DATABASE " + Sql.quoted(previous) + " IS '" + remark + "'");
            }
            renaming.commit();
            steps.accept(Step.SWAPPED);
        }
    }

    private static String rename(String from, String to) {
        return "ALTER DATABASE " + Sql.quoted(from) + " RENAME TO " + Sql.quoted(to);
    }

    /** Ends all sessions but one, once nobody can come in any more. */
    private void empty(int pid, CompletableFuture<Void> renamed) {
        long startNanos = System.nanoTime();
        while (true) {
            long nanos = System.nanoTime() - startNanos;
            if (maintenance.isTrue(LOCKED, name)) {
                maintenance.text(END, name, pid, nanos > STATEMENTS_MAX.toNanos(), pid);
                if (maintenance.texts(OTHERS, name, pid).isEmpty()) {
                    return;
                }
            }
            if (renamed.isDone()) {
                await(renamed);
            }
            if (nanos > LEAVING_MAX.toNanos()) {
                List<String> others = maintenance.texts(OTHERS, name, pid);
                throw new RebuildException(
                        "somebody does not leave the database " + name + ": " + String.join(", ", others)
                                + "; end these sessions, or let the user do so: GRANT pg_signal_backend TO "
                                + Sql.quoted(live.username()));
            }
            pause();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RebuildException("interrupted", e);
        }
    }

    private static void await(CompletableFuture<Void> renamed) {
        try {
            renamed.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RebuildException failure ? failure : new RebuildException(e.toString(), e);
        }
    }
}
