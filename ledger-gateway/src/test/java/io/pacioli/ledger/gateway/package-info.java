/** Tests of the HTTP door, over real HTTP and real Kafka. */
@NullMarked
package io.pacioli.ledger.gateway;

import org.jspecify.annotations.NullMarked;
