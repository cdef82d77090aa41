package io.pacioli.ledger.projection.postgres;

import io.pacioli.ledger.core.Position;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An answer of the store.
 *
 * @param answer null when there is no such thing
 * @param asOf the positions that this is true for
 */
record Found<T>(@Nullable T answer, List<Position> asOf) {
    /** An answer that is always there. */
    T present() {
        return Objects.requireNonNull(answer, "this question always has an answer");
    }
}
