package io.pacioli.ledger.app.chaos;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/** What must not be and is: the first different ones in words, all of them counted. Thread safe. */
final class Violations {
    /** Most that are told in words. */
    static final int KEPT_MAX = 50;

    private final SequencedSet<String> first = new LinkedHashSet<>();
    private long count;

    synchronized void add(String violation) {
        count++;
        if (first.size() < KEPT_MAX) {
            first.add(violation);
        }
    }

    synchronized long count() {
        return count;
    }

    synchronized List<String> first() {
        return List.copyOf(first);
    }
}
