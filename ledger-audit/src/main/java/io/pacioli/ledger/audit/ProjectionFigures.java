package io.pacioli.ledger.audit;

import io.pacioli.ledger.core.Position;
import java.util.List;

/**
 * What was compared of a projection.
 *
 * @param name its name
 * @param positions the last position of each shard at which it was compared
 * @param balances how many holdings were compared
 * @param entries how many entries of its history were compared; 0 for one without history
 * @param rows how many rows of its other tables of history were compared: rejections, metadata, figures by hour and day, accounts, assets
 * @param notKept how many entries its history does not keep any more, so that they were not compared
 * @param horizonMillis the time before which it keeps none; 0 when it keeps all
 * @param differences how many differences were found
 */
public record ProjectionFigures(
        String name,
        List<Position> positions,
        long balances,
        long entries,
        long rows,
        long notKept,
        long horizonMillis,
        long differences) {
    /** Copies the list. */
    public ProjectionFigures {
        positions = List.copyOf(positions);
    }
}
