package io.pacioli.ledger.bench.compare;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Asks projections again and again how far they are, while something else goes on. */
final class LagWatch implements AutoCloseable {
    private static final long PERIOD_MILLIS = 250;

    private final LongSupplier journal;
    private final Map<Stage, LongSupplier> projections;
    private final Map<Stage, Long> entriesMax = new EnumMap<>(Stage.class);
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final Future<?> watching;

    /**
     * Starts to ask.
     *
     * @param journal how many entries the journal has
     * @param projections for each how many it has; 0 when it does not say
     */
    LagWatch(LongSupplier journal, Map<Stage, LongSupplier> projections) {
        this.journal = journal;
        this.projections = projections;
        projections.keySet().forEach(stage -> entriesMax.put(stage, 0L));
        watching = clock.scheduleAtFixedRate(this::ask, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void ask() {
        projections.forEach((stage, projection) -> {
            long entries = projection.getAsLong();
            // The journal is asked last: what it got meanwhile counts against the projection.
            if (entries > 0) {
                entriesMax.merge(stage, journal.getAsLong() - entries, Math::max);
            }
        });
    }

    /**
     * The most entries that each was behind. To be asked for once this is closed.
     *
     * @throws IllegalStateException when one could not be asked
     */
    Map<Stage, Long> entriesMax() {
        if (watching.state() == Future.State.FAILED) {
            throw new IllegalStateException("a projection does not say how far it is", watching.exceptionNow());
        }
        return entriesMax;
    }

    /** Lets the question that is being asked come to its end. */
    @Override
    public void close() {
        clock.close();
    }
}
