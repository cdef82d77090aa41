package io.pacioli.ledger.app.stack;

import java.util.Set;

/** Which projections run. */
enum ProjectionChoice {
    REDIS(Set.of(Projection.REDIS)),
    POSTGRES(Set.of(Projection.POSTGRES)),
    BOTH(Set.of(Projection.values()));

    private final Set<Projection> projections;

    ProjectionChoice(Set<Projection> projections) {
        this.projections = projections;
    }

    Set<Projection> projections() {
        return projections;
    }
}
