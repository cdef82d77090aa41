package io.pacioli.ledger.bench.compare;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * How long answers took at a fixed rate, from when a request was due to be sent (Gil Tene, "How NOT to Measure Latency").
 *
 * @param system the contender's name
 * @param request what was asked for
 * @param rate requests a second that were due
 * @param requests how many there were
 * @param millis for each percentile the latency, in milliseconds; 100 is the longest
 * @param lags how far each projection was behind meanwhile; empty where that was not asked
 */
record Latency(
        String system,
        Request request,
        int rate,
        long requests,
        SequencedMap<Double, Double> millis,
        Map<Stage, Lag> lags) {
    /** What was asked for. */
    enum Request {
        /** Until its outcome is known. */
        TRANSFER("transfer"),
        /** Over HTTP, beside as many transfers a second. */
        BALANCE("balance read");

        private final String label;

        Request(String label) {
            this.label = label;
        }

        /** The words for it in tables and files. */
        String label() {
            return label;
        }
    }

    /** What is told of each. */
    static final List<Double> PERCENTILES = List.of(50.0, 90.0, 99.0, 99.9, 100.0);

    Latency {
        lags = Stage.inOrder(lags);
    }

    static Latency of(String system, Request request, int rate, Histogram micros, Map<Stage, Lag> lags) {
        SequencedMap<Double, Double> millis = new LinkedHashMap<>();
        for (double percentile : PERCENTILES) {
            millis.put(percentile, micros.getValueAtPercentile(percentile) / 1e3);
        }
        return new Latency(system, request, rate, micros.getTotalCount(), millis, lags);
    }

    /** One line. */
    String summary() {
        return String.format(Locale.ROOT, "%s, %s at %,d/s: ", system, request.label(), rate)
                + millis.entrySet().stream()
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
