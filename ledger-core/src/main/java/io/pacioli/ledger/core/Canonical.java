package io.pacioli.ledger.core;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** Maps in one order, whatever order the client chose: fingerprints and hashes depend on it. */
final class Canonical {
    private Canonical() {}

    /** An immutable copy, ordered by key. */
    static <K extends Comparable<K>, V> Map<K, V> copy(Map<K, V> map) {
        return map.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(map));
    }
}
