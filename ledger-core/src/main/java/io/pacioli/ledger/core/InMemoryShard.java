package io.pacioli.ledger.core;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A shard's state on the heap, for replays and simulations. Forgets nothing. Not thread safe. */
public final class InMemoryShard implements ShardState {
    private final Map<String, Asset> assets = new HashMap<>();
    private final Map<String, Account> accounts = new HashMap<>();
    private final Map<String, RememberedCommand> commands = new HashMap<>();
    private final Map<Integer, Channel> channels = new HashMap<>();
    private ShardHeader header;

    /** An empty shard. */
    public InMemoryShard(int shard) {
        header = ShardHeader.empty(shard);
    }

    /** All accounts, in no order; a view. */
    public Collection<Account> accounts() {
        return Collections.unmodifiableCollection(accounts.values());
    }

    /** All assets that the shard knows, in no order; a view. */
    public Collection<Asset> assets() {
        return Collections.unmodifiableCollection(assets.values());
    }

    @Override
    public ShardHeader header() {
        return header;
    }

    @Override
    public @Nullable Asset asset(String code) {
        return assets.get(code);
    }

    @Override
    public @Nullable Account account(String id) {
        return accounts.get(id);
    }

    @Override
    public @Nullable RememberedCommand command(String id) {
        return commands.get(id);
    }

    @Override
    public Channel channel(int peer) {
        return channels.getOrDefault(peer, Channel.idle(peer));
    }

    @Override
    public void put(ShardHeader newHeader) {
        header = newHeader;
    }

    @Override
    public void put(Asset asset) {
        assets.put(asset.code(), asset);
    }

    @Override
    public void put(Account account) {
        accounts.put(account.id(), account);
    }

    @Override
    public void put(RememberedCommand command) {
        commands.put(command.id(), command);
    }

    @Override
    public void put(Channel channel) {
        channels.put(channel.peer(), channel);
    }
}
