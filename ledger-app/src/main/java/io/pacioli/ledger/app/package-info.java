/**
 * The {@code ledger} command line and the stack of services that it starts.
 */
@NullMarked
package io.pacioli.ledger.app;

import org.jspecify.annotations.NullMarked;
