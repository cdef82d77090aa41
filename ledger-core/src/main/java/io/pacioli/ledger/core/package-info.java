/**
 * The pure ledger: the vocabulary and the two functions that every other module runs, {@link io.pacioli.ledger.core.Ledger#decide}
 * and {@link io.pacioli.ledger.core.Ledger#evolve}. Nothing here does I/O, reads a clock, draws a random number or knows JSON or
 * Kafka, so the processor, the audit and the simulation get the same answer for the same input.
 */
@NullMarked
package io.pacioli.ledger.core;

import org.jspecify.annotations.NullMarked;
