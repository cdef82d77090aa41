package io.pacioli.ledger.projection.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.core.Command;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A ledger in memory, and the store that its journal is folded into when a test says so. */
final class ProjectedLedger implements AutoCloseable {
    private final ScriptedLedger ledger;
    private final Database database = Database.migrated();
    private final HistoryStore store = new HistoryStore(database.writing());
    private final Snapshots snapshots = new Snapshots(database.reading());
    private final Shards shards;
    private final Map<Integer, Integer> writtenOf = new HashMap<>();
    private int written;

    ProjectedLedger(int shardCount) {
        ledger = new ScriptedLedger(shardCount);
        shards = new Shards(ledger.router());
    }

    ScriptedLedger ledger() {
        return ledger;
    }

    Database database() {
        return database;
    }

    Snapshots snapshots() {
        return snapshots;
    }

    PostingPages postings() {
        return new PostingPages(snapshots, shards);
    }

    EntryPages entries() {
        return new EntryPages(snapshots, shards);
    }

    CommandQueries commands() {
        return new CommandQueries(snapshots, shards);
    }

    RejectionPages rejections() {
        return new RejectionPages(snapshots, shards);
    }

    BalanceQueries balances() {
        return new BalanceQueries(snapshots, shards);
    }

    StatementQueries statements() {
        return new StatementQueries(snapshots, shards);
    }

    ReportQueries reports() {
        return new ReportQueries(snapshots, shards);
    }

    /** Decides commands and what follows from them, and folds it. */
    void run(Command... commands) {
        for (Command command : commands) {
            ledger.run(command);
        }
        project();
    }

    /** Brings the store up to what the ledger has journaled. */
    void project() {
        List<ScriptedLedger.Journaled> records =
                ledger.journal().subList(written, ledger.journal().size());
        written = ledger.journal().size();
        write(records);
    }

    /** Brings the store up to what one shard has journaled; the others stay behind, for ever. */
    void projectOnly(int shard) {
        write(ledger.journal().subList(written, ledger.journal().size()).stream()
                .filter(record -> record.shard() == shard)
                .toList());
    }

    /** Brings the store up to some of what the ledger has journaled since, in its order; the rest may follow. */
    void projectSome(int records) {
        int end = Math.min(written + records, ledger.journal().size());
        write(ledger.journal().subList(written, end));
        written = end;
    }

    /** Brings the store up to some of what one shard has journaled since; others are as they are. Not to be mixed with other ways to project. */
    void projectSome(int shard, int records) {
        List<ScriptedLedger.Journaled> ofShard = ledger.journal().stream()
                .filter(record -> record.shard() == shard)
                .toList();
        int begin = writtenOf.getOrDefault(shard, 0);
        int end = Math.min(begin + records, ofShard.size());
        write(ofShard.subList(begin, end));
        writtenOf.put(shard, end);
    }

    private void write(List<ScriptedLedger.Journaled> records) {
        if (!records.isEmpty()) {
            assertThat(store.write(ScriptedLedger.batch(records))).isInstanceOf(HistoryStore.Written.Committed.class);
        }
    }

    @Override
    public void close() {
        database.close();
    }
}
