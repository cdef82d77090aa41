package io.pacioli.ledger.app.chaos;

import io.pacioli.ledger.app.chaos.Asked.Heard;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.core.Position;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongPredicate;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What all clients share: their records, what was acknowledged last, and how long that took. Thread safe. */
final class Traffic {
    private static final int RECENT = 1_024;
    private static final long HIGHEST_MICROS = TimeUnit.HOURS.toMicros(1);
    private static final int DIGITS = 3;

    private final ClientLog log;
    private final LongPredicate isQuietSince;
    private final AtomicReferenceArray<Written> recent = new AtomicReferenceArray<>(RECENT);
    private final Histogram quiet = new ConcurrentHistogram(HIGHEST_MICROS, DIGITS);
    private final Histogram troubled = new ConcurrentHistogram(HIGHEST_MICROS, DIGITS);
    private final AtomicLong answers = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();

    /**
     * What a client may expect to read.
     *
     * @param account that the command was about
     * @param position of its outcome
     */
    record Written(String account, Position position) {}

    /** A command on its way. */
    record Sending(Command command, Asked asked) {}

    /** @param isQuietSince whether no fault is being survived now, and none was since a moment, by {@link System#nanoTime()} */
    Traffic(ClientLog log, LongPredicate isQuietSince) {
        this.log = log;
        this.isQuietSince = isQuietSince;
    }

    Sending send(Command command) {
        return new Sending(command, log.ask(command));
    }

    /** A client heard what became of a command. */
    void answered(Sending sending, Outcome outcome) {
        Asked asked = sending.asked();
        boolean isFirst = asked.heard().isEmpty();
        asked.hear(Heard.of(outcome));
        answers.incrementAndGet();
        if (isFirst) {
            long micros = Math.min(HIGHEST_MICROS, (System.nanoTime() - asked.firstSentNanos()) / 1_000);
            (isQuietSince.test(asked.firstSentNanos()) ? quiet : troubled).recordValue(micros);
        }
        if (!(outcome instanceof Outcome.Refused)) {
            int place = (int) (answers.get() % RECENT);
            recent.set(place, new Written(sending.command().account(), outcome.position()));
        }
    }

    /** How many answers there were. */
    long answers() {
        return answers.get();
    }

    /** A client got no answer. */
    void failed() {
        failures.incrementAndGet();
    }

    /** Something acknowledged a moment ago, or null when there is nothing yet. */
    @Nullable
    Written anyRecent(SplittableRandom random) {
        return recent.get(random.nextInt(RECENT));
    }

    /** Attempts without an answer. */
    long failures() {
        return failures.get();
    }

    /** Latencies in microseconds, from the first attempt to the outcome, of commands that met no fault. */
    Histogram quiet() {
        return quiet;
    }

    /** Latencies of the others. */
    Histogram troubled() {
        return troubled;
    }
}
