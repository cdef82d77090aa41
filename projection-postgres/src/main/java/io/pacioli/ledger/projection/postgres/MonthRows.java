package io.pacioli.ledger.projection.postgres;

import io.pacioli.ledger.api.JournalData;
import io.pacioli.ledger.api.JournalRecord;
import io.pacioli.ledger.core.Counterparties;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Posting;
import io.pacioli.ledger.core.Rejected;
import io.pacioli.ledger.core.TransferTerms;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rows of a batch that are appended to the partitions of one month. Not thread safe. */
final class MonthRows {
    private static final int ENTRY_COLUMNS = 10;
    private static final int POSTING_COLUMNS = 10;
    private static final int REJECTION_COLUMNS = 11;
    private static final int METADATA_COLUMNS = 5;

    private static final String COPY_ENTRIES = """
            COPY ledger.entries (sequence, at, shard, is_outcome, type, kind, command_id, cause, hash, data)
            FROM STDIN (FORMAT binary)""";
    private static final String COPY_POSTINGS = """
            COPY ledger.postings (at, version, sequence, shard, bucket, account, asset, counterparty, amount, balance)
            FROM STDIN (FORMAT binary)""";
    private static final String COPY_REJECTIONS = """
            COPY ledger.rejections
                (at, sequence, shard, code, command_id, command_type, account, field, limit_value, value, message)
            FROM STDIN (FORMAT binary)""";
    private static final String COPY_METADATA = """
            COPY ledger.entry_metadata (at, sequence, shard, key, value) FROM STDIN (FORMAT binary)""";

    private final CopyBuffer entries = new CopyBuffer();
    private final CopyBuffer postings = new CopyBuffer();
    private final CopyBuffer rejections = new CopyBuffer();
    private final CopyBuffer metadata = new CopyBuffer();

    /** Takes in an entry of the month, with the record that it was decoded from. */
    void add(JournalRecord journal, JournalData data, byte[] bytesOfRecord) {
        Entry entry = journal.entry();
        entry(journal, data, bytesOfRecord);
        Counterparties counterparties = Counterparties.of(entry);
        for (int i = 0; i < entry.postings().size(); i++) {
            posting(entry, entry.postings().get(i), counterparties.of(i));
        }
        if (entry.event() instanceof Event.CommandRejected rejected) {
            rejection(entry, rejected);
        }
        for (Map.Entry<String, String> member : entry.event().metadata().entrySet()) {
            metadata(entry, member.getKey(), member.getValue());
        }
    }

    private void entry(JournalRecord journal, JournalData data, byte[] bytesOfRecord) {
        Entry entry = journal.entry();
        TransferTerms terms = entry.event().transfer();
        entries.row(ENTRY_COLUMNS)
                .bigint(entry.sequence())
                .timestamp(entry.atMillis())
                .integer(entry.shard())
                .bool(entry.fingerprint() != null)
                .text(entry.event().type())
                .text(terms == null ? null : terms.kind().wireName())
                .text(entry.commandId())
                .text(entry.cause())
                .bytea(journal.hash().bytes())
                .jsonb(bytesOfRecord, data.offset(), data.length());
    }

    private void posting(Entry entry, Posting posting, @Nullable String counterparty) {
        postings.row(POSTING_COLUMNS)
                .timestamp(entry.atMillis())
                .bigint(posting.version())
                .bigint(entry.sequence())
                .integer(entry.shard())
                .text(posting.bucket().wireName())
                .text(posting.account())
                .text(posting.asset())
                .text(counterparty)
                .numeric(posting.amount())
                .numeric(posting.balance());
    }

    private void rejection(Entry entry, Event.CommandRejected event) {
        Rejected rejected = event.rejected();
        rejections
                .row(REJECTION_COLUMNS)
                .timestamp(entry.atMillis())
                .bigint(entry.sequence())
                .integer(entry.shard())
                .text(rejected.code().name())
                .text(entry.commandId())
                .text(event.command())
                .text(event.account())
                .text(rejected.field())
                .text(rejected.limit())
                .text(rejected.value())
                .text(rejected.message());
    }

    private void metadata(Entry entry, String key, String value) {
        metadata.row(METADATA_COLUMNS)
                .timestamp(entry.atMillis())
                .bigint(entry.sequence())
                .integer(entry.shard())
                .text(key)
                .text(value);
    }

    /** Appends the rows on the connection's transaction; the partitions must be there. */
    void copyInto(Connection connection) throws SQLException {
        entries.copyInto(connection, COPY_ENTRIES);
        postings.copyInto(connection, COPY_POSTINGS);
        rejections.copyInto(connection, COPY_REJECTIONS);
        metadata.copyInto(connection, COPY_METADATA);
    }
}
