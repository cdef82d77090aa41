package io.pacioli.ledger.projection.redis;

import io.pacioli.ledger.core.Position;
import java.util.List;
import java.util.Optional;

/**
 * What the store says, and the positions in the journal for which that is true. Both were read at once.
 *
 * @param positions one for each shard that was asked
 * @param value empty when the ledger does not know, at those positions, what was asked for
 */
public record Answer<T>(List<Position> positions, Optional<T> value) {}
