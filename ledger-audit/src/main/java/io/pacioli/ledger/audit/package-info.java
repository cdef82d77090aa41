/**
 * Replays the journal to prove every figure that the projections show.
 */
@NullMarked
package io.pacioli.ledger.audit;

import org.jspecify.annotations.NullMarked;
