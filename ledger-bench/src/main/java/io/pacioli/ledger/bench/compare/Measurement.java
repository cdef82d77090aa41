package io.pacioli.ledger.bench.compare;

/**
 * One run, and whose.
 *
 * @param system the contender's name
 * @param workload the workload's name
 * @param round from 1
 * @param usage what was used from the first call until the last stage, by the load generator too
 */
record Measurement(String system, String workload, int round, Run run, Usage usage) {
    private static final double MICROS_PER_SECOND = 1e6;

    /** Transfers a second that came as far; NaN when the system has no such stage. */
    double rate(Stage stage) {
        Double seconds = run.seconds().get(stage);
        return seconds == null ? Double.NaN : run.counts().transfers() / seconds;
    }

    /** Processor time, in microseconds. */
    double cpuMicrosPerTransfer() {
        return usage.time().total() * MICROS_PER_SECOND / run.counts().transfers();
    }

    /** The same of one part of it; 0 for one that used nothing. */
    double cpuMicrosPerTransfer(String part) {
        return usage.time().seconds().getOrDefault(part, 0.0)
                * MICROS_PER_SECOND
                / run.counts().transfers();
    }

    /** Bytes that came to the disks. */
    double writtenPerTransfer() {
        return usage.writtenBytes() / run.counts().transfers();
    }
}
