package io.pacioli.ledger.projection.postgres;

import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.InvariantViolation;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.service.rebuild.Differences;
import io.pacioli.ledger.service.rebuild.RebuildException;
import io.pacioli.ledger.service.rebuild.RebuildProgress;
import io.pacioli.ledger.service.rebuild.RebuildSettings;
import io.pacioli.ledger.service.rebuild.ShardJournal;
import java.sql.Array;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Writes some accounts of one shard again from the journal: what they have, what they are, and all entries that concern them with all their
 * postings. In one transaction, in which the projector cannot move the shard on. Not thread safe.
 */
final class AccountRepair {
    private static final int BATCH_ENTRIES_MAX = 20_000;

    /** What is written again, and by which condition its rows are found; its parameters are shard, sequences and accounts. */
    private static final Map<HistoryTable, String> CONDITIONS = new LinkedHashMap<>();

    static {
        CONDITIONS.put(HistoryTable.BALANCES, "shard = ? AND ?::bigint[] IS NOT NULL AND account = ANY (?)");
        CONDITIONS.put(HistoryTable.ACCOUNTS, "shard = ? AND ?::bigint[] IS NOT NULL AND account = ANY (?)");
        CONDITIONS.put(HistoryTable.ENTRIES, "shard = ? AND sequence = ANY (?) AND ?::text[] IS NOT NULL");
        CONDITIONS.put(HistoryTable.POSTINGS, "shard = ? AND (sequence = ANY (?) OR account = ANY (?))");
        CONDITIONS.put(HistoryTable.METADATA, "shard = ? AND sequence = ANY (?) AND ?::text[] IS NOT NULL");
    }

    private final RebuildSettings settings;
    private final PostgresSettings live;
    private final int shard;
    private final NavigableSet<String> accounts = new TreeSet<>();
    private final Differences differences;
    private final RebuildProgress progress;
    private final List<HistoryBatch> batches = new ArrayList<>();
    private StoredPosition tip;

    /** @param accounts of whatever shard */
    AccountRepair(
            RebuildSettings settings,
            PostgresSettings live,
            int shard,
            Collection<String> accounts,
            Differences differences,
            RebuildProgress progress) {
        this.settings = settings;
        this.live = live;
        this.shard = shard;
        this.differences = differences;
        this.progress = progress;
        tip = StoredPosition.none(shard);
        accounts.stream()
                .filter(account ->
                        AccountId.isClearing(account) || settings.router().shardOf(account) == shard)
                .forEach(this.accounts::add);
    }

    /** Repairs; returns the position at which, or nothing when none of the accounts is on the shard. */
    Optional<Position> run() {
        if (accounts.isEmpty()) {
            return Optional.empty();
        }
        try (Sql sql = Sql.connect(live);
                ShardJournal journal = ShardJournal.open(settings.kafka(), settings.topics(), shard)) {
            fold(journal, position(sql, "").sequence());
            sql.begin();
            for (HistoryBatch batch : batches) {
                new Partitions().make(batch.months().keySet(), sql.connection());
            }
            StoredPosition stored = position(sql, " FOR UPDATE");
            fold(journal, stored.sequence());
            if (tip.sequence() != stored.sequence() || !tip.hash().equals(stored.hash())) {
                throw new RebuildException("shard " + shard
                        + " in PostgreSQL is not this journal's, or ahead of it: rebuild all of it instead");
            }
            rewrite(sql);
            sql.commit();
            return Optional.of(new Position(shard, stored.sequence()));
        } catch (SQLException e) {
            throw Sql.failed("shard " + shard + " cannot be repaired", e);
        } catch (InvariantViolation | MalformedException e) {
            throw new RebuildException("the journal is damaged: shard " + shard + ": " + e.getMessage(), e);
        }
    }

    private StoredPosition position(Sql sql, String lock) {
        List<StoredPosition> found = new ArrayList<>();
        sql.query(
                "SELECT sequence, next_offset, hash FROM ledger.positions WHERE shard = ?" + lock,
                row -> found.add(
                        new StoredPosition(shard, row.getLong(1), row.getLong(2), Hash.ofBytes(row.getBytes(3)))),
                shard);
        return found.isEmpty() ? StoredPosition.none(shard) : found.getFirst();
    }

    private void fold(ShardJournal journal, long last) {
        if (tip.sequence() >= last) {
            return;
        }
        long end = journal.end();
        progress.total(shard, end - journal.beginning());
        while (tip.sequence() < last && journal.peekBefore(end) != null) {
            HistoryBatch batch = HistoryBatch.only(accounts::contains);
            long sequence = tip.sequence();
            while (sequence < last && batch.size() < BATCH_ENTRIES_MAX && journal.peekBefore(end) != null) {
                ShardJournal.Read read = journal.take();
                batch.add(read.journal(), read.bytes(), shard, read.offset());
                sequence = read.journal().entry().sequence();
            }
            ShardRun run = batch.runs().iterator().next();
            run.checkContinues(tip);
            tip = run.end();
            batches.add(batch);
            progress.at(shard, journal.offset() - journal.beginning());
        }
    }

    private void rewrite(Sql sql) throws SQLException {
        Array sequences = sql.connection()
                .createArrayOf(
                        "bigint",
                        batches.stream()
                                .flatMap(batch -> batch.sequences().stream())
                                .toArray());
        Array names = sql.connection().createArrayOf("text", accounts.toArray());
        Map<HistoryTable, Map<String, String>> before = new LinkedHashMap<>();
        CONDITIONS.forEach((table, condition) -> {
            before.put(table, RowDifferences.rows(sql, table, condition, shard, sequences, names));
            sql.execute("DELETE FROM ledger." + table.name() + " WHERE " + condition, shard, sequences, names);
        });
        YearMonth first = firstMonth(sql);
        for (HistoryBatch batch : batches) {
            BatchRows.writeAgain(batch, first, sql.connection());
        }
        Position at = new Position(shard, tip.sequence());
        CONDITIONS.forEach((table, condition) -> {
            Map<String, String> after = RowDifferences.rows(sql, table, condition, shard, sequences, names);
            differences.compared(after.size());
            RowDifferences.add(differences, at, table, before.getOrDefault(table, Map.of()), after);
        });
    }

    private static @Nullable YearMonth firstMonth(Sql sql) {
        List<YearMonth> horizons = new ArrayList<>();
        sql.query(
                "SELECT horizon FROM ledger.retention WHERE horizon IS NOT NULL",
                row -> horizons.add(
                        YearMonth.from(row.getObject(1, OffsetDateTime.class).withOffsetSameInstant(ZoneOffset.UTC))));
        return horizons.isEmpty() ? null : horizons.getFirst();
    }
}
