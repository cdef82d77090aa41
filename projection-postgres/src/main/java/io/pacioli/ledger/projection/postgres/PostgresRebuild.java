package io.pacioli.ledger.projection.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.service.rebuild.Difference;
import io.pacioli.ledger.service.rebuild.Differences;
import io.pacioli.ledger.service.rebuild.RebuildException;
import io.pacioli.ledger.service.rebuild.RebuildProgress;
import io.pacioli.ledger.service.rebuild.RebuildReport;
import io.pacioli.ledger.service.rebuild.RebuildSettings;
import io.pacioli.ledger.service.rebuild.ShardJournal;
import io.pacioli.ledger.service.rebuild.ShardThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jooq.exception.DataAccessException;

/**
 * Builds history anew from the journal in a database of its own beside the one that queries read, compares the two, and lets the new one
 * take the place of the old; or puts single accounts right.
 *
 * <p>The two are compared at the same positions, those of one snapshot of the old one. The swap is one transaction, after which both names
 * lead somewhere else; the new one is then at least where the old one was. Whatever stops this leaves the old one as it was.
 *
 * <p>Methods throw a {@link RebuildException} when the database or the journal cannot be read.
 */
public final class PostgresRebuild {
    private final RebuildSettings settings;
    private final PostgresSettings live;
    private final Options options;
    private final Consumer<String> phases;
    private final Consumer<DatabaseSwap.Step> steps;
    private final Differences differences = new Differences();
    private final List<String> notes = new ArrayList<>();
    private final TreeSet<Integer> foreign = new TreeSet<>();

    /**
     * What there is to choose besides.
     *
     * @param maintenance a database of the server to connect to while others are renamed
     * @param isPreviousKept whether the old database stays, under another name
     */
    public record Options(String maintenance, boolean isPreviousKept) {
        /** By way of {@code postgres}, and the old database is dropped. */
        public static final Options DEFAULT = new Options("postgres", false);
    }

    /** @param phases hears what is done, a few words each time */
    public PostgresRebuild(RebuildSettings settings, PostgresSettings live, Options options, Consumer<String> phases) {
        this(settings, live, options, phases, step -> {});
    }

    /** @param steps hears how far the swap is */
    PostgresRebuild(
            RebuildSettings settings,
            PostgresSettings live,
            Options options,
            Consumer<String> phases,
            Consumer<DatabaseSwap.Step> steps) {
        this.settings = settings;
        this.live = live;
        this.options = options;
        this.phases = phases;
        this.steps = steps;
    }

    /** Rebuilds all of it. */
    public RebuildReport run(RebuildProgress.Listener listener) {
        long startNanos = System.nanoTime();
        int shards = settings.router().shards();
        RebuildProgress progress = new RebuildProgress(shards, listener);
        try (StagingDatabase database = StagingDatabase.open(live, options.maintenance())) {
            database.make();
            List<StagedHistory> staged = new ArrayList<>();
            try (HikariDataSource pool = pool(database.staged())) {
                HistoryStore store = prepare(database, pool);
                for (int shard = 0; shard < shards; shard++) {
                    staged.add(new StagedHistory(
                            ShardJournal.open(settings.kafka(), settings.topics(), shard), store, progress));
                }
                load(database, staged);
                phases.accept("comparing");
                compare(database, staged);
            }
            boolean isSwapped = settings.swapping() && (foreign.isEmpty() || settings.forced());
            if (isSwapped) {
                phases.accept("swapping");
                swap(database, staged);
            }
            return report(startNanos, staged, isSwapped);
        }
    }

    private RebuildReport report(long startNanos, List<StagedHistory> staged, boolean isSwapped) {
        List<Position> positions = staged.stream().map(PostgresRebuild::at).toList();
        staged.forEach(StagedHistory::close);
        return new RebuildReport(
                positions.stream().mapToLong(Position::sequence).sum(),
                Duration.ofNanos(System.nanoTime() - startNanos),
                positions,
                differences.compared(),
                differences.count(),
                differences.first(),
                isSwapped,
                notes);
    }

    private HikariDataSource pool(PostgresSettings staged) {
        HikariConfig config = PostgresProjection.pool(staged, "rebuild", settings.threads());
        // What is lost when the server dies is built again; the rename at the end waits for the disk, and so for all
        // before it.
        config.addDataSourceProperty("options", "-c synchronous_commit=off " + HistoryStore.OPTIONS);
        return new HikariDataSource(config);
    }

    private HistoryStore prepare(StagingDatabase database, HikariDataSource pool) {
        try {
            new SchemaMigration(pool).run();
        } catch (DataAccessException e) {
            throw new RebuildException("the new database cannot be given its schema: " + Failures.reason(e), e);
        }
        database.makeAlike();
        try (Sql from = Sql.connect(live);
                Sql to = Sql.connect(database.staged())) {
            to.execute(
                    "UPDATE ledger.retention SET horizon = ?::timestamptz",
                    from.text("SELECT horizon FROM ledger.retention"));
        }
        return new HistoryStore(pool);
    }

    /** Fills it up to where the old one is by now, without indexes, and again up to where that is when they are made. */
    private void load(StagingDatabase database, List<StagedHistory> staged) {
        try (Sql old = Sql.connect(live);
                Sql sql = Sql.connect(database.staged())) {
            LoadIndexes indexes = LoadIndexes.drop(sql);
            advance(staged, positions(old));
            phases.accept("indexing");
            indexes.make(sql);
            sql.execute("ANALYZE");
            advance(staged, positions(old));
        }
    }

    private static Map<Integer, StoredPosition> positions(Sql sql) {
        Map<Integer, StoredPosition> positions = new HashMap<>();
        sql.query(
                "SELECT shard, sequence, next_offset, hash FROM ledger.positions",
                row -> positions.put(
                        row.getInt(1),
                        new StoredPosition(
                                row.getInt(1), row.getLong(2), row.getLong(3), Hash.ofBytes(row.getBytes(4)))));
        return positions;
    }

    /** Brings all shards to where the old one is; those that do not get there, or to another entry, are another journal's. */
    private void advance(List<StagedHistory> staged, Map<Integer, StoredPosition> stored) {
        List<Boolean> isThere = ShardThreads.forEach(staged.size(), settings.threads(), shard -> {
            StoredPosition position = stored.getOrDefault(shard, StoredPosition.none(shard));
            StagedHistory one = staged.get(shard);
            return one.tip().sequence() > position.sequence()
                    || (one.advanceTo(position.sequence()) && one.tip().hash().equals(position.hash()));
        });
        for (int shard = 0; shard < isThere.size(); shard++) {
            if (!isThere.get(shard) && foreign.add(shard)) {
                StoredPosition position = stored.getOrDefault(shard, StoredPosition.none(shard));
                differences.add(new Difference(
                        at(staged.get(shard)),
                        "position",
                        position.sequence() + " " + position.hash().hex(),
                        staged.get(shard).tip().sequence() + " "
                                + staged.get(shard).tip().hash().hex()));
                notes.add("shard " + shard + " in PostgreSQL is ahead of this journal, or true for another one");
            }
        }
    }

    private static Position at(StagedHistory staged) {
        return new Position(staged.tip().shard(), staged.tip().sequence());
    }

    private void compare(StagingDatabase database, List<StagedHistory> staged) {
        try (Sql old = Sql.connect(live);
                Sql sql = Sql.connect(database.staged())) {
            old.beginSnapshot();
            old.execute("LOCK TABLE ledger.retention IN ACCESS SHARE MODE");
            Map<Integer, StoredPosition> stored = positions(old);
            advance(staged, stored);
            if (!foreign.isEmpty()) {
                return;
            }
            for (StagedHistory one : staged) {
                long sequence = stored.getOrDefault(
                                one.tip().shard(), StoredPosition.none(one.tip().shard()))
                        .sequence();
                if (sequence < one.tip().sequence()) {
                    throw new RebuildException("shard " + one.tip().shard()
                            + " in PostgreSQL was set back while it was compared; start again");
                }
            }
            new DatabaseComparison(old, sql, shard -> at(staged.get(shard)), differences).run();
        }
    }

    /** Nobody writes to the old one from the last look at its positions on, and it is not left before it is the old one. */
    private void swap(StagingDatabase database, List<StagedHistory> staged) {
        boolean isDetached = database.hasDetachedMonths();
        boolean isKept = options.isPreviousKept() || isDetached;
        try (Sql holding = Sql.connect(live)) {
            try (HikariDataSource pool = pool(database.staged())) {
                HistoryStore store = new HistoryStore(pool);
                staged.forEach(one -> one.continueIn(store));
                advance(staged, positions(holding));
                holding.begin();
                holding.execute("SET LOCAL lock_timeout = '30s'");
                holding.execute("LOCK TABLE ledger.positions IN EXCLUSIVE MODE");
                advance(staged, positions(holding));
                if (!foreign.isEmpty()) {
                    staged.forEach(StagedHistory::advanceToEnd);
                }
            }
            database.swap(holding, isKept, steps);
        }
        if (isKept) {
            notes.add("the old database is kept as " + database.previous()
                    + (isDetached ? ", because it has detached months: dump those, then drop it" : ""));
        } else {
            database.dropPrevious();
        }
    }

    /**
     * Puts accounts right, of clearing accounts those of all shards, with all entries that concern them. Figures by hour and day,
     * rejections and assets stay as they are, which the report notes.
     *
     * @param accounts 1 or more
     */
    public RebuildReport repair(Collection<String> accounts, RebuildProgress.Listener listener) {
        long startNanos = System.nanoTime();
        int shards = settings.router().shards();
        RebuildProgress progress = new RebuildProgress(shards, listener);
        List<Position> positions = IntStream.range(0, shards)
                .mapToObj(shard -> new AccountRepair(settings, live, shard, accounts, differences, progress).run())
                .flatMap(Optional::stream)
                .toList();
        notes.add(
                "figures by hour and day, rejections and assets were left as they are: ledger rebuild postgres, without"
                        + " --account, puts these right too");
        return new RebuildReport(
                positions.stream().mapToLong(Position::sequence).sum(),
                Duration.ofNanos(System.nanoTime() - startNanos),
                positions,
                differences.compared(),
                differences.count(),
                differences.first(),
                true,
                notes);
    }
}
