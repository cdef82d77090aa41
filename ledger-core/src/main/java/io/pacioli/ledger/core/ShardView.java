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

    /** A hold by its id, or null when there was none on this shard or it has been swept. */
    @Nullable
    Hold hold(String id);

    /** The receipt of a transfer to an account of this shard, or null when there was none or it has been swept. */
    @Nullable
    Receipt receipt(String transferId);

    /** A transaction that is neither made nor given up, by {@link PendingTransaction#key()}. */
    @Nullable
    PendingTransaction transaction(String key);

    /** A command that waits for its time, by its id. */
    @Nullable
    Deferral deferral(String commandId);

    /** What falls due first, or null when nothing will. */
    @Nullable
    Due firstDue();
}
