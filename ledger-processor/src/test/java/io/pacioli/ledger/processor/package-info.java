/** The processor's tests: one shard in the topology's own driver, several by hand, and all of it against a real broker. */
@NullMarked
package io.pacioli.ledger.processor;

import org.jspecify.annotations.NullMarked;
