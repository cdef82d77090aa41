package io.pacioli.ledger.audit;

import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Position;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How far back or forth a ledger's books are wanted. */
public sealed interface Until {
    /** Whether an entry is part of the books. */
    boolean includes(Entry entry);

    /** Whether anything of a shard is. */
    boolean includes(int shard);

    /**
     * All that was decided by an instant, that instant included.
     *
     * @param atMillis milliseconds since 1970-01-01 UTC
     */
    record Instant(long atMillis) implements Until {
        @Override
        public boolean includes(Entry entry) {
            return entry.atMillis() <= atMillis;
        }

        @Override
        public boolean includes(int shard) {
            return true;
        }
    }

    /**
     * Some shards up to a sequence each, that entry included, and nothing of the others.
     *
     * @param sequences by shard
     */
    record Sequences(Map<Integer, Long> sequences) implements Until {
        /** Copies the map. */
        public Sequences {
            sequences = Map.copyOf(sequences);
        }

        /** Those of positions; of two of one shard the later. */
        public static Sequences of(List<Position> positions) {
            Map<Integer, Long> sequences = new HashMap<>();
            positions.forEach(position -> sequences.merge(position.shard(), position.sequence(), Math::max));
            return new Sequences(sequences);
        }

        @Override
        public boolean includes(Entry entry) {
            return entry.sequence() <= sequences.getOrDefault(entry.shard(), 0L);
        }

        @Override
        public boolean includes(int shard) {
            return sequences.getOrDefault(shard, 0L) > 0;
        }
    }

    /** All that there is. */
    record Now() implements Until {
        @Override
        public boolean includes(Entry entry) {
            return true;
        }

        @Override
        public boolean includes(int shard) {
            return true;
        }
    }
}
