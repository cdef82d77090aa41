/** Tests of the command line. */
@NullMarked
package io.pacioli.ledger.app.stack;

import org.jspecify.annotations.NullMarked;
