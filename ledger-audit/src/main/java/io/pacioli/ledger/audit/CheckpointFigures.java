package io.pacioli.ledger.audit;

import io.pacioli.ledger.core.Position;
import java.util.List;

/**
 * What signed checkpoints say about the journal.
 *
 * @param verified how many this audit has verified: signature, place among the others, head of the chain, time and books
 * @param positions of the last one of each shard that this audit or the one that it goes on from has verified; none for a shard without
 * @param uncovered how many entries are behind the last one of their shard, so that nothing is signed of them yet
 * @param uncoveredSinceMillis when the first of those was decided; 0 when there is none
 */
public record CheckpointFigures(long verified, List<Position> positions, long uncovered, long uncoveredSinceMillis) {
    /** Copies the list. */
    public CheckpointFigures {
        positions = List.copyOf(positions);
    }
}
