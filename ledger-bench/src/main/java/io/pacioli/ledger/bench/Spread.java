package io.pacioli.ledger.bench;

import java.util.Collection;
import java.util.List;

/** The middle of some figures, and how far they are apart. */
public record Spread(double median, double min, double max) {
    /**
     * Of one figure or more; of an even number, the median is between the two in the middle. NaN when one of them is.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static Spread of(Collection<Double> figures) {
        if (figures.isEmpty()) {
            throw new IllegalArgumentException("there must be a figure");
        }
        if (figures.stream().anyMatch(figure -> figure.isNaN())) {
            return new Spread(Double.NaN, Double.NaN, Double.NaN);
        }
        List<Double> sorted = figures.stream().sorted().toList();
        int middle = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return new Spread(median, sorted.getFirst(), sorted.getLast());
    }
}
