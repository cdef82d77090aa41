/** Restores what was exported of a ledger into a new cluster, so that it goes on there. */
@NullMarked
package io.pacioli.ledger.recovery;

import org.jspecify.annotations.NullMarked;
