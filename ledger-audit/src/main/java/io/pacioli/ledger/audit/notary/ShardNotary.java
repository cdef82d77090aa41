package io.pacioli.ledger.audit.notary;

import io.pacioli.ledger.api.Checkpoint;
import io.pacioli.ledger.api.CheckpointCodec;
import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.JournalRecord;
import io.pacioli.ledger.api.PublicKeys;
import io.pacioli.ledger.api.SigningKey;
import io.pacioli.ledger.audit.ClientTotals;
import io.pacioli.ledger.core.Invariant;
import io.pacioli.ledger.core.InvariantViolation;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Position;
import org.jspecify.annotations.Nullable;

/**
 * What a notary knows of one shard. It goes on from the last checkpoint: the journal must still have the signed hash there, which vouches for
 * all before. Each entry behind it must be sealed, follow the one before and balance. What is not so is never signed: the shard is refused,
 * for good. Not thread safe.
 */
final class ShardNotary {
    private final int shard;
    private final SigningKey key;
    private final PublicKeys keys;
    private final NotarySettings.Pace pace;

    /** What was signed last and has not been found in the journal yet; null when it has, or when there is none. */
    private @Nullable Checkpoint toBeMet;

    private boolean beginsThere;
    private boolean isAstray;
    private ClientTotals books = new ClientTotals();
    private Hash head = Hash.ZERO;
    private long sequence;
    private long offset;
    private long atMillis;
    private long number;
    private Hash previous = Hash.ZERO;
    private long signedSequence;
    private long unsignedSinceNanos;
    private @Nullable String refusal;

    ShardNotary(int shard, SigningKey key, PublicKeys keys, NotarySettings.Pace pace) {
        this.shard = shard;
        this.key = key;
        this.keys = keys;
        this.pace = pace;
    }

    /** Goes on from the last checkpoint of the shard's partition; it must be signed with a known key. */
    void resume(byte[] record) {
        try {
            Checkpoint last = CheckpointCodec.decode(record);
            if (last.position().shard() != shard) {
                refuse("the last checkpoint is not of this shard: " + last.position());
            } else if (!CheckpointCodec.isSigned(record, last.keyId(), keys)) {
                refuse("the last checkpoint, number " + last.number() + " at " + last.position()
                        + ", is not signed with a known key: it names " + last.keyId());
            }
            toBeMet = last;
            beginsThere = true;
            number = last.number();
            previous = Hash.of(record);
            signedSequence = last.position().sequence();
        } catch (MalformedException e) {
            refuse("what was published last is no checkpoint: " + e.getMessage());
        }
    }

    /** Where the journal is to be read on, or -1 for its beginning. */
    long from() {
        return toBeMet == null || !beginsThere ? -1 : toBeMet.offset();
    }

    /** What was signed last does not stand where it stood: it is looked for from the beginning, as in a journal that was copied. */
    void startOver() {
        beginsThere = false;
        isAstray = false;
    }

    /** Whether {@link #startOver} must be called and the journal read from its beginning. */
    boolean isAstray() {
        return isAstray;
    }

    /** Takes the next record of the journal. */
    void read(byte @Nullable [] record, long recordOffset, long nowNanos) {
        if (refusal != null || isAstray) {
            return;
        }
        JournalRecord next = decoded(record, recordOffset);
        if (next == null) {
            return;
        }
        if (toBeMet != null && beginsThere) {
            begin(toBeMet, next, recordOffset);
            return;
        }
        if (!follows(next)) {
            return;
        }
        books.add(next.entry());
        head = next.hash();
        sequence = next.entry().sequence();
        offset = recordOffset;
        atMillis = next.entry().atMillis();
        if (toBeMet != null) {
            meet(toBeMet);
        } else if (sequence == signedSequence + 1) {
            unsignedSinceNanos = nowNanos;
        }
    }

    private @Nullable JournalRecord decoded(byte @Nullable [] record, long recordOffset) {
        String place = "the record at offset " + recordOffset + " of the journal ";
        if (record == null) {
            refuse(place + "has no value");
            return null;
        }
        try {
            JournalRecord next = JournalCodec.decode(record);
            if (JournalCodec.isIntact(record)) {
                return next;
            }
            refuse(place + "was changed after it was sealed");
        } catch (MalformedException | InvariantViolation e) {
            refuse(place + "is no entry: " + e.getMessage());
        }
        return null;
    }

    /** The first record must be the entry that was signed last. */
    private void begin(Checkpoint last, JournalRecord first, long recordOffset) {
        if (first.entry().shard() != shard
                || first.entry().sequence() != last.position().sequence()) {
            isAstray = true;
            return;
        }
        books = ClientTotals.of(last.books());
        head = first.hash();
        sequence = first.entry().sequence();
        offset = recordOffset;
        atMillis = first.entry().atMillis();
        meet(last);
    }

    private void meet(Checkpoint last) {
        if (sequence < last.position().sequence()) {
            return;
        }
        if (!head.equals(last.hash())) {
            refuse("the journal was written anew: at " + last.position() + " the signed hash is "
                    + last.hash().hex() + ", and there is " + head.hex());
        } else if (atMillis != last.atMillis() || !books.byAsset().equals(last.books())) {
            refuse("the books at " + last.position() + " are not those that were signed: " + last.books() + ", and are "
                    + books.byAsset());
        }
        toBeMet = null;
    }

    private boolean follows(JournalRecord next) {
        if (next.entry().shard() != shard || next.entry().sequence() != sequence + 1) {
            refuse("the journal must go on with " + shard + ":" + (sequence + 1) + " and does with "
                    + next.entry().shard() + ":" + next.entry().sequence());
        } else if (!next.previous().equals(head)) {
            refuse("the hash chain breaks at " + shard + ":" + (sequence + 1) + ": prev must be " + head.hex()
                    + " and is " + next.previous().hex());
        }
        return refusal == null;
    }

    /** The journal was read to where it ended: what was signed last must have been found. */
    void ended() {
        if (toBeMet != null && refusal == null && !isAstray) {
            refuse("the journal was cut off: it ends at " + shard + ":" + sequence + ", and " + toBeMet.position()
                    + " was signed");
        }
    }

    /** Whether it is time to sign. */
    boolean isDue(long nowNanos) {
        boolean isLate = nowNanos - unsignedSinceNanos >= pace.interval().toNanos();
        return unsigned() >= pace.entriesMax() || (unsigned() > 0 && isLate);
    }

    /** How many good entries are not signed yet. */
    long unsigned() {
        return refusal != null || toBeMet != null ? 0 : sequence - signedSequence;
    }

    /** Signs how far the journal is. */
    byte[] sign() {
        Invariant.check(unsigned() > 0, "must have something to sign: shard=", shard);
        Checkpoint checkpoint = new Checkpoint(
                new Position(shard, sequence), number + 1, offset, atMillis, head, books.byAsset(), previous, key.id());
        byte[] record = CheckpointCodec.encode(checkpoint, key);
        number = checkpoint.number();
        previous = Hash.of(record);
        signedSequence = sequence;
        return record;
    }

    int shard() {
        return shard;
    }

    /** Where the last good entry stands. */
    long offset() {
        return offset;
    }

    /** Whether what was signed last is still to be found. */
    boolean isConfirming() {
        return toBeMet != null && refusal == null;
    }

    /** Why nothing more is signed; null when all is well. */
    @Nullable
    String refusal() {
        return refusal;
    }

    void refuse(String reason) {
        if (refusal == null) {
            refusal = reason;
        }
    }
}
