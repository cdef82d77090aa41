/** Tests of the command line. */
@NullMarked
package io.pacioli.ledger.app.client;

import org.jspecify.annotations.NullMarked;
