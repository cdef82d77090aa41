package io.pacioli.ledger.gateway.stream;

import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.JournalRecord;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Invariant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads one shard's records in order and makes sure that each continues the one before it. It may begin anywhere in the journal. Not
 * thread safe.
 *
 * <p>That a record is what its own hash says is left to the audit, which reads everything anyway.
 */
final class Chain {
    private final int shard;
    private long sequence;
    private @Nullable Hash hash;

    Chain(int shard) {
        this.shard = shard;
    }

    /** The sequence of the last record; 0 before the first. */
    long sequence() {
        return sequence;
    }

    /**
     * Takes the next record.
     *
     * @throws io.pacioli.ledger.core.MalformedException when it is no entry
     * @throws io.pacioli.ledger.core.InvariantViolation when it is another shard's or does not continue the one before
     */
    Entry next(ConsumerRecord<byte[], byte[]> record) {
        JournalRecord read = JournalCodec.decode(Invariant.present(record.value(), "a record must have a value"));
        Entry entry = read.entry();
        Invariant.check(entry.shard() == shard, "must be of shard ", shard, ": shard=", entry.shard());
        if (hash != null) {
            Invariant.check(
                    entry.sequence() == sequence + 1, "must follow ", sequence, ": sequence=", entry.sequence());
            Invariant.check(read.previous().equals(hash), "must name the hash before it: sequence=", entry.sequence());
        }
        sequence = entry.sequence();
        hash = read.hash();
        return entry;
    }
}
