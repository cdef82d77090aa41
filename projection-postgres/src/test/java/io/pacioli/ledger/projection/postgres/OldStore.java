package io.pacioli.ledger.projection.postgres;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.JournalRecord;
import io.pacioli.ledger.core.Counterparties;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Posting;
import io.pacioli.ledger.core.Rejected;
import io.pacioli.ledger.core.TransferTerms;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes what the projector wrote when the schema was at version 2, row by row with SQL of its own. Not thread safe. */
final class OldStore {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Database database;

    /** @param database migrated to version 1 or 2 */
    OldStore(Database database) {
        this.database = database;
    }

    /** Writes records in one transaction. */
    void write(List<ScriptedLedger.Journaled> records) {
        try (Connection connection = database.writing().getConnection()) {
            connection.setAutoCommit(false);
            try {
                for (ScriptedLedger.Journaled record : records) {
                    write(record, connection);
                }
                connection.commit();
            } finally {
                connection.rollback();
            }
        } catch (SQLException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void write(ScriptedLedger.Journaled record, Connection sql) throws SQLException, IOException {
        JournalRecord journal = JournalCodec.decode(record.value());
        Entry entry = journal.entry();
        OffsetDateTime at = Instant.ofEpochMilli(entry.atMillis()).atOffset(ZoneOffset.UTC);
        JsonNode data = JSON.readTree(record.value()).path("data");
        TransferTerms terms = entry.event().transfer();
        run(
                sql,
                "INSERT INTO ledger.positions (shard, sequence, next_offset, hash, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (shard)"
                        + " DO UPDATE SET sequence = EXCLUDED.sequence, next_offset = EXCLUDED.next_offset, hash = EXCLUDED.hash,"
                        + " at = EXCLUDED.at",
                entry.shard(),
                entry.sequence(),
                record.offset() + 1,
                journal.hash().bytes(),
                at);
        run(
                sql,
                "INSERT INTO ledger.entries (sequence, at, shard, is_outcome, type, kind, command_id, cause, hash, data)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb)",
                entry.sequence(),
                at,
                entry.shard(),
                entry.fingerprint() != null,
                entry.event().type(),
                terms == null ? null : terms.kind().wireName(),
                entry.commandId(),
                entry.cause(),
                journal.hash().bytes(),
                data.toString());
        Counterparties counterparties = Counterparties.of(entry);
        for (int i = 0; i < entry.postings().size(); i++) {
            posting(entry, at, entry.postings().get(i), counterparties.of(i), sql);
        }
        particulars(entry, at, data, sql);
    }

    private static void posting(
            Entry entry, OffsetDateTime at, Posting posting, @Nullable String counterparty, Connection sql)
            throws SQLException {
        String bucket = posting.bucket().wireName();
        run(
                sql,
                "INSERT INTO ledger.postings"
                        + " (at, version, sequence, shard, bucket, account, asset, counterparty, amount, balance)"
                        + " VALUES (?, ?, ?, ?, ?::ledger.bucket, ?, ?, ?, ?::numeric, ?::numeric)",
                at,
                posting.version(),
                entry.sequence(),
                entry.shard(),
                bucket,
                posting.account(),
                posting.asset(),
                counterparty,
                posting.amount().toString(),
                posting.balance().toString());
        run(
                sql,
                "INSERT INTO ledger.balances (account, asset, shard, " + bucket
                        + ", version) VALUES (?, ?, ?, ?::numeric, ?) ON CONFLICT (account, asset, shard) DO UPDATE SET "
                        + bucket + " = EXCLUDED." + bucket + ", version = EXCLUDED.version",
                posting.account(),
                posting.asset(),
                entry.shard(),
                posting.balance().toString(),
                posting.version());
        account(posting.account(), entry.shard(), at, sql);
    }

    private static void particulars(Entry entry, OffsetDateTime at, JsonNode data, Connection sql) throws SQLException {
        switch (entry.event()) {
            case Event.AssetDefined e ->
                run(
                        sql,
                        "INSERT INTO ledger.assets (asset, name, symbol, emoji, decimals, max_supply, shard, sequence,"
                                + " defined_at, metadata) VALUES (?, ?, ?, ?, ?, ?::numeric, ?, ?, ?, ?::jsonb -> 'metadata')",
                        e.asset().code(),
                        e.asset().name(),
                        e.asset().symbol(),
                        e.asset().emoji(),
                        e.asset().decimals(),
                        e.asset().maxSupply() == null
                                ? null
                                : e.asset().maxSupply().toString(),
                        entry.shard(),
                        entry.sequence(),
                        at,
                        data.toString());
            case Event.AccountOpened e -> {
                account(e.account(), entry.shard(), at, sql);
                run(
                        sql,
                        "UPDATE ledger.accounts SET opened_at = ?, limits = ?::jsonb -> 'limits',"
                                + " max_balances = ?::jsonb -> 'maxBalances', metadata = ?::jsonb -> 'metadata',"
                                + " status = CASE WHEN status = 'closed' THEN 'open' ELSE status END"
                                + " WHERE account = ? AND shard = ?",
                        at,
                        data.toString(),
                        data.toString(),
                        data.toString(),
                        e.account(),
                        entry.shard());
            }
            case Event.AccountFrozen e -> status(e.account(), "frozen", entry, at, sql);
            case Event.AccountUnfrozen e -> status(e.account(), "open", entry, at, sql);
            case Event.AccountClosed e -> status(e.account(), "closed", entry, at, sql);
            case Event.CommandRejected e -> rejection(entry, at, e.command(), e.account(), e.rejected(), sql);
            default -> {}
        }
    }

    private static void account(String account, int shard, OffsetDateTime at, Connection sql) throws SQLException {
        run(
                sql,
                "INSERT INTO ledger.accounts (account, shard, since) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                account,
                shard,
                at);
    }

    private static void status(String account, String status, Entry entry, OffsetDateTime at, Connection sql)
            throws SQLException {
        account(account, entry.shard(), at, sql);
        run(
                sql,
                "UPDATE ledger.accounts SET status = ?::ledger.account_status WHERE account = ? AND shard = ?",
                status,
                account,
                entry.shard());
    }

    private static void rejection(
            Entry entry, OffsetDateTime at, String command, String account, Rejected rejected, Connection sql)
            throws SQLException {
        run(
                sql,
                "INSERT INTO ledger.rejections (at, sequence, shard, code, command_id, command_type, account, field,"
                        + " limit_value, value, message) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                at,
                entry.sequence(),
                entry.shard(),
                rejected.code().name(),
                entry.commandId(),
                command,
                account,
                rejected.field(),
                rejected.limit(),
                rejected.value(),
                rejected.message());
    }

    private static void run(Connection connection, String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }
}
