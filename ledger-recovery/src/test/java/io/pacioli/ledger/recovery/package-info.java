/** Tests of exports and imports, against a real broker. */
@NullMarked
package io.pacioli.ledger.recovery;

import org.jspecify.annotations.NullMarked;
