/** Tests of the live projection: the fold by itself, the scripts against a real Redis, and the whole against a real Kafka too. */
@NullMarked
package io.pacioli.ledger.projection.redis;

import org.jspecify.annotations.NullMarked;
