package io.pacioli.ledger.core;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Changes laid over a view that stays as it is, so that a decision of several entries sees the effects of its earlier ones. */
final class ShardOverlay implements ShardState {
    private final ShardView base;
    private final InMemoryShard changes;
    private final Map<Integer, Channel> channels = new HashMap<>();

    ShardOverlay(ShardView base) {
        this.base = base;
        changes = new InMemoryShard(base.header().shard());
        changes.put(base.header());
    }

    @Override
    public ShardHeader header() {
        return changes.header();
    }

    @Override
    public @Nullable Asset asset(String code) {
        Asset changed = changes.asset(code);
        return changed == null ? base.asset(code) : changed;
    }

    @Override
    public @Nullable Account account(String id) {
        Account changed = changes.account(id);
        return changed == null ? base.account(id) : changed;
    }

    @Override
    public @Nullable RememberedCommand command(String id) {
        RememberedCommand changed = changes.command(id);
        return changed == null ? base.command(id) : changed;
    }

    @Override
    public Channel channel(int peer) {
        Channel changed = channels.get(peer);
        return changed == null ? base.channel(peer) : changed;
    }

    @Override
    public void put(ShardHeader header) {
        changes.put(header);
    }

    @Override
    public void put(Asset asset) {
        changes.put(asset);
    }

    @Override
    public void put(Account account) {
        changes.put(account);
    }

    @Override
    public void put(RememberedCommand command) {
        changes.put(command);
    }

    @Override
    public void put(Channel channel) {
        channels.put(channel.peer(), channel);
    }

    @Override
    public @Nullable Hold hold(String id) {
        Hold changed = changes.hold(id);
        return changed == null ? base.hold(id) : changed;
    }

    @Override
    public @Nullable Receipt receipt(String transferId) {
        Receipt changed = changes.receipt(transferId);
        return changed == null ? base.receipt(transferId) : changed;
    }

    @Override
    public @Nullable PendingTransaction transaction(String key) {
        return base.transaction(key);
    }

    @Override
    public @Nullable Deferral deferral(String commandId) {
        return base.deferral(commandId);
    }

    @Override
    public @Nullable Due firstDue() {
        return base.firstDue();
    }

    @Override
    public void put(Hold hold) {
        changes.put(hold);
    }

    @Override
    public void put(Receipt receipt) {
        changes.put(receipt);
    }

    // No decision looks for these in what it has decided itself, nor for what falls due.

    @Override
    public void put(PendingTransaction transaction) {}

    @Override
    public void put(Deferral deferral) {}

    @Override
    public void put(Due due) {}

    @Override
    public void remove(PendingTransaction transaction) {}

    @Override
    public void remove(Deferral deferral) {}

    @Override
    public void remove(Due due) {}
}
