package io.pacioli.ledger.processor;

import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.core.Account;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Channel;
import io.pacioli.ledger.core.RememberedCommand;
import io.pacioli.ledger.core.ShardHeader;
import io.pacioli.ledger.core.ShardState;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * A shard's state in a Kafka Streams store, with what is hot decoded in memory. Every change is written through to the store,
 * whose cache folds the changes of one transaction, so a task that starts anew finds all that was committed. Not thread safe.
 */
final class StoredShard implements ShardState {
    private static final float LOAD_FACTOR = 0.75f;

    private final KeyValueStore<byte[], byte[]> store;
    private final Map<String, Account> accounts;
    private final Map<String, Asset> assets = new HashMap<>();
    private final Map<Integer, Channel> channels = new HashMap<>();
    private ShardHeader header;
    private Hash chainHead;

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
    }

    /** The hash of the shard's last entry. */
    Hash chainHead() {
        return chainHead;
    }

    /** Sets the hash of the entry that is about to be applied; it is stored together with the header. */
    void chainHead(Hash hash) {
        chainHead = hash;
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
        store.put(StateKeys.HEADER, StateCodec.encode(newHeader, chainHead));
    }

    @Override
    public void put(Asset asset) {
        assets.put(asset.code(), asset);
        store.put(StateKeys.asset(asset.code()), StateCodec.encode(asset));
    }

    @Override
    public void put(Account account) {
        accounts.put(account.id(), account);
        store.put(StateKeys.account(account.id()), StateCodec.encode(account));
    }

    @Override
    public void put(RememberedCommand command) {
        store.put(StateKeys.command(command.id()), StateCodec.encode(command));
    }

    @Override
    public void put(Channel channel) {
        channels.put(channel.peer(), channel);
        store.put(StateKeys.channel(channel.peer()), StateCodec.encode(channel));
    }
}
