package io.pacioli.ledger.core;

import org.jspecify.annotations.Nullable;

/** The state of one shard as {@link Ledger#decide} sees it: a fold of the shard's own journal. Not thread safe. */
public interface ShardView {
    /** How far the shard has got. */
    ShardHeader header();

    /** An asset by its code, or null when the shard does not know it. */
    @Nullable
    Asset asset(String code);

    /** An account by its id, or null when it has never been opened or credited on this shard. */
    @Nullable
    Account account(String id);

    /** A command by its id, or null when it was not decided here or has been swept. */
    @Nullable
    RememberedCommand command(String id);

    /** The traffic with a peer. */
    Channel channel(int peer);
}
