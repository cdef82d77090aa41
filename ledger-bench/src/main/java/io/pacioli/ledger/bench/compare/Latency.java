package io.pacioli.ledger.bench.compare;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * How long outcomes took at a fixed rate, from when a transfer was due to be sent (Gil Tene, "How NOT to Measure Latency").
 *
 * @param system the contender's name
 * @param rate transfers a second that were due
 * @param transfers how many there were
 * @param millis for each percentile the latency, in milliseconds; 100 is the longest
 */
record Latency(String system, int rate, long transfers, SequencedMap<Double, Double> millis) {
    /** What is told of each. */
    static final List<Double> PERCENTILES = List.of(50.0, 90.0, 99.0, 99.9, 100.0);

    static Latency of(String system, int rate, Histogram micros) {
        SequencedMap<Double, Double> millis = new LinkedHashMap<>();
        for (double percentile : PERCENTILES) {
            millis.put(percentile, micros.getValueAtPercentile(percentile) / 1e3);
        }
        return new Latency(system, rate, micros.getTotalCount(), millis);
    }

    /** One line, without the rate. */
    String summary() {
        return millis.entrySet().stream()
                .map(entry -> String.format(Locale.ROOT, "%s %.2f ms", label(entry.getKey()), entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    /** The words for a percentile. */
    static String label(double percentile) {
        if (percentile == 100) {
            return "max";
        }
        return percentile == Math.rint(percentile) ? "p" + (long) percentile : "p" + percentile;
    }
}
