/** Seeded streams of commands: the same seed gives the same commands, on every machine. */
@NullMarked
package io.pacioli.ledger.testkit.workload;

import org.jspecify.annotations.NullMarked;
