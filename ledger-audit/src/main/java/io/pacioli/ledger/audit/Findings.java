package io.pacioli.ledger.audit;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/** Collects findings: counts all, and keeps the first of each kind in the order of {@link Finding#ORDER}. Thread safe. */
final class Findings {
    /** How many of a kind are kept. */
    static final int KEPT_MAX = 100;

    private final Map<Finding.Kind, PriorityQueue<Finding>> kept = new EnumMap<>(Finding.Kind.class);
    private long differences;
    private long warnings;

    synchronized void add(Finding finding) {
        if (finding.isWarning()) {
            warnings++;
        } else {
            differences++;
        }
        PriorityQueue<Finding> ofKind =
                kept.computeIfAbsent(finding.kind(), kind -> new PriorityQueue<>(Finding.ORDER.reversed()));
        ofKind.add(finding);
        if (ofKind.size() > KEPT_MAX) {
            ofKind.remove();
        }
    }

    synchronized long differences() {
        return differences;
    }

    synchronized long warnings() {
        return warnings;
    }

    /** Those that were kept, in their order. */
    synchronized List<Finding> first() {
        List<Finding> all = new ArrayList<>();
        kept.values().forEach(all::addAll);
        all.sort(Finding.ORDER);
        return List.copyOf(all);
    }
}
