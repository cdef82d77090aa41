package io.pacioli.ledger.processor;

import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.core.Account;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Channel;
import io.pacioli.ledger.core.RememberedCommand;
import io.pacioli.ledger.core.ShardHeader;
import io.pacioli.ledger.core.ShardState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * A shard's state: what is hot decoded in memory, the rest in a store. Changes stay in memory until {@link #flush}, which writes
 * each changed record once, however often it has changed since. Not thread safe.
 */
final class StoredShard implements ShardState {
    private static final float LOAD_FACTOR = 0.75f;

    private final KeyValueStore<byte[], byte[]> store;
    private final Map<String, Account> accounts;
    private final Map<String, Asset> assets = new HashMap<>();
    private final Map<Integer, Channel> channels = new HashMap<>();
    private final Map<String, Account> changedAccounts = new HashMap<>();
    private final Map<String, RememberedCommand> changedCommands = new HashMap<>();
    private final Set<Asset> changedAssets = new HashSet<>();
    private final Set<Integer> changedChannels = new HashSet<>();
    private ShardHeader header;
    private Hash chainHead;
    private Progress progress;
    private boolean isChanged;
    private long flushedNanos = System.nanoTime();

    StoredShard(int shard, KeyValueStore<byte[], byte[]> store, int cachedAccountsMax) {
        this.store = store;
        accounts = new LinkedHashMap<>(16, LOAD_FACTOR, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Account> eldest) {
                return size() > cachedAccountsMax;
            }
        };
        byte @Nullable [] stored = store.get(StateKeys.HEADER);
        header = stored == null ? ShardHeader.empty(shard) : StateCodec.header(shard, stored);
        chainHead = stored == null ? Hash.ZERO : StateCodec.chainHead(stored);
        progress = stored == null ? Progress.NONE : StateCodec.progress(stored);
    }

    /** The hash of the shard's last entry. */
    Hash chainHead() {
        return chainHead;
    }

    /** Sets the hash of the entry that is about to be applied; it is stored together with the header. */
    void chainHead(Hash hash) {
        chainHead = hash;
    }

    /** How far the shard's commands have been read. */
    Progress progress() {
        return progress;
    }

    /** Sets how far the commands have been read; it is stored together with the header. */
    void progress(Progress reached) {
        progress = reached;
        isChanged = true;
    }

    @Override
    public ShardHeader header() {
        return header;
    }

    @Override
    public @Nullable Asset asset(String code) {
        Asset known = assets.get(code);
        if (known != null) {
            return known;
        }
        byte @Nullable [] stored = store.get(StateKeys.asset(code));
        if (stored == null) {
            return null;
        }
        Asset asset = StateCodec.asset(stored);
        assets.put(code, asset);
        return asset;
    }

    @Override
    public @Nullable Account account(String id) {
        Account known = accounts.get(id);
        if (known != null) {
            return known;
        }
        Account changed = changedAccounts.get(id);
        if (changed != null) {
            return changed;
        }
        byte @Nullable [] stored = store.get(StateKeys.account(id));
        if (stored == null) {
            return null;
        }
        Account account = StateCodec.account(id, stored);
        accounts.put(id, account);
        return account;
    }

    @Override
    public @Nullable RememberedCommand command(String id) {
        RememberedCommand changed = changedCommands.get(id);
        if (changed != null) {
            return changed;
        }
        byte @Nullable [] stored = store.get(StateKeys.command(id));
        return stored == null ? null : StateCodec.command(id, stored);
    }

    @Override
    public Channel channel(int peer) {
        return channels.computeIfAbsent(peer, p -> {
            byte @Nullable [] stored = store.get(StateKeys.channel(p));
            return stored == null ? Channel.idle(p) : StateCodec.channel(p, stored);
        });
    }

    @Override
    public void put(ShardHeader newHeader) {
        header = newHeader;
        isChanged = true;
    }

    @Override
    public void put(Asset asset) {
        assets.put(asset.code(), asset);
        changedAssets.add(asset);
    }

    @Override
    public void put(Account account) {
        accounts.put(account.id(), account);
        changedAccounts.put(account.id(), account);
    }

    @Override
    public void put(RememberedCommand command) {
        changedCommands.put(command.id(), command);
    }

    @Override
    public void put(Channel channel) {
        channels.put(channel.peer(), channel);
        changedChannels.add(channel.peer());
    }

    /** How long ago {@link #flush} was called, or this made: since when nothing was committed. */
    long nanosSinceFlush() {
        return System.nanoTime() - flushedNanos;
    }

    /** Writes what has changed since the last time to the store. */
    void flush() {
        flushedNanos = System.nanoTime();
        if (!isChanged) {
            return;
        }
        List<KeyValue<byte[], byte[]>> changes =
                new ArrayList<>(changedAccounts.size() + changedCommands.size() + changedChannels.size() + 2);
        changedAccounts.forEach(
                (id, account) -> changes.add(KeyValue.pair(StateKeys.account(id), StateCodec.encode(account))));
        changedCommands.forEach(
                (id, command) -> changes.add(KeyValue.pair(StateKeys.command(id), StateCodec.encode(command))));
        changedAssets.forEach(
                asset -> changes.add(KeyValue.pair(StateKeys.asset(asset.code()), StateCodec.encode(asset))));
        changedChannels.forEach(
                peer -> changes.add(KeyValue.pair(StateKeys.channel(peer), StateCodec.encode(channel(peer)))));
        changes.add(KeyValue.pair(StateKeys.HEADER, StateCodec.encode(header, chainHead, progress)));
        store.putAll(changes);
        changedAccounts.clear();
        changedCommands.clear();
        changedAssets.clear();
        changedChannels.clear();
        isChanged = false;
    }
}
