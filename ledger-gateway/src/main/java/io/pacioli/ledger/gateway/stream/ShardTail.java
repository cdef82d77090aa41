package io.pacioli.ledger.gateway.stream;

import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Invariant;
import io.pacioli.ledger.core.InvariantViolation;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.gateway.stream.OffsetIndex.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One shard that somebody watches: its recent entries, and who wants to hear of which. Thread safe; one thread feeds it, any number
 * asks.
 *
 * <p>It begins to read a little before the journal's end, for clients that come back after a short while, and answers nothing before
 * it has been at what was the end then.
 */
final class ShardTail {
    private static final Logger LOG = LoggerFactory.getLogger(ShardTail.class);

    /** How far before the end it begins, in offsets. */
    private static final long BEFORE_END = 2_000;

    private static final int FURTHER_BACK_FACTOR = 4;
    private static final int INDEXED_EVERY = 1_000;

    private final int shard;
    private final Chain chain;
    private final RecentEntries recent;
    private final OffsetIndex offsets = new OffsetIndex();
    private final Map<View, Channel> channels = new HashMap<>();
    private boolean started;
    private long begin;
    private long from;
    private long end;
    private long nextOffset;
    private boolean live;
    private String failure = "";
    private long unwatchedSinceNanos = System.nanoTime();

    /** Entries, and the sequence up to which there are no others that concern the view. */
    record Found(List<RecentEntry> entries, long to) {}

    /** @param recentWeightMax about how many bytes its recent entries may take on the heap */
    ShardTail(int shard, long recentWeightMax) {
        this.shard = shard;
        chain = new Chain(shard);
        recent = new RecentEntries(recentWeightMax);
    }

    int shard() {
        return shard;
    }

    /** Where some of its entries are in the journal. */
    OffsetIndex offsets() {
        return offsets;
    }

    /** From now on the signal is raised for what concerns the view, and for what concerns the whole shard. */
    synchronized void watch(View view, Signal signal) {
        channels.computeIfAbsent(view, v -> new Channel(recent.last()))
                .watchers()
                .add(signal);
    }

    /** Undoes {@link #watch}. */
    synchronized void leave(View view, Signal signal) {
        Channel channel = channels.get(view);
        if (channel != null
                && channel.watchers().remove(signal)
                && channel.watchers().isEmpty()) {
            channels.remove(view);
            unwatchedSinceNanos = System.nanoTime();
        }
    }

    /** Whether nobody has watched it for so long. */
    synchronized boolean isUnwatchedFor(long nanos) {
        return channels.isEmpty() && System.nanoTime() - unwatchedSinceNanos > nanos;
    }

    /** Whether it has been at the end of the journal. */
    synchronized boolean isLive() {
        return live;
    }

    /** The sequence of the last entry that was read. */
    synchronized long last() {
        return recent.last();
    }

    /** The offset of the first record that the partition had when this began. */
    synchronized long begin() {
        return begin;
    }

    /** The offset behind all that was read. */
    synchronized long nextOffset() {
        return nextOffset;
    }

    /** Why it cannot go on; empty when it can. */
    synchronized String failure() {
        return failure;
    }

    /** What concerns a view after a sequence, at most so many entries; empty when the recent entries do not reach back that far. */
    synchronized Optional<Found> after(View view, long sequence, int max) {
        if (sequence + 1 < recent.first()) {
            return Optional.empty();
        }
        Channel channel = channels.get(view);
        List<RecentEntry> found = channel != null && sequence >= channel.completeAfter()
                ? noted(channel, sequence, max)
                : looked(view, sequence, max);
        // A stream that comes from the journal itself may be ahead of the tail: it must not be set back.
        long to = found.size() == max ? found.getLast().sequence() : Math.max(sequence, recent.last());
        return Optional.of(new Found(found, to));
    }

    private List<RecentEntry> noted(Channel channel, long sequence, int max) {
        List<RecentEntry> found = new ArrayList<>();
        for (long noted : channel.after(sequence, max)) {
            found.add(recent.get(noted));
        }
        return found;
    }

    private List<RecentEntry> looked(View view, long sequence, int max) {
        List<RecentEntry> found = new ArrayList<>();
        for (long next = sequence + 1; next <= recent.last() && found.size() < max; next++) {
            RecentEntry entry = recent.get(next);
            if (View.of(entry.entry()).contains(view)) {
                found.add(entry);
            }
        }
        return found;
    }

    /** Whether it is known where to read. */
    synchronized boolean isStarted() {
        return started;
    }

    /**
     * Tells it where the partition begins and ends.
     *
     * @param partitionBegin the offset of its first record
     * @param partitionEnd the offset behind its last committed record
     */
    synchronized void start(long partitionBegin, long partitionEnd) {
        started = true;
        begin = partitionBegin;
        end = partitionEnd;
        from = Math.max(begin, end - BEFORE_END);
        nextOffset = from;
    }

    /** Takes the next records. One that does not continue the journal fails the shard. */
    void append(List<ConsumerRecord<byte[], byte[]>> records) {
        Set<Signal> concerned = new HashSet<>();
        try {
            append(records, concerned);
        } catch (MalformedException | InvariantViolation e) {
            fail("the journal is damaged behind " + shard + ":" + last() + ": " + e.getMessage());
        }
        concerned.forEach(Signal::raise);
    }

    private synchronized void append(List<ConsumerRecord<byte[], byte[]>> records, Set<Signal> concerned) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Entry entry = chain.next(record);
            recent.add(new RecentEntry(entry, record.value().length));
            nextOffset = record.offset() + 1;
            if (entry.sequence() % INDEXED_EVERY == 0) {
                offsets.add(new Place(entry.sequence(), record.offset()));
            }
            for (View view : View.of(entry)) {
                Channel channel = channels.get(view);
                if (channel != null) {
                    channel.add(entry.sequence());
                    concerned.addAll(channel.watchers());
                }
            }
        }
    }

    /**
     * Tells it how far the partition has been read, which may be further than its last record.
     *
     * @return where to go on reading instead, when all that was read held no entry
     */
    synchronized OptionalLong arrived(long offset) {
        nextOffset = offset;
        if (live || offset < end) {
            return OptionalLong.empty();
        }
        if (recent.isEmpty() && from > begin) {
            from = Math.max(begin, end - FURTHER_BACK_FACTOR * (end - from));
            nextOffset = from;
            return OptionalLong.of(from);
        }
        if (recent.isEmpty() && begin > 0) {
            fail("the journal has lost its entries: its first offset is " + begin);
            return OptionalLong.empty();
        }
        live = true;
        raiseAll();
        return OptionalLong.empty();
    }

    /** Gives up on the shard; its streams end. */
    synchronized void fail(String why) {
        LOG.error("Shard {} cannot be streamed: {}", shard, why);
        Invariant.check(!why.isEmpty(), "a failure must have a reason");
        failure = why;
        raiseAll();
    }

    private void raiseAll() {
        channels.values().forEach(channel -> channel.watchers().forEach(Signal::raise));
    }
}
