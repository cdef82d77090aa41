package io.pacioli.ledger.bench.compare;

import io.pacioli.ledger.bench.ProcessorTime;
import io.pacioli.ledger.bench.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Results as tables for people, in Markdown that is aligned. */
final class ResultsTable {
    private static final String WHOLE = "%,.0f";
    private static final String TENTHS = "%.1f";
    private static final String HUNDREDTHS = "%.2f";

    private ResultsTable() {}

    /** Rates, what they are as a multiple of the reference, and what a transfer costs. */
    static List<String> throughput(Results results) {
        List<List<String>> cells = new ArrayList<>();
        cells.add(List.of(
                "workload",
                "system",
                "stage",
                "transfers/s (min to max)",
                "× PostgreSQL",
                "× Redis",
                "× uniform",
                "CPU µs/transfer",
                "bytes written/transfer"));
        for (Results.Row row : results.rows()) {
            cells.add(List.of(
                    row.workload(),
                    row.system(),
                    row.stage().label(),
                    spread(row.rate(), WHOLE),
                    ratio(row.timesPostgres()),
                    ratio(row.timesRedis()),
                    ratio(row.timesFirst()),
                    number(row.cpuMicros().median()),
                    number(row.writtenBytes().median())));
        }
        return table(cells);
    }

    /** What the processor time of a transfer went to, in microseconds. */
    static List<String> parts(Results results) {
        List<List<String>> cells = new ArrayList<>();
        cells.add(List.of("workload", "system", "CPU µs/transfer of each part"));
        for (Results.Parts parts : results.parts()) {
            cells.add(List.of(parts.workload(), parts.system(), ProcessorTime.told(parts.micros(), 1)));
        }
        return table(cells);
    }

    /** Latencies in milliseconds. */
    static List<String> latencies(Results results) {
        List<List<String>> cells = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("system", "request", "a second", "requests"));
        Latency.PERCENTILES.forEach(percentile -> head.add(Latency.label(percentile) + " ms"));
        cells.add(head);
        for (Latency latency : results.latencies()) {
            List<String> line = new ArrayList<>(
                    List.of(latency.system(), latency.request().label(), number(latency.rate()), number((double)
                            latency.requests())));
            latency.millis().values().forEach(millis -> line.add(number(millis, HUNDREDTHS)));
            cells.add(line);
        }
        return table(cells);
    }

    /** How far projections were behind, in entries at most and in seconds after the load. */
    static List<String> lags(Results results) {
        List<List<String>> cells = new ArrayList<>();
        cells.add(List.of(
                "load", "system", "behind", "entries at most (min to max)", "seconds after the load (min to max)"));
        for (Results.LagRow row : results.lags()) {
            cells.add(List.of(
                    row.workload() + ", as fast as it goes",
                    row.system(),
                    row.stage().label(),
                    spread(row.entriesMax(), WHOLE),
                    spread(row.secondsAfter(), TENTHS)));
        }
        for (Latency latency : results.latencies()) {
            latency.lags()
                    .forEach((stage, lag) -> cells.add(List.of(
                            number(latency.rate()) + " transfers/s",
                            latency.system(),
                            stage.label(),
                            number((double) lag.entriesMax()),
                            number(lag.secondsAfter(), TENTHS))));
        }
        return table(cells);
    }

    /** Without decimals; a dash for what is not known. */
    static String number(double value) {
        return number(value, WHOLE);
    }

    private static String ratio(double value) {
        return number(value, HUNDREDTHS);
    }

    private static String spread(Spread spread, String format) {
        return number(spread.median(), format) + " (" + number(spread.min(), format) + " to "
                + number(spread.max(), format) + ")";
    }

    private static String number(double value, String format) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
    }

    private static List<String> table(List<List<String>> cells) {
        int columns = cells.getFirst().size();
        List<Integer> widths = new ArrayList<>();
        for (int column = 0; column < columns; column++) {
            int number = column;
            widths.add(cells.stream()
                    .mapToInt(line -> line.get(number).length())
                    .max()
                    .orElse(0));
        }
        List<String> lines = new ArrayList<>();
        for (List<String> line : cells) {
            List<String> padded = new ArrayList<>();
            for (int column = 0; column < columns; column++) {
                padded.add(line.get(column)
                        + " ".repeat(widths.get(column) - line.get(column).length()));
            }
            lines.add("| " + String.join(" | ", padded) + " |");
        }
        lines.add(1, widths.stream().map("-"::repeat).collect(Collectors.joining(" | ", "| ", " |")));
        return lines;
    }
}
