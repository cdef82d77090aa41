/** Tests of the command line. */
@NullMarked
package io.pacioli.ledger.app;

import org.jspecify.annotations.NullMarked;
