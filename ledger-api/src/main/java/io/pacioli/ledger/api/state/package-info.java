/** The state of a shard as bytes, for whoever keeps it: the processor in its store, an audit in its file. */
@NullMarked
package io.pacioli.ledger.api.state;

import org.jspecify.annotations.NullMarked;
