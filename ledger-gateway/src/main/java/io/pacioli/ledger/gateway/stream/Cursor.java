package io.pacioli.ledger.gateway.stream;

import io.pacioli.ledger.core.Invariant;
import io.pacioli.ledger.core.Position;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where a stream is in one shard, and where it gets what comes after that. Belongs to the stream's thread. */
final class Cursor {
    private final ShardTail shard;
    private final View view;
    private final Signal signal;
    private final CatchUp catchUp;
    private final StreamMetrics metrics;
    private long sequence;
    private boolean live;
    private @Nullable MissedPart part;
    private boolean handedOut;

    /**
     * What comes next.
     *
     * @param to the sequence up to which there is nothing else
     * @param failure why there will be no more; empty when there will
     * @param again whether more may be there already, so that nobody will be told of it
     */
    record Step(List<StreamEvent> events, long to, String failure, boolean again) {}

    /** @param shard that the signal watches already */
    Cursor(ShardTail shard, View view, Signal signal, CatchUp catchUp, StreamMetrics metrics) {
        this.shard = shard;
        this.view = view;
        this.signal = signal;
        this.catchUp = catchUp;
        this.metrics = metrics;
    }

    ShardTail shard() {
        return shard;
    }

    Position position() {
        return new Position(shard.shard(), sequence);
    }

    /** Everything up to this sequence has been written. */
    void moveTo(long written) {
        Invariant.check(written >= sequence, "must not go back behind ", sequence, ": sequence=", written);
        sequence = written;
    }

    /**
     * What comes after its position and is there, at most so many events if they are recent. What the last call returned must have
     * been written by now.
     */
    Step next(int max) {
        if (handedOut) {
            giveBack();
        }
        if (part == null) {
            if (!shard.failure().isEmpty()) {
                return new Step(List.of(), sequence, shard.failure(), false);
            }
            Optional<ShardTail.Found> found = shard.after(view, sequence, max);
            if (found.isPresent()) {
                live = true;
                List<StreamEvent> events = events(found.get().entries());
                return new Step(events, found.get().to(), "", !events.isEmpty());
            }
            goBack();
        }
        return missed();
    }

    private List<StreamEvent> events(List<RecentEntry> entries) {
        return entries.stream().map(entry -> entry.event(view)).toList();
    }

    /** Has the journal read again from its position: it was away for long, or reads slowly. */
    private void goBack() {
        if (live) {
            metrics.overflowed();
            live = false;
        }
        metrics.wentBack();
        part = catchUp.request(shard, view, sequence, signal);
    }

    private Step missed() {
        MissedPart read = part;
        if (read == null || !read.isComplete()) {
            return new Step(List.of(), sequence, "", false);
        }
        handedOut = true;
        // Even a part without events: nobody raises the signal again for the next one, or for what the recent entries
        // hold by now.
        return new Step(read.events(), read.to(), read.failure(), true);
    }

    private void giveBack() {
        if (part != null) {
            catchUp.release(part);
            part = null;
        }
        handedOut = false;
    }

    /** Leaves the shard. */
    void close() {
        giveBack();
        shard.leave(view, signal);
    }
}
