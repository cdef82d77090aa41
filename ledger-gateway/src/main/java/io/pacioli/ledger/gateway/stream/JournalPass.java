package io.pacioli.ledger.gateway.stream;

import io.pacioli.ledger.core.Invariant;
import io.pacioli.ledger.gateway.stream.OffsetIndex.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Sorts the entries of one pass over a stretch of a shard's journal into what several streams have missed. Not thread safe. */
final class JournalPass {
    private final ShardTail shard;
    private final Chain chain;
    private final Map<View, List<MissedPart>> open = new HashMap<>();
    private final long start;
    private long sequence;

    /** @param parts of one shard, none of which begins before the first */
    JournalPass(List<MissedPart> parts) {
        shard = parts.getFirst().shard();
        chain = new Chain(shard.shard());
        start = parts.getFirst().after();
        sequence = start;
        parts.forEach(part ->
                open.computeIfAbsent(part.view(), v -> new ArrayList<>()).add(part));
    }

    /** How far it has come. */
    long sequence() {
        return sequence;
    }

    /** How far it has come, for people. */
    String position() {
        return shard.shard() + ":" + sequence;
    }

    /** Whether all parts are full. */
    boolean isDone() {
        return open.isEmpty();
    }

    /**
     * Takes the next record; those before the start are passed over.
     *
     * @throws io.pacioli.ledger.core.MalformedException when it is no entry
     * @throws io.pacioli.ledger.core.InvariantViolation when it does not continue the journal
     */
    void take(ConsumerRecord<byte[], byte[]> record) {
        RecentEntry entry = new RecentEntry(chain.next(record), record.value().length);
        if (entry.sequence() <= start) {
            return;
        }
        Invariant.check(entry.sequence() == sequence + 1, "must follow ", sequence, ": sequence=", entry.sequence());
        sequence = entry.sequence();
        if (sequence % OffsetSearch.NEAR == 0) {
            shard.offsets().add(new Place(sequence, record.offset()));
        }
        for (View view : View.of(entry.entry())) {
            List<MissedPart> interested = open.get(view);
            if (interested != null && interested.removeIf(part -> part.add(entry)) && interested.isEmpty()) {
                open.remove(view);
            }
        }
    }

    /** The journal cannot be read on. Who has come by something goes on from there, and hears of it next time. */
    void fail(String why) {
        if (sequence == start) {
            open.values()
                    .forEach(parts ->
                            parts.stream().filter(part -> part.after() == start).forEach(part -> part.fail(why)));
        }
    }

    /** Tells those that are not full how far it has come. */
    void end() {
        open.values().forEach(parts -> parts.forEach(part -> part.lookedUpTo(sequence)));
    }
}
