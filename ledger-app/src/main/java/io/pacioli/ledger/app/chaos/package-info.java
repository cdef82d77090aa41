/**
 * {@code ledger chaos}, {@code overload} and {@code soak}: a whole ledger of separate processes that is killed, cut off, flooded or kept
 * busy for long, and the proof afterwards that the books are right and that nothing has grown.
 */
@NullMarked
package io.pacioli.ledger.app.chaos;

import org.jspecify.annotations.NullMarked;
