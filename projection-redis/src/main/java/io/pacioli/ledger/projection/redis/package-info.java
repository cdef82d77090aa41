/**
 * The live projection: folds the journal into balances and leaderboards in Redis and answers queries from them.
 */
@NullMarked
package io.pacioli.ledger.projection.redis;

import org.jspecify.annotations.NullMarked;
