package io.pacioli.ledger.service.rebuild;

import java.util.ArrayList;
import java.util.List;

/** Collects differences: counts all, and keeps the first ones that come. Thread safe. */
public final class Differences {
    /** How many are kept. */
    public static final int KEPT_MAX = 1_000;

    private final List<Difference> kept = new ArrayList<>();
    private long count;
    private long compared;

    /** Collects nothing yet. */
    public Differences() {}

    /** Something differs. */
    public synchronized void add(Difference difference) {
        count++;
        if (kept.size() < KEPT_MAX) {
            kept.add(difference);
        }
    }

    /** So many more things have been compared. */
    public synchronized void compared(long things) {
        compared += things;
    }

    /** How many things differ. */
    public synchronized long count() {
        return count;
    }

    /** How many things have been compared. */
    public synchronized long compared() {
        return compared;
    }

    /** Those that were kept, in their order. */
    public synchronized List<Difference> first() {
        return kept.stream().sorted(Difference.ORDER).toList();
    }
}
