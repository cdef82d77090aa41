package io.pacioli.ledger.bench.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Results as tables for people, in Markdown that is aligned. */
final class ResultsTable {
    private ResultsTable() {}

    /** Rates, what they are as a multiple of the reference, and what a transfer costs. */
    static List<String> throughput(Results results) {
        List<List<String>> cells = new ArrayList<>();
        cells.add(List.of(
                "workload",
                "system",
                "stage",
                "transfers/s (min to max)",
                "ratio",
                "CPU µs/transfer",
                "bytes written/transfer"));
        for (Results.Row row : results.rows()) {
            cells.add(List.of(
                    row.workload(),
                    row.system(),
                    row.stage().label(),
                    number(row.rate().median()) + " (" + number(row.rate().min()) + " to "
                            + number(row.rate().max()) + ")",
                    Double.isNaN(row.ratio()) ? "-" : String.format(Locale.ROOT, "%.2f", row.ratio()),
                    number(row.cpuMicros().median()),
                    number(row.writtenBytes().median())));
        }
        return table(cells);
    }

    /** Latencies in milliseconds. */
    static List<String> latencies(Results results) {
        List<List<String>> cells = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("system", "transfers/s"));
        Latency.PERCENTILES.forEach(percentile -> head.add(Latency.label(percentile) + " ms"));
        cells.add(head);
        for (Latency latency : results.latencies()) {
            List<String> line = new ArrayList<>(List.of(latency.system(), number(latency.rate())));
            latency.millis().values().forEach(millis -> line.add(String.format(Locale.ROOT, "%.2f", millis)));
            cells.add(line);
        }
        return table(cells);
    }

    /** Without decimals; a dash for what is not known. */
    static String number(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%,.0f", value);
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
