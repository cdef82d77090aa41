package io.pacioli.ledger.testkit.simulation;

import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.JournalRecord;
import io.pacioli.ledger.api.SealedEntry;
import io.pacioli.ledger.core.Entry;
import java.util.ArrayList;
import java.util.List;

/** A shard's journal as it stands on the topic: bytes, each record with the hash of the one before. */
final class SealedJournal {
    private final List<byte[]> records = new ArrayList<>();
    private Hash head = Hash.ZERO;

    void add(Entry entry) {
        SealedEntry sealed = JournalCodec.encode(entry, head);
        records.add(sealed.bytes());
        head = sealed.hash();
    }

    /** Reads everything back: the chain must hold from the first record to the last, and the entries must be the same. */
    void check(List<Entry> entries) {
        Check.equal(records.size(), entries.size(), "the number of sealed entries", "");
        Hash previous = Hash.ZERO;
        for (int i = 0; i < entries.size(); i++) {
            byte[] bytes = records.get(i);
            JournalRecord record = JournalCodec.decode(bytes);
            Check.that(JournalCodec.isIntact(bytes), "a sealed entry does not have the hash of its bytes", record);
            Check.equal(record.previous(), previous, "the hash of the entry before", record);
            Check.equal(record.entry(), entries.get(i), "an entry that is read back", "");
            previous = record.hash();
        }
        Check.equal(previous, head, "the hash of the last entry", "");
    }
}
