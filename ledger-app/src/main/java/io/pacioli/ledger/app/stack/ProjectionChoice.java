package io.pacioli.ledger.app.stack;

import java.util.Set;

/** Which projections run. */
enum ProjectionChoice {
    REDIS,
    POSTGRES,
    BOTH;

    Set<Projection> projections() {
        return switch (this) {
            case REDIS -> Set.of(Projection.REDIS);
            case POSTGRES -> Set.of(Projection.POSTGRES);
            case BOTH -> Set.of(Projection.values());
        };
    }
}
