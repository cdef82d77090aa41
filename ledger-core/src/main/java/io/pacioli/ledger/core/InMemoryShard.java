package io.pacioli.ledger.core;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A shard's state on the heap, for replays and simulations. Forgets nothing. Not thread safe. */
public final class InMemoryShard implements ShardState {
    private final Map<String, Asset> assets = new HashMap<>();
    private final Map<String, Account> accounts = new HashMap<>();
    private final Map<String, RememberedCommand> commands = new HashMap<>();
    private final Map<Integer, Channel> channels = new HashMap<>();
    private final Map<String, Hold> holds = new HashMap<>();
    private final Map<String, Receipt> receipts = new HashMap<>();
    private final Map<String, PendingTransaction> transactions = new HashMap<>();
    private final Map<String, Deferral> deferrals = new HashMap<>();
    private final TreeSet<Due> due = new TreeSet<>();
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

    /** All holds that are active or were, in no order; a view. */
    public Collection<Hold> holds() {
        return Collections.unmodifiableCollection(holds.values());
    }

    /** All receipts, in no order; a view. */
    public Collection<Receipt> receipts() {
        return Collections.unmodifiableCollection(receipts.values());
    }

    /** All transactions that are neither made nor given up, in no order; a view. */
    public Collection<PendingTransaction> transactions() {
        return Collections.unmodifiableCollection(transactions.values());
    }

    /** All commands that wait for their time, in no order; a view. */
    public Collection<Deferral> deferrals() {
        return Collections.unmodifiableCollection(deferrals.values());
    }

    /** All that will fall due, in order; a view. */
    public Collection<Due> due() {
        return Collections.unmodifiableCollection(due);
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
        return due.isEmpty() ? null : due.first();
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
}
