package io.pacioli.ledger.app.chaos;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Figures of a long run, gathered in windows of equal length. What the last third has and the one before it has not, has grown; the first
 * third is for warming up. Thread safe.
 */
final class SoakWindows {
    /** How many windows there are. */
    static final int COUNT = 6;

    private static final int THIRD = COUNT / 3;

    private final Map<SoakFigure, Map<String, DoubleSummaryStatistics[]>> figures = new EnumMap<>(SoakFigure.class);

    /**
     * One figure of one process.
     *
     * @param of whose it is
     * @param windows one value for each window; NaN where there was no sample
     */
    record Row(SoakFigure figure, String of, List<Double> windows) {
        /** What has grown that must not, or nobody knows of, or nothing. */
        String growth() {
            if (figure.isFlat() && windows.stream().anyMatch(value -> !Double.isFinite(value))) {
                return figure.title() + " of " + of + " could not be told all the time";
            }
            double before = highest(THIRD, 2 * THIRD);
            double last = highest(2 * THIRD, COUNT);
            return figure.hasGrown(before, last)
                    ? String.format(Locale.ROOT, "%s of %s grew from %.0f to %.0f", figure.title(), of, before, last)
                    : "";
        }

        private double highest(int from, int to) {
            return windows.subList(from, to).stream()
                    .mapToDouble(Double::doubleValue)
                    .filter(value -> !Double.isNaN(value))
                    .max()
                    .orElse(Double.NaN);
        }
    }

    /** Adds a sample. */
    synchronized void add(int window, SoakFigure figure, String of, double value) {
        figures.computeIfAbsent(figure, any -> new TreeMap<>())
                .computeIfAbsent(of, any -> made())[Math.clamp(window, 0, COUNT - 1)]
                .accept(value);
    }

    private static DoubleSummaryStatistics[] made() {
        DoubleSummaryStatistics[] made = new DoubleSummaryStatistics[COUNT];
        Arrays.setAll(made, i -> new DoubleSummaryStatistics());
        return made;
    }

    /** All figures, in the order of {@link SoakFigure}. */
    synchronized List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        figures.forEach((figure, all) -> all.forEach((of, windows) -> rows.add(new Row(
                figure,
                of,
                Arrays.stream(windows)
                        .map(samples -> samples.getCount() == 0 ? Double.NaN : figure.value(samples))
                        .toList()))));
        return rows;
    }
}
