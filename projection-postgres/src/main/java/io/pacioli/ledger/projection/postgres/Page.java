package io.pacioli.ledger.projection.postgres;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * @param items may be fewer than asked for, even none, although there are more: a request reads a bounded number of rows
 * @param nextCursor where the next part begins; null at the end of the list
 */
record Page<T>(List<T> items, @Nullable String nextCursor) {
    /** Most rows that a request reads to find items that all its filters let through. */
    static final int READ_MAX = 1_500;

    /**
     * A row that was read.
     *
     * @param item null when a filter keeps it out
     * @param cursor of what comes after it
     * @param isLast whether the reading ended with it because of its bound: there may be more
     */
    record Line<T>(@Nullable T item, String cursor, boolean isLast) {}

    /** Reads a list, or a part of it, from where the page begins. */
    interface Reader<T> {
        /** @param rowsMax most lines to read; fewer without a last one mean that there are no more */
        List<Line<T>> read(int rowsMax);
    }

    /** @param limit most items, at least 1 */
    static <T> Page<T> read(int limit, Reader<T> list) {
        return read(limit, List.of(list));
    }

    /**
     * Reads part after part until the page is full.
     *
     * @param limit most items, at least 1
     */
    static <T> Page<T> read(int limit, List<Reader<T>> parts) {
        List<T> items = new ArrayList<>();
        @Nullable String cursor = null;
        for (Reader<T> part : parts) {
            int rowsMax = limit - items.size() + 1;
            List<Line<T>> lines = part.read(rowsMax);
            for (Line<T> line : lines) {
                if (items.size() == limit && line.item() != null) {
                    return new Page<>(items, cursor);
                }
                if (line.item() != null) {
                    items.add(line.item());
                }
                cursor = line.cursor();
                if (line.isLast()) {
                    return new Page<>(items, cursor);
                }
            }
            if (lines.size() >= rowsMax) {
                return new Page<>(items, cursor);
            }
        }
        return new Page<>(items, null);
    }
}
