package io.pacioli.ledger.projection.postgres;

import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.api.JournalRecord;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.InvariantViolation;
import io.pacioli.ledger.core.Position;

/**
 * The gapless run of a shard's entries that a batch holds.
 *
 * @param shard its number
 * @param first the sequence of the first entry
 * @param previous the hash that the first entry is chained to
 * @param last the sequence of the last entry
 * @param lastHash the hash of the last entry
 * @param lastAtMillis when the last entry was decided
 * @param nextOffset the offset after the last entry's
 */
record ShardRun(int shard, long first, Hash previous, long last, Hash lastHash, long lastAtMillis, long nextOffset) {
    /** A run of one entry. */
    static ShardRun of(JournalRecord journal, long offset) {
        Entry entry = journal.entry();
        return new ShardRun(
                entry.shard(),
                entry.sequence(),
                journal.previous(),
                entry.sequence(),
                journal.hash(),
                entry.atMillis(),
                offset + 1);
    }

    /** This run with one more entry, which must be the next. */
    ShardRun and(JournalRecord journal, long offset) {
        Entry entry = journal.entry();
        checkContinues(shard, last, lastHash, entry.sequence(), journal.previous());
        return new ShardRun(shard, first, previous, entry.sequence(), journal.hash(), entry.atMillis(), offset + 1);
    }

    /** @throws io.pacioli.ledger.core.InvariantViolation when this run does not follow what the store has, as read from there */
    void checkContinues(StoredPosition stored) {
        checkContinues(shard, stored.sequence(), stored.hash(), first, previous);
    }

    /** The position of a store that has all of this run. */
    StoredPosition end() {
        return new StoredPosition(shard, last, nextOffset, lastHash);
    }

    private static void checkContinues(int shard, long last, Hash lastHash, long next, Hash previous) {
        if (next == last + 1 && previous.equals(lastHash)) {
            return;
        }
        Position position = new Position(shard, next);
        throw new InvariantViolation(
                next == last + 1
                        ? "the journal must be one chain of hashes: position=" + position + " prev=" + previous
                                + " hash of the entry before=" + lastHash
                        : "the journal must be gapless: position=" + position + " last=" + last);
    }
}
