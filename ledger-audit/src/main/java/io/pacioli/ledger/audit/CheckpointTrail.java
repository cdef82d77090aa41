package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.Checkpoint;
import io.pacioli.ledger.api.CheckpointCodec;
import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.api.PublicKeys;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.core.MalformedException;
import java.math.BigInteger;
import java.util.SortedMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The signed checkpoints of one shard, each verified as it is read and compared with the books when the replay gets to its position. Used by
 * the thread that replays the shard. Not thread safe.
 */
final class CheckpointTrail {
    /**
     * How far the checkpoints of a shard were verified.
     *
     * @param offset where their partition is to be read on
     * @param number of the last one
     * @param last the hash of its record
     * @param sequence of the journal entry that it covers
     * @param uncoveredSinceMillis the time of the first entry behind it; 0 when there is none
     */
    record Standing(long offset, long number, Hash last, long sequence, long uncoveredSinceMillis) {
        /** Before the first. */
        static final Standing START = new Standing(0, 0, Hash.ZERO, 0, 0);
    }

    private final int shard;
    private final Topics topics;
    private final PublicKeys keys;
    private final Findings findings;
    private final @Nullable Inflow inflow;

    /** Where the replay began: what is signed of before cannot be compared any more. */
    private final long fromSequence;

    private @Nullable Checkpoint next;
    private long offset;
    private long number;
    private Hash last;
    private long sequence;
    private long uncoveredSinceMillis;
    private long readSequence;
    private long verified;

    /** The journal is another one than was signed: so it is at all checkpoints behind. */
    private boolean isContradicted;

    /** That of a shard whose checkpoints nobody looks at. */
    static CheckpointTrail none(int shard, Topics topics, Findings findings) {
        return new CheckpointTrail(shard, topics, PublicKeys.NONE, findings, null, Standing.START, 0);
    }

    /**
     * @param inflow the shard's partition of checkpoints; null when there is none or nobody can verify it
     * @param from how far an earlier audit has verified them
     * @param fromSequence the journal entry behind which the replay begins
     */
    CheckpointTrail(
            int shard,
            Topics topics,
            PublicKeys keys,
            Findings findings,
            @Nullable Inflow inflow,
            Standing from,
            long fromSequence) {
        this.shard = shard;
        this.topics = topics;
        this.keys = keys;
        this.findings = findings;
        this.inflow = inflow;
        this.fromSequence = fromSequence;
        offset = from.offset();
        number = from.number();
        last = from.last();
        sequence = from.sequence();
        readSequence = from.sequence();
        uncoveredSinceMillis = from.uncoveredSinceMillis();
    }

    @Nullable
    Inflow inflow() {
        return inflow;
    }

    /** To go on from when all that was read has been reached, as in an audit that passes. */
    Standing standing() {
        return new Standing(offset, number, last, sequence, uncoveredSinceMillis);
    }

    /** How many were verified and compared. */
    long verified() {
        return verified;
    }

    /** Whether it is known where the next one is, or that there is none. */
    boolean isKnown() {
        load();
        return next != null || inflow == null || inflow.isExhausted();
    }

    /** An entry was applied: the shard's replay is where its books say. */
    void reached(ShardBooks books) {
        if (uncoveredSinceMillis == 0) {
            uncoveredSinceMillis = books.atMillis();
        }
        load();
        Checkpoint due = next;
        if (due != null && due.position().sequence() == books.sequence()) {
            next = null;
            compare(due, books);
        }
    }

    /** Whether a checkpoint was found to contradict the journal. */
    boolean isContradicted() {
        return isContradicted;
    }

    private void compare(Checkpoint checkpoint, ShardBooks books) {
        if (isContradicted) {
            return;
        }
        SortedMap<String, BigInteger> clients = books.clients().byAsset();
        if (!checkpoint.hash().equals(books.last())) {
            String rule = "the journal must be the one that was signed: its hash here";
            add(books, rule, checkpoint.hash().hex(), books.last().hex());
        } else if (checkpoint.atMillis() != books.atMillis()) {
            String rule = "the time must be the one that was signed";
            add(books, rule, Long.toString(checkpoint.atMillis()), Long.toString(books.atMillis()));
        } else if (!checkpoint.books().equals(clients)) {
            String rule = "what clients have in total must be what was signed";
            add(books, rule, checkpoint.books().toString(), clients.toString());
        } else {
            verified++;
            sequence = books.sequence();
            uncoveredSinceMillis = 0;
        }
    }

    /** The journal is read to its end and all checkpoints are here: none may be behind it. */
    void finish(ShardBooks books) {
        load();
        while (next != null) {
            if (books.fault() == null && !isContradicted) {
                String rule = "the journal must reach the position that was signed";
                add(books, rule, next.position().toString(), shard + ":" + books.sequence());
            }
            next = null;
            load();
        }
    }

    /** Takes records until one is there to be compared. */
    private void load() {
        while (next == null && inflow != null && inflow.peek() != null) {
            ConsumerRecord<byte[], byte[]> record = inflow.take();
            offset = record.offset() + 1;
            Checkpoint checkpoint = verified(record);
            if (checkpoint != null && checkpoint.position().sequence() > fromSequence) {
                next = checkpoint;
            }
        }
    }

    /** A record's checkpoint, if it is signed and the next one; what is wrong with it is a finding. */
    private @Nullable Checkpoint verified(ConsumerRecord<byte[], byte[]> record) {
        byte @Nullable [] bytes = record.value();
        Checkpoint checkpoint;
        try {
            if (bytes == null) {
                throw new MalformedException("record", "must have a value", "null");
            }
            checkpoint = CheckpointCodec.decode(bytes);
        } catch (MalformedException e) {
            add(record, 0, 0, "must be a checkpoint: " + e.getMessage(), "", "");
            return null;
        }
        if (!keys.ids().contains(checkpoint.keyId())) {
            add(record, checkpoint, "must be signed by a known key", String.join(", ", keys.ids()), checkpoint.keyId());
            return null;
        }
        if (!CheckpointCodec.isSigned(bytes, checkpoint.keyId(), keys)) {
            String rule = "must carry the signature of its content by key " + checkpoint.keyId();
            add(record, checkpoint, rule, "", "");
            return null;
        }
        if (checkpoint.position().shard() != shard) {
            String found = checkpoint.position().toString();
            add(record, checkpoint, "must be of the shard of its partition", Integer.toString(shard), found);
            return null;
        }
        return placed(record, checkpoint, Hash.of(bytes)) ? checkpoint : null;
    }

    /** Whether a signed checkpoint goes on from those before, if not without a gap. */
    private boolean placed(ConsumerRecord<byte[], byte[]> record, Checkpoint checkpoint, Hash hash) {
        if (checkpoint.number() <= number || checkpoint.position().sequence() <= readSequence) {
            String expected = "number " + (number + 1) + " behind " + shard + ":" + readSequence;
            String found = "number " + checkpoint.number() + " at " + checkpoint.position();
            add(record, checkpoint, "must come behind those before", expected, found);
            return false;
        }
        if (checkpoint.number() != number + 1) {
            String rule = "checkpoints must be gapless: some were removed";
            add(record, checkpoint, rule, "number " + (number + 1), "number " + checkpoint.number());
        } else if (!checkpoint.previous().equals(last)) {
            String rule = "must name the checkpoint before by its hash";
            add(record, checkpoint, rule, checkpoint.previous().hex(), last.hex());
        }
        number = checkpoint.number();
        last = hash;
        readSequence = checkpoint.position().sequence();
        return true;
    }

    private void add(
            ConsumerRecord<byte[], byte[]> record, Checkpoint checkpoint, String rule, String expected, String found) {
        add(record, checkpoint.position().sequence(), checkpoint.atMillis(), rule, expected, found);
    }

    private void add(
            ConsumerRecord<byte[], byte[]> record,
            long sequenceNamed,
            long atMillis,
            String rule,
            String expected,
            String found) {
        findings.add(new Finding(
                Finding.Kind.CHECKPOINT,
                topics.checkpoints(),
                shard,
                sequenceNamed,
                record.offset(),
                atMillis,
                null,
                rule,
                expected,
                found));
    }

    /** Tells what the journal should be by a checkpoint. */
    private void add(ShardBooks books, String rule, String expected, String found) {
        isContradicted = true;
        findings.add(new Finding(
                Finding.Kind.CHECKPOINT,
                topics.journal(),
                shard,
                books.sequence(),
                Finding.NO_OFFSET,
                books.atMillis(),
                null,
                rule,
                expected,
                found));
    }
}
