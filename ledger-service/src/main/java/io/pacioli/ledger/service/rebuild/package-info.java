/**
 * What the rebuilds of all projections share: reading one shard's journal up to an exact place, telling how far it has got, and
 * reporting what the old and the new store differ in.
 */
@NullMarked
package io.pacioli.ledger.service.rebuild;

import org.jspecify.annotations.NullMarked;
