package io.pacioli.ledger.app.chaos;

import io.pacioli.ledger.processor.ProcessorSettings;
import java.util.DoubleSummaryStatistics;

/** What is watched in a long run, what one window of it is told as, and by how much it may grow. */
enum SoakFigure {
    /** Commands that were answered. */
    RATE("commands a second", Told.AVERAGE),
    /** From when a command was due until its outcome was known. */
    P50("latency p50, ms", Told.HIGHEST),
    /** The same. */
    P99("latency p99, ms", Told.HIGHEST),
    /** Nobody knows what became of them: there is none once everything is warm. */
    UNANSWERED("requests without an answer", Told.TOTAL, -1, 0),
    /**
     * How far a projection is behind the journal when it is least so: a lag that grows has no good moments. It is
     * bounded whatever it was before.
     */
    LAG("entries behind at the best moment", Told.LOWEST, -1, 10_000),
    /** The same at the worst moment, which a pause of anything makes. */
    LAG_MAX("entries behind at the worst moment", Told.HIGHEST),
    /** All memory of a process and its children. */
    RESIDENT("resident memory, MiB", Told.HIGHEST, 0.05, 24),
    /** The lowest that was seen is near what is there after a collection. */
    HEAP("heap in use at the best moment, MiB", Told.LOWEST, 0.15, 16),
    /** What RocksDB has in use. It fills what it may take, with what is asked for most, and no more whatever it was before. */
    STATE("RocksDB's memory, MiB", Told.HIGHEST, -1, 1.05 * (ProcessorSettings.STATE_MEMORY_BYTES >> 20)),
    /** Threads of the operating system. */
    THREADS("threads", Told.HIGHEST, 0, 4),
    /** Files, sockets and pipes. */
    FILES("open files", Told.HIGHEST, 0.05, 16),
    /**
     * The same of PostgreSQL. Each of its processes keeps open what it has once opened, up to {@code max_files_per_process}, 1,000: these grow
     * with the tables. A connection that is left behind is a process, and so is among the threads.
     */
    CACHED_FILES("open files, kept up to a bound", Told.HIGHEST),
    /** All that Redis holds, by account. */
    REDIS("bytes in Redis per account", Told.AVERAGE, 0.02, 8),
    /** Accounts of the ledger. */
    ACCOUNTS("accounts", Told.HIGHEST),
    /** What grows as long as the ledger keeps it: records, state, history. */
    DISK("files on disk, MiB", Told.HIGHEST);

    /** What the samples of a window are told as. */
    private enum Told {
        LOWEST,
        AVERAGE,
        TOTAL,
        HIGHEST
    }

    private final String title;
    private final Told told;
    private final boolean flat;
    private final double part;
    private final double allowance;

    SoakFigure(String title, Told told) {
        this(title, told, false, 0, 0);
    }

    /**
     * One that must not grow.
     *
     * @param part by which part of what it was it may; -1 when the allowance is all that it may be
     * @param allowance by how much more
     */
    SoakFigure(String title, Told told, double part, double allowance) {
        this(title, told, true, part, allowance);
    }

    SoakFigure(String title, Told told, boolean flat, double part, double allowance) {
        this.title = title;
        this.told = told;
        this.flat = flat;
        this.part = part;
        this.allowance = allowance;
    }

    /** What it is called, with its unit. */
    String title() {
        return title;
    }

    /** What one window is told as. */
    double value(DoubleSummaryStatistics samples) {
        return switch (told) {
            case LOWEST -> samples.getMin();
            case AVERAGE -> samples.getAverage();
            case TOTAL -> samples.getSum();
            case HIGHEST -> samples.getMax();
        };
    }

    /** Whether it must not grow. */
    boolean isFlat() {
        return flat;
    }

    /** Whether it must not grow and has, from one value to a later one. */
    boolean hasGrown(double before, double after) {
        return flat && after > before * (1 + part) + allowance;
    }
}
