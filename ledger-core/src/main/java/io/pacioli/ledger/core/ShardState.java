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
}
