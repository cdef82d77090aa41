package io.pacioli.ledger.gateway.stream;

import io.pacioli.ledger.service.Positions;
import io.pacioli.ledger.service.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One client's stream: positions in the shards that concern it, and a loop on the request's own thread that writes what comes after
 * them. It holds no events but those that it is about to write, so that a client that reads slowly costs a blocked virtual thread.
 */
final class EventStream {
    private static final int EVENTS_MAX = 256;
    private static final long GONE_NANOS = Duration.ofMillis(100).toNanos();
    private static final long RETRY_MILLIS_MIN = 1_000;
    private static final long RETRY_MILLIS_MAX = 3_000;

    private final List<Cursor> cursors;
    private final Signal signal;
    private final long heartbeatNanos;
    private final StreamMetrics metrics;
    private String toldId = "";
    private volatile boolean ended;

    /** @param signal of the thread that will run it */
    EventStream(List<Cursor> cursors, Signal signal, StreamSettings settings, StreamMetrics metrics) {
        this.cursors = List.copyOf(cursors);
        this.signal = signal;
        this.heartbeatNanos = settings.heartbeat().toNanos();
        this.metrics = metrics;
    }

    /** Makes it end as soon as what it writes just now is written. */
    void end() {
        ended = true;
        signal.raise();
    }

    /** Makes it end even though its client does not take what it writes. */
    void cutOff() {
        signal.interrupt();
    }

    /**
     * Writes until the stream is ended.
     *
     * @throws IOException when the client is gone, or has taken nothing for so long that the server gave it up
     * @throws InterruptedException when the thread was told to stop
     */
    void run(OutputStream out) throws IOException, InterruptedException {
        EventBuffer buffer = new EventBuffer(out);
        // Not the same for all: those whose server stopped should not come back at the same moment.
        buffer.retry(ThreadLocalRandom.current().nextLong(RETRY_MILLIS_MIN, RETRY_MILLIS_MAX));
        String start = id();
        event(buffer, EventText.start(start), start);
        buffer.flush();
        while (!ended) {
            boolean advanced = false;
            for (Cursor cursor : cursors) {
                advanced |= advance(cursor, buffer);
            }
            buffer.flush();
            if (!advanced && !ended) {
                awaitMore(buffer);
            }
        }
    }

    /** Writes what comes next in a shard, and tells whether to ask at once for what comes after it. */
    private boolean advance(Cursor cursor, EventBuffer buffer) throws IOException {
        Cursor.Step step = cursor.next(EVENTS_MAX);
        for (StreamEvent told : step.events()) {
            cursor.moveTo(told.sequence());
            event(buffer, told.text(), id());
        }
        metrics.sent(step.events().size());
        cursor.moveTo(step.to());
        if (!step.failure().isEmpty()) {
            Problem problem = Problem.of(500, "JOURNAL_UNREADABLE", step.failure());
            event(buffer, EventText.problem(problem), id());
            ended = true;
        }
        return step.again();
    }

    private void awaitMore(EventBuffer buffer) throws IOException, InterruptedException {
        long left = buffer.writtenAtNanos() + heartbeatNanos - System.nanoTime();
        if (left > 0) {
            signal.await(left);
        } else {
            heartbeat(buffer);
        }
    }

    /**
     * Tells how far it has come, too: who hears nothing for long need not come back to where that began. In two writes, as the first
     * one after a client has gone succeeds all the same, and only then its machine says so.
     */
    private void heartbeat(EventBuffer buffer) throws IOException, InterruptedException {
        buffer.comment();
        buffer.flush();
        signal.await(GONE_NANOS);
        String id = id();
        if (id.equals(toldId)) {
            buffer.end();
        } else {
            buffer.id(id);
            toldId = id;
        }
        buffer.flush();
    }

    private void event(EventBuffer buffer, byte[] text, String id) throws IOException {
        buffer.event(text, id);
        toldId = id;
    }

    private String id() {
        return Positions.text(cursors.stream().map(Cursor::position).toList());
    }

    /** Leaves the shards. */
    void close() {
        cursors.forEach(Cursor::close);
    }
}
