package io.pacioli.ledger.processor;

import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.api.state.StateCodec;
import io.pacioli.ledger.core.Account;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Channel;
import io.pacioli.ledger.core.Deferral;
import io.pacioli.ledger.core.Due;
import io.pacioli.ledger.core.Hold;
import io.pacioli.ledger.core.PendingTransaction;
import io.pacioli.ledger.core.Receipt;
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
 * A shard's state: what is hot decoded in memory, accounts that were hot before as bytes in memory, all in a store. Changes stay in memory
 * until {@link #flush}, which writes each changed record once, however often it has changed since. Not thread safe.
 */
final class StoredShard implements ShardState {
    private static final float LOAD_FACTOR = 0.75f;

    private final KeyValueStore<byte[], byte[]> store;
    private final Map<String, Account> accounts;
    private final PackedAccounts packedAccounts;
    private final Map<String, Asset> assets = new HashMap<>();
    private final Map<Integer, Channel> channels = new HashMap<>();
    private final Map<String, Account> changedAccounts = new HashMap<>();
    private final Set<Asset> changedAssets = new HashSet<>();
    private final Set<Integer> changedChannels = new HashSet<>();
    private final Table<RememberedCommand> commands;
    private final Table<Hold> holds;
    private final Table<Receipt> receipts;
    private final Table<PendingTransaction> transactions;
    private final Table<Deferral> deferrals;
    private final Table<ReplyAddresses> replyAddresses;
    private final DueQueue due;
    private ShardHeader header;
    private Hash chainHead;
    private Progress progress;
    private boolean isChanged;
    private long flushedNanos = System.nanoTime();

    /** @param cache what is kept of this shard's accounts */
    StoredShard(int shard, KeyValueStore<byte[], byte[]> store, AccountCache cache) {
        this.store = store;
        commands = new Table<>(store, StateKeys::command, StateCodec::encode, StateCodec::command);
        holds = new Table<>(store, StateKeys::hold, StateCodec::encode, StateCodec::hold);
        receipts = new Table<>(store, StateKeys::receipt, StateCodec::encode, StateCodec::receipt);
        transactions = new Table<>(store, StateKeys::transaction, StateCodec::encode, StateCodec::transaction);
        deferrals = new Table<>(store, StateKeys::deferral, StateCodec::encode, StateCodec::deferral);
        replyAddresses = new Table<>(store, StateKeys::replyTo, ReplyAddresses::encode, ReplyAddresses::decode);
        due = new DueQueue(store);
        packedAccounts = new PackedAccounts(cache.packedBytesMax());
        accounts = new LinkedHashMap<>(16, LOAD_FACTOR, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Account> eldest) {
                boolean isFull = size() > cache.decodedMax();
                if (isFull && packedAccounts.keepsAny()) {
                    packedAccounts.put(eldest.getKey(), StateCodec.encode(eldest.getValue()));
                }
                return isFull;
            }
        };
        byte @Nullable [] stored = store.get(StateKeys.HEADER);
        header = stored == null ? ShardHeader.empty(shard) : HeaderCodec.header(shard, stored);
        chainHead = stored == null ? Hash.ZERO : HeaderCodec.chainHead(stored);
        progress = stored == null ? Progress.NONE : HeaderCodec.progress(stored);
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
        // Packed again whenever it leaves the accounts above, so as it was last once it is not among them.
        byte @Nullable [] stored = packedAccounts.get(id);
        if (stored == null) {
            stored = store.get(StateKeys.account(id));
        }
        if (stored == null) {
            return null;
        }
        Account account = StateCodec.account(id, stored);
        accounts.put(id, account);
        return account;
    }

    @Override
    public @Nullable RememberedCommand command(String id) {
        return commands.get(id);
    }

    @Override
    public @Nullable Hold hold(String id) {
        return holds.get(id);
    }

    @Override
    public @Nullable Receipt receipt(String transferId) {
        return receipts.get(transferId);
    }

    @Override
    public @Nullable PendingTransaction transaction(String key) {
        return transactions.get(key);
    }

    @Override
    public @Nullable Deferral deferral(String commandId) {
        return deferrals.get(commandId);
    }

    @Override
    public @Nullable Due firstDue() {
        return due.first();
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
        changedAccounts.put(account.id(), account);
        accounts.put(account.id(), account);
    }

    @Override
    public void put(RememberedCommand command) {
        commands.put(command.id(), command);
    }

    @Override
    public void put(Hold hold) {
        holds.put(hold.id(), hold);
    }

    @Override
    public void put(Receipt receipt) {
        receipts.put(receipt.id(), receipt);
    }

    @Override
    public void put(PendingTransaction transaction) {
        transactions.put(transaction.key(), transaction);
    }

    @Override
    public void put(Deferral deferral) {
        deferrals.put(deferral.command().id(), deferral);
    }

    @Override
    public void put(Due added) {
        due.add(added);
    }

    @Override
    public void remove(PendingTransaction transaction) {
        transactions.remove(transaction.key());
    }

    @Override
    public void remove(Deferral deferral) {
        deferrals.remove(deferral.command().id());
    }

    @Override
    public void remove(Due removed) {
        due.remove(removed);
    }

    /**
     * Keeps who wants to hear of a command's outcome when it is there, besides those who have asked before; false when there are too
     * many of these.
     */
    boolean keep(String commandId, ReplyAddress address) {
        ReplyAddresses known = replyAddresses.get(commandId);
        if (known != null && !known.takes(address)) {
            return false;
        }
        replyAddresses.put(commandId, known == null ? ReplyAddresses.of(address) : known.with(address));
        isChanged = true;
        return true;
    }

    /** Who wants to hear of a command's outcome; forgotten with that. */
    List<ReplyAddress> take(String commandId) {
        ReplyAddresses addresses = replyAddresses.get(commandId);
        if (addresses == null) {
            return List.of();
        }
        replyAddresses.remove(commandId);
        isChanged = true;
        return addresses.all();
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
        List<KeyValue<byte[], byte @Nullable []>> changes =
                new ArrayList<>(3 * changedAccounts.size() + changedChannels.size() + 2);
        changedAccounts.forEach(
                (id, account) -> changes.add(KeyValue.pair(StateKeys.account(id), StateCodec.encode(account))));
        commands.flush(changes);
        holds.flush(changes);
        receipts.flush(changes);
        transactions.flush(changes);
        deferrals.flush(changes);
        replyAddresses.flush(changes);
        due.flush(changes);
        changedAssets.forEach(
                asset -> changes.add(KeyValue.pair(StateKeys.asset(asset.code()), StateCodec.encode(asset))));
        changedChannels.forEach(
                peer -> changes.add(KeyValue.pair(StateKeys.channel(peer), StateCodec.encode(channel(peer)))));
        changes.add(KeyValue.pair(StateKeys.HEADER, HeaderCodec.encode(header, chainHead, progress)));
        store.putAll(changes);
        changedAccounts.clear();
        changedAssets.clear();
        changedChannels.clear();
        isChanged = false;
    }
}
