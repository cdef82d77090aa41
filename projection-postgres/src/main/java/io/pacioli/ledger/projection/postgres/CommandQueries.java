package io.pacioli.ledger.projection.postgres;

import static io.pacioli.ledger.projection.postgres.schema.Tables.ENTRIES;
import static org.jooq.impl.DSL.condition;
import static org.jooq.impl.DSL.val;

import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.core.TransferKind;
import io.pacioli.ledger.service.Positions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.ResultQuery;

/** What became of commands: outcomes, transfers, transactions. Thread safe. */
final class CommandQueries {
    /** Entries of one command that are told, the newest. */
    private static final int ENTRIES_MAX = 100;

    /**
     * Reversals of a transfer that are told, and the entries of theirs that are read: each has three at most. They are found among as
     * many entries that refer to it, because a transfer of that id on another shard may have been reversed too.
     */
    private static final int REVERSALS_MAX = 100;

    private static final int REVERSAL_ENTRIES_MAX = 3 * REVERSALS_MAX;

    /** The types of entries after which a command waits. */
    private static final Set<String> PENDING = Set.of("CommandDeferred", "TransactionBegun");

    private static final List<Field<?>> COLUMNS = List.of(
            ENTRIES.COMMAND_ID,
            ENTRIES.SHARD,
            ENTRIES.SEQUENCE,
            ENTRIES.AT,
            ENTRIES.TYPE,
            ENTRIES.IS_OUTCOME,
            ENTRIES.DATA);

    /**
     * The newest entries of the command 0 that the condition 1 is true for, as many as 2. Conflicts over its id, of which a client can
     * make any number, are in a part of the index of their own.
     */
    private static final String OF_COMMAND = """
            SELECT command_id, shard, sequence, at, type, is_outcome, data
            FROM ledger.entries
            WHERE command_id = {0} AND CASE WHEN type = 'CommandRejected' AND NOT is_outcome THEN 1 ELSE 0 END = 0 AND {1}
            ORDER BY at DESC, shard DESC, sequence DESC
            LIMIT {2}""";

    /** The newest entries that refer to the transfer 0, of as many as 2 those that the condition 1 is true for; as many as 3. */
    private static final String REFERRING = """
            SELECT command_id, shard, sequence, at, type, is_outcome, data
            FROM (
                SELECT * FROM ledger.entries WHERE data ->> 'reference' = {0}
                ORDER BY at DESC, shard DESC, sequence DESC LIMIT {2}
            ) AS e
            WHERE {1}
            ORDER BY at DESC, shard DESC, sequence DESC
            LIMIT {3}""";

    private final Snapshots snapshots;
    private final Shards shards;

    CommandQueries(Snapshots snapshots, Shards shards) {
        this.snapshots = snapshots;
        this.shards = shards;
    }

    /** What is known of the movement of money between two accounts that a command asked for. */
    Found<History.Transfer> transfer(String id) {
        return snapshots.read(snapshot -> {
            List<Step> steps = steps(snapshot.sql(), id, TransferStory.TYPES);
            if (!TransferStory.isTransfer(steps)) {
                return new Found<>(null, snapshot.positions(shards.all()));
            }
            TransferStory story = TransferStory.of(id, steps);
            List<Position> asOf = snapshot.positions(Stream.of(story.from(), story.to())
                    .map(shards.router()::shardOf)
                    .sorted()
                    .distinct()
                    .toList());
            List<TransferStory> reversals = reversals(snapshot.sql(), id, story.to());
            return new Found<>(story.answer(Positions.text(asOf), reversals), asOf);
        });
    }

    /** The reversals of a transfer that its payee has asked for, newest first. */
    private static List<TransferStory> reversals(DSLContext sql, String transfer, String payee) {
        Map<String, List<Step>> byId =
                reversalSteps(sql, transfer, payee).fetchGroups(ENTRIES.COMMAND_ID, CommandQueries::step);
        return byId.entrySet().stream()
                .limit(REVERSALS_MAX)
                .map(reversal -> TransferStory.of(reversal.getKey(), reversal.getValue()))
                .toList();
    }

    static ResultQuery<? extends Record> reversalSteps(DSLContext sql, String transfer, String payee) {
        Condition ofPayee =
                condition("kind = {0} AND data ->> 'from' = {1}", val(TransferKind.REVERSAL.wireName()), val(payee));
        return sql.resultQuery(REFERRING, val(transfer), ofPayee, val(Page.READ_MAX), val(REVERSAL_ENTRIES_MAX))
                .coerce(COLUMNS);
    }

    /** What is known of a transaction that a command asked for. */
    Found<History.Transaction> transaction(String id) {
        return snapshots.read(snapshot -> {
            List<Step> steps = steps(snapshot.sql(), id, TransactionStory.TYPES);
            if (!TransactionStory.isTransaction(steps)) {
                return new Found<>(null, snapshot.positions(shards.all()));
            }
            TransactionStory story = TransactionStory.of(id, steps);
            List<Position> asOf = snapshot.positions(List.copyOf(story.shards(shards.router())));
            return new Found<>(story.answer(Positions.text(asOf)), asOf);
        });
    }

    private static List<Step> steps(DSLContext sql, String id, List<String> types) {
        Condition ofStory = condition("type = ANY ({0})", val(types.toArray(String[]::new)));
        return ofCommand(sql, id, ofStory, ENTRIES_MAX).fetch(CommandQueries::step);
    }

    static ResultQuery<? extends Record> ofCommand(DSLContext sql, String id, Condition condition, int max) {
        return sql.resultQuery(OF_COMMAND, val(id), condition, val(max)).coerce(COLUMNS);
    }

    private static Step step(Record entry) {
        return new Step(
                new Position(entry.get(ENTRIES.SHARD), entry.get(ENTRIES.SEQUENCE)),
                entry.get(ENTRIES.AT).toInstant(),
                entry.get(ENTRIES.TYPE),
                Step.data(entry.get(ENTRIES.DATA).data()));
    }

    /** The outcome of a command: the newest entry that is one, with the rejection if it is that. */
    Found<History.Command> command(String id) {
        return snapshots.read(snapshot -> {
            Record outcome =
                    ofCommand(snapshot.sql(), id, condition("is_outcome"), 1).fetchOne();
            if (outcome == null) {
                return new Found<>(null, snapshot.positions(shards.all()));
            }
            Step decided = step(outcome);
            List<Step> steps = ofCommand(snapshot.sql(), id, condition("true"), ENTRIES_MAX)
                    .fetch(CommandQueries::step)
                    .reversed();
            List<Position> asOf = snapshot.positions(shards.all());
            History.Reason rejection = decided.reason("rejection");
            return new Found<>(
                    new History.Command(
                            id,
                            Positions.text(asOf),
                            status(decided, rejection != null),
                            decided.position(),
                            decided.at(),
                            decided.type(),
                            rejection,
                            steps.stream().map(Step::told).toList()),
                    asOf);
        });
    }

    private static History.CommandStatus status(Step decided, boolean isRejected) {
        if (isRejected) {
            return History.CommandStatus.REJECTED;
        }
        return PENDING.contains(decided.type()) ? History.CommandStatus.PENDING : History.CommandStatus.ACCEPTED;
    }
}
