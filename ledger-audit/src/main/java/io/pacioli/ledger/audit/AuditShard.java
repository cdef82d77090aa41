package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.state.KeyedHash;
import io.pacioli.ledger.api.state.StateCodec;
import io.pacioli.ledger.api.state.StateReader;
import io.pacioli.ledger.api.state.StateWriter;
import io.pacioli.ledger.core.Account;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Channel;
import io.pacioli.ledger.core.Deferral;
import io.pacioli.ledger.core.Due;
import io.pacioli.ledger.core.Fingerprint;
import io.pacioli.ledger.core.Hold;
import io.pacioli.ledger.core.Memory;
import io.pacioli.ledger.core.PendingTransaction;
import io.pacioli.ledger.core.Receipt;
import io.pacioli.ledger.core.RememberedCommand;
import io.pacioli.ledger.core.ShardHeader;
import io.pacioli.ledger.core.ShardState;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A shard's state for a replay of any length: what is over is kept in compact form and forgotten when no decision looks at it any more, so
 * that memory grows with the accounts and with what the ledger itself remembers, not with the journal.
 *
 * <p>Of a decided command it keeps what a repeated one is compared with, and not the outcome: {@link RememberedCommand#outcome} tells
 * its place only. Not thread safe.
 */
final class AuditShard implements ShardState {
    private static final int COMMAND_FORMAT = 1;

    private final KeyedHash hash;
    private final Map<String, Asset> assets = new HashMap<>();
    private final Map<String, Account> accounts = new HashMap<>();
    private final Map<String, RememberedCommand> pendingCommands = new HashMap<>();
    private final FadingTable commands = new FadingTable();
    private final Map<Integer, Channel> channels = new HashMap<>();
    private final Map<String, Hold> activeHolds = new HashMap<>();
    private final FadingTable endedHolds = new FadingTable();
    private final FadingTable receipts = new FadingTable();
    private final Map<String, PendingTransaction> transactions = new HashMap<>();
    private final Map<String, Deferral> deferrals = new HashMap<>();
    private final TreeSet<Due> due = new TreeSet<>();
    private ShardHeader header;

    AuditShard(int shard, KeyedHash hash) {
        this.hash = hash;
        header = ShardHeader.empty(shard);
    }

    KeyedHash hash() {
        return hash;
    }

    /** All accounts, in no order; a view. */
    Collection<Account> accounts() {
        return Collections.unmodifiableCollection(accounts.values());
    }

    /** All assets that the shard knows, in no order; a view. */
    Collection<Asset> assets() {
        return Collections.unmodifiableCollection(assets.values());
    }

    /** All channels that had traffic, in no order; a view. */
    Collection<Channel> channels() {
        return Collections.unmodifiableCollection(channels.values());
    }

    Collection<Hold> activeHolds() {
        return Collections.unmodifiableCollection(activeHolds.values());
    }

    Collection<RememberedCommand> pendingCommands() {
        return Collections.unmodifiableCollection(pendingCommands.values());
    }

    Collection<PendingTransaction> transactions() {
        return Collections.unmodifiableCollection(transactions.values());
    }

    Collection<Deferral> deferrals() {
        return Collections.unmodifiableCollection(deferrals.values());
    }

    /** Whether that is still to fall due. */
    boolean has(Due wanted) {
        return due.contains(wanted);
    }

    FadingTable commands() {
        return commands;
    }

    FadingTable endedHolds() {
        return endedHolds;
    }

    FadingTable receipts() {
        return receipts;
    }

    /**
     * Forgets what no decision looks at any more.
     *
     * @param lastSequence of the journal when the last command was decided: commands without entries may have come any time after it
     * @param nowMillis the time of that
     */
    void forget(long lastSequence, long nowMillis) {
        commands.forget(lastSequence, nowMillis);
        endedHolds.forget(header.sequence(), header.atMillis());
        receipts.forget(header.sequence(), header.atMillis());
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
        RememberedCommand pending = pendingCommands.isEmpty() ? null : pendingCommands.get(id);
        if (pending != null) {
            return pending;
        }
        byte[] stored = commands.get(hash.of(id));
        if (stored == null) {
            return null;
        }
        StateReader in = new StateReader(stored, COMMAND_FORMAT);
        Fingerprint fingerprint = new Fingerprint(in.whole(), in.whole());
        return new RememberedCommand(id, fingerprint, in.number(), 0, commands.memory(), "", false, null);
    }

    @Override
    public Channel channel(int peer) {
        Channel known = channels.get(peer);
        return known == null ? Channel.idle(peer) : known;
    }

    @Override
    public @Nullable Hold hold(String id) {
        Hold active = activeHolds.get(id);
        if (active != null) {
            return active;
        }
        byte[] stored = endedHolds.get(hash.of(id));
        return stored == null ? null : StateCodec.hold(id, stored);
    }

    @Override
    public @Nullable Receipt receipt(String transferId) {
        byte[] stored = receipts.get(hash.of(transferId));
        return stored == null ? null : StateCodec.receipt(transferId, stored);
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
        if (command.isPending()) {
            pendingCommands.put(command.id(), command);
            return;
        }
        if (!pendingCommands.isEmpty()) {
            pendingCommands.remove(command.id());
        }
        StateWriter out = new StateWriter(COMMAND_FORMAT);
        out.whole(command.fingerprint().high());
        out.whole(command.fingerprint().low());
        out.number(command.sequence());
        commands.put(hash.of(command.id()), command.memory(), out.toBytes());
    }

    @Override
    public void put(Channel channel) {
        channels.put(channel.peer(), channel);
    }

    @Override
    public void put(Hold hold) {
        Memory memory = hold.memory();
        if (memory == null) {
            activeHolds.put(hold.id(), hold);
        } else {
            activeHolds.remove(hold.id());
            endedHolds.put(hash.of(hold.id()), memory, StateCodec.encode(hold));
        }
    }

    @Override
    public void put(Receipt receipt) {
        receipts.put(hash.of(receipt.id()), receipt.memory(), StateCodec.encode(receipt));
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
