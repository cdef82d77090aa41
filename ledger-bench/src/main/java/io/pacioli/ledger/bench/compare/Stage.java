package io.pacioli.ledger.bench.compare;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** How far a transfer has come. */
enum Stage {
    /** The system has answered, and promises what its settings say. */
    ANSWERED("answered"),
    /** The outcome has been read from the committed journal. */
    JOURNALED("decided and journaled"),
    /** The projection in Redis shows it, its arrival on the other shard included. */
    VISIBLE("visible in Redis"),
    /** The projection in PostgreSQL has committed it with its history. */
    STORED("committed in PostgreSQL");

    private final String label;

    Stage(String label) {
        this.label = label;
    }

    /** The words for it in tables and files. */
    String label() {
        return label;
    }

    /** A copy that cannot be changed, in the order of the stages. */
    static <T> Map<Stage, T> inOrder(Map<Stage, T> figures) {
        Map<Stage, T> copy = new EnumMap<>(Stage.class);
        copy.putAll(figures);
        return Collections.unmodifiableMap(copy);
    }
}
