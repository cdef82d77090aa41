package io.pacioli.ledger.projection.postgres;

import org.jspecify.annotations.Nullable;

/**
 * An answer of the store.
 *
 * @param answer null when there is no such thing
 * @param asOf the positions that this is true for
 */
record Found<T>(@Nullable T answer, String asOf) {}
