package io.pacioli.ledger.audit;

import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Position;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** From where on a ledger is decided again in another way. */
public sealed interface From {
    /** Whether it says where a shard begins; one of which it does not begins with the first of the others. */
    boolean names(int shard);

    /** Whether a shard that it names begins with that entry, or did before. */
    boolean isReached(Entry entry);

    /** From the first entry of every shard on. */
    record Start() implements From {
        @Override
        public boolean names(int shard) {
            return true;
        }

        @Override
        public boolean isReached(Entry entry) {
            return true;
        }
    }

    /**
     * From an instant on, that instant included.
     *
     * @param atMillis milliseconds since 1970-01-01 UTC
     */
    record Instant(long atMillis) implements From {
        @Override
        public boolean names(int shard) {
            return true;
        }

        @Override
        public boolean isReached(Entry entry) {
            return entry.atMillis() >= atMillis;
        }
    }

    /**
     * From the entries at some positions on, these included.
     *
     * @param sequences by shard
     */
    record Sequences(Map<Integer, Long> sequences) implements From {
        /** Copies the map. */
        public Sequences {
            sequences = Map.copyOf(sequences);
        }

        /** Those of positions; of two of one shard the earlier. */
        public static Sequences of(List<Position> positions) {
            Map<Integer, Long> sequences = new HashMap<>();
            positions.forEach(position -> sequences.merge(position.shard(), position.sequence(), Math::min));
            return new Sequences(sequences);
        }

        @Override
        public boolean names(int shard) {
            return sequences.containsKey(shard);
        }

        @Override
        public boolean isReached(Entry entry) {
            return entry.sequence() >= sequences.getOrDefault(entry.shard(), Long.MAX_VALUE);
        }
    }
}
