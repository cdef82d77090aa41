/** Tests of the command line. */
@NullMarked
package io.pacioli.ledger.app.demo;

import org.jspecify.annotations.NullMarked;
