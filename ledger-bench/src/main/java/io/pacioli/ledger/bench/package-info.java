/**
 * Benchmarks of the ledger and of what its users would pick instead.
 */
@NullMarked
package io.pacioli.ledger.bench;

import org.jspecify.annotations.NullMarked;
