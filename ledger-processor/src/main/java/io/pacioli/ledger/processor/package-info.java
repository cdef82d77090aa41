/**
 * The Kafka Streams shell around the core: loads state, calls the pure functions, stores and forwards.
 */
@NullMarked
package io.pacioli.ledger.processor;

import org.jspecify.annotations.NullMarked;
