package io.pacioli.ledger.gateway.stream;

import io.javalin.http.Header;
import io.micrometer.core.instrument.MeterRegistry;
import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.service.HttpModule;
import io.pacioli.ledger.service.Problem;
import io.pacioli.ledger.service.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * All streams of the process, and what they share: the journal's tail, and the readers for those that are behind. Thread safe.
 *
 * <p>It has no state that a client depends on: a stream that began at one gateway goes on at any other.
 */
public final class EventStreams implements AutoCloseable {
    private static final int SERVICE_UNAVAILABLE = 503;
    private static final int GONE = 410;
    private static final int CONFLICT = 409;
    private static final Map<String, String> RETRY = Map.of(Header.RETRY_AFTER, "1");
    private static final long OPEN_NANOS_MAX = Duration.ofSeconds(10).toNanos();
    private static final long AHEAD_NANOS_MAX = Duration.ofSeconds(5).toNanos();
    private static final long END_NANOS_MAX = Duration.ofMillis(500).toNanos();
    private static final long STOP_CHECK_NANOS = Duration.ofMillis(200).toNanos();
    private static final int SHARD_BYTES_MIN = 1 << 16;

    private final StreamSettings settings;
    private final LedgerState ledger;
    private final StreamMetrics metrics;
    private final JournalTail tail;
    private final CatchUp catchUp;
    private final StreamRoutes routes;
    private final AtomicInteger places = new AtomicInteger();
    private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    /**
     * Connects to nothing yet.
     *
     * @param kafka properties of Kafka's clients; must hold {@code bootstrap.servers}
     */
    public EventStreams(
            Map<String, String> kafka,
            Topics topics,
            StreamSettings settings,
            LedgerState ledger,
            MeterRegistry registry) {
        this.settings = settings;
        this.ledger = ledger;
        metrics = new StreamMetrics(registry);
        metrics.measureOpen(places::get);
        JournalConsumers consumers = new JournalConsumers(kafka, topics.journal());
        tail = new JournalTail(topics.journal(), consumers::following, metrics);
        catchUp = new CatchUp(consumers, settings.partsMax(), metrics);
        routes = new StreamRoutes(this);
    }

    /** The routes of the streams. */
    public HttpModule module() {
        return routes;
    }

    /** Starts the threads that read the journal; they connect when somebody watches. */
    public void start() {
        tail.start();
        catchUp.start();
    }

    /** Ends all streams, so that their clients go on elsewhere, and opens no more. Within a second. */
    void stop() {
        stopping = true;
        streams.forEach(EventStream::end);
        long deadlineNanos = System.nanoTime() + END_NANOS_MAX;
        while (!streams.isEmpty() && System.nanoTime() - deadlineNanos < 0) {
            LockSupport.parkNanos(this, END_NANOS_MAX / 100);
        }
        streams.forEach(EventStream::cutOff);
    }

    /** Stops within 15 s. */
    @Override
    public void close() {
        stop();
        tail.close();
        catchUp.close();
    }

    /** @throws ProblemException 503 while nobody knows how many shards there are */
    KafkaRouter router() {
        return new KafkaRouter(ledger.shards().orElseThrow(() -> unavailable(ledger.trouble())));
    }

    /**
     * Opens a stream for this thread, which is then to run it.
     *
     * @param shards those that concern the view
     * @param from where it begins; in the shards that are not named at their present end
     * @return to be given back to {@link #close(EventStream)}
     * @throws ProblemException 409 when a position is ahead of the journal, 410 when it is too far back, 503 when there are too many
     *     streams or the journal cannot be read now
     * @throws InterruptedException when the thread was told to stop
     */
    EventStream open(View view, List<Integer> shards, List<Position> from) throws InterruptedException {
        if (places.incrementAndGet() > settings.streamsMax()) {
            places.decrementAndGet();
            throw unavailable("TOO_MANY_STREAMS", "there are " + settings.streamsMax() + " streams already");
        }
        Signal signal = new Signal();
        List<Cursor> cursors = new ArrayList<>(shards.size());
        boolean opened = false;
        try {
            long bytes = Math.max(settings.recentBytes() / router().shards(), SHARD_BYTES_MIN);
            for (int shard : shards) {
                cursors.add(new Cursor(tail.watch(shard, bytes, view, signal), view, signal, catchUp, metrics));
            }
            for (Cursor cursor : cursors) {
                place(cursor, from, signal);
            }
            EventStream stream = new EventStream(cursors, signal, settings, metrics);
            streams.add(stream);
            if (stopping) {
                stream.end();
            }
            opened = true;
            return stream;
        } finally {
            if (!opened) {
                cursors.forEach(Cursor::close);
                places.decrementAndGet();
            }
        }
    }

    /** Undoes {@link #open}. */
    void close(EventStream stream) {
        if (streams.remove(stream)) {
            stream.close();
            places.decrementAndGet();
        }
    }

    private void place(Cursor cursor, List<Position> from, Signal signal) throws InterruptedException {
        ShardTail shard = cursor.shard();
        await(signal, OPEN_NANOS_MAX, () -> shard.isLive() || !shard.failure().isEmpty());
        if (!shard.failure().isEmpty()) {
            throw unavailable("JOURNAL_UNREADABLE", shard.failure());
        }
        if (!shard.isLive()) {
            throw unavailable(
                    "the journal cannot be read now" + (ledger.trouble().isEmpty() ? "" : ": " + ledger.trouble()));
        }
        OptionalLong asked = from.stream()
                .filter(position -> position.shard() == shard.shard())
                .mapToLong(Position::sequence)
                .findFirst();
        if (asked.isPresent()) {
            await(signal, AHEAD_NANOS_MAX, () -> shard.last() >= asked.getAsLong());
            check(asked.getAsLong(), shard);
        }
        cursor.moveTo(asked.orElse(shard.last()));
    }

    private void check(long asked, ShardTail shard) {
        Position last = new Position(shard.shard(), shard.last());
        Position position = new Position(shard.shard(), asked);
        if (asked > last.sequence()) {
            if (!ledger.trouble().isEmpty()) {
                throw unavailable(ledger.trouble());
            }
            String detail = position + " is ahead of the journal, which is at " + last;
            throw new ProblemException(
                    Problem.of(CONFLICT, "POSITION_AHEAD", detail).with("position", last));
        }
        if (last.sequence() - asked > settings.resumeMax()) {
            Position oldest = new Position(shard.shard(), last.sequence() - settings.resumeMax());
            String detail = position + " is too far back to go on from: the oldest is " + oldest
                    + "; what came before is in the history, such as /v1/accounts/{account}/entries";
            throw new ProblemException(
                    Problem.of(GONE, "RESUME_TOO_OLD", detail).with("oldest", oldest));
        }
    }

    private void await(Signal signal, long nanos, BooleanSupplier condition) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + nanos;
        for (long left = nanos; !condition.getAsBoolean() && left > 0; left = deadlineNanos - System.nanoTime()) {
            if (stopping) {
                throw unavailable("the server is stopping");
            }
            signal.await(Math.min(left, STOP_CHECK_NANOS));
        }
    }

    static ProblemException unavailable(String why) {
        return unavailable("LEDGER_UNAVAILABLE", why);
    }

    private static ProblemException unavailable(String code, String why) {
        return new ProblemException(Problem.of(SERVICE_UNAVAILABLE, code, why), RETRY);
    }

    /** All shards of a ledger. */
    static List<Integer> all(KafkaRouter router) {
        return IntStream.range(0, router.shards()).boxed().toList();
    }
}
