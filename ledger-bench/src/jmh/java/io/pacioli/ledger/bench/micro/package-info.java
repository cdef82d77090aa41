/**
 * Benchmarks of single functions of the core and of the codecs, with JMH: what a transfer costs without a broker, stores and networks.
 */
@NullMarked
package io.pacioli.ledger.bench.micro;

import org.jspecify.annotations.NullMarked;
