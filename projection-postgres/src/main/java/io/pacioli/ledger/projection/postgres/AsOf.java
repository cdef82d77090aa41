package io.pacioli.ledger.projection.postgres;

import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.service.Parameters;
import io.pacioli.ledger.service.Positions;
import java.time.Instant;
import java.util.List;

/** A time, or a place in the journal, that balances are asked for. */
sealed interface AsOf {
    /** After all that was decided at this time or before it. */
    record Time(Instant instant) implements AsOf {
        /** The first time at which an entry is later. */
        Instant after() {
            return Instant.ofEpochMilli(instant.toEpochMilli() + 1);
        }

        @Override
        public String toString() {
            return instant.toString();
        }
    }

    /** After these entries, one a shard. */
    record Places(List<Position> positions) implements AsOf {
        @Override
        public String toString() {
            return Positions.text(positions);
        }
    }

    /**
     * Reads an instant, a date or positions.
     *
     * @param shards the number of shards
     * @throws IllegalArgumentException when the text is anything else
     */
    static AsOf parse(String text, int shards) {
        boolean isTime = text.indexOf('-') > 0 || text.indexOf(':') < 0;
        if (isTime) {
            return new Time(Parameters.parseInstant(text));
        }
        List<Position> positions = Positions.parse(text, shards);
        if (positions.stream().map(Position::shard).distinct().count() < positions.size()) {
            throw new IllegalArgumentException("one position a shard");
        }
        return new Places(positions);
    }
}
