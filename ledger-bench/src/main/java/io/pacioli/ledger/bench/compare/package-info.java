/**
 * The ledger beside what its users would pick instead, in one run on one machine: the same transfers, one system at a time, the systems
 * taking turns.
 */
@NullMarked
package io.pacioli.ledger.bench.compare;

import org.jspecify.annotations.NullMarked;
