/** {@code ledger fuzz}: hostile input for every decoder, and for a whole ledger that runs. */
@NullMarked
package io.pacioli.ledger.app.fuzz;

import org.jspecify.annotations.NullMarked;
