package io.pacioli.ledger.core;

/** The state of one shard as {@link Ledger#evolve} changes it. Nothing else may call these methods. Not thread safe. */
public interface ShardState extends ShardView {
    /** Replaces the header. */
    void put(ShardHeader header);

    /** Adds an asset. */
    void put(Asset asset);

    /** Adds or replaces an account. */
    void put(Account account);

    /** Remembers a command. */
    void put(RememberedCommand command);

    /** Replaces the counters of a channel. */
    void put(Channel channel);

    /** Adds or replaces a hold. */
    void put(Hold hold);

    /** Adds or replaces a receipt. */
    void put(Receipt receipt);

    /** Adds or replaces a transaction. */
    void put(PendingTransaction transaction);

    /** Adds a command that waits for its time. */
    void put(Deferral deferral);

    /** Adds something that falls due. */
    void put(Due due);

    /** Takes a transaction away that is made or given up. */
    void remove(PendingTransaction transaction);

    /** Takes a command away that waits no longer. */
    void remove(Deferral deferral);

    /** Takes something away that was due, or will not be any more. */
    void remove(Due due);
}
