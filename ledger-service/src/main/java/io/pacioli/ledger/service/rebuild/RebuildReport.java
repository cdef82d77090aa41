package io.pacioli.ledger.service.rebuild;

import io.pacioli.ledger.core.Position;
import java.time.Duration;
import java.util.List;

/**
 * What became of a rebuild or a repair.
 *
 * @param entries how many entries of the journal were folded
 * @param duration how long that took, with everything else
 * @param positions where each shard was brought to, when the new took the place of the old or was compared with it
 * @param compared how many accounts, or rows, were compared
 * @param differences how many of them differed
 * @param first the first of them, {@link Differences#KEPT_MAX} at most
 * @param isSwapped whether the store is the new one now
 * @param notes what else is worth knowing, a sentence each
 */
public record RebuildReport(
        long entries,
        Duration duration,
        List<Position> positions,
        long compared,
        long differences,
        List<Difference> first,
        boolean isSwapped,
        List<String> notes) {
    /** Copies the lists. */
    public RebuildReport {
        positions = List.copyOf(positions);
        first = List.copyOf(first);
        notes = List.copyOf(notes);
    }
}
