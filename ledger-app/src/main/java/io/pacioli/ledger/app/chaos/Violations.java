package io.pacioli.ledger.app.chaos;

import java.util.ArrayList;
import java.util.List;

/** What must not be and is: the first ones in words, all of them counted. Thread safe. */
final class Violations {
    /** Most that are told in words. */
    static final int KEPT_MAX = 50;

    private final List<String> first = new ArrayList<>();
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
