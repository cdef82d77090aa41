package io.pacioli.ledger.gateway.stream;

import java.util.OptionalInt;

/** What is known of the ledger behind the streams. Thread safe. */
public interface LedgerState {
    /** The number of shards, as soon as the ledger's topics have been seen. */
    OptionalInt shards();

    /** What keeps the ledger from being reached, in words; empty when nothing does. */
    String trouble();
}
