package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.Definitions;
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
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A shard's state into which assets and accounts go with other settings than their entries say. Not thread safe. */
final class ChangedState implements ShardState {
    private final AuditShard state;
    private final Definitions definitions;

    ChangedState(AuditShard state, Definitions definitions) {
        this.state = state;
        this.definitions = definitions;
    }

    /**
     * Changes what is there already. An account that is still to come has its limits before its first credit does.
     *
     * @param isHere whether an account's place is this shard
     */
    void begin(Predicate<String> isHere) {
        List.copyOf(state.assets()).forEach(this::put);
        for (String id : definitions.accounts().keySet()) {
            if (isHere.test(id)) {
                Account account = state.account(id);
                put(account == null ? Account.fresh(id) : account);
            }
        }
    }

    @Override
    public void put(Asset asset) {
        state.put(definitions.of(asset));
    }

    @Override
    public void put(Account account) {
        state.put(definitions.of(account));
    }

    @Override
    public ShardHeader header() {
        return state.header();
    }

    @Override
    public @Nullable Asset asset(String code) {
        return state.asset(code);
    }

    @Override
    public @Nullable Account account(String id) {
        return state.account(id);
    }

    @Override
    public @Nullable RememberedCommand command(String id) {
        return state.command(id);
    }

    @Override
    public Channel channel(int peer) {
        return state.channel(peer);
    }

    @Override
    public @Nullable Hold hold(String id) {
        return state.hold(id);
    }

    @Override
    public @Nullable Receipt receipt(String transferId) {
        return state.receipt(transferId);
    }

    @Override
    public @Nullable PendingTransaction transaction(String key) {
        return state.transaction(key);
    }

    @Override
    public @Nullable Deferral deferral(String commandId) {
        return state.deferral(commandId);
    }

    @Override
    public @Nullable Due firstDue() {
        return state.firstDue();
    }

    @Override
    public void put(ShardHeader header) {
        state.put(header);
    }

    @Override
    public void put(RememberedCommand command) {
        state.put(command);
    }

    @Override
    public void put(Channel channel) {
        state.put(channel);
    }

    @Override
    public void put(Hold hold) {
        state.put(hold);
    }

    @Override
    public void put(Receipt receipt) {
        state.put(receipt);
    }

    @Override
    public void put(PendingTransaction transaction) {
        state.put(transaction);
    }

    @Override
    public void put(Deferral deferral) {
        state.put(deferral);
    }

    @Override
    public void put(Due due) {
        state.put(due);
    }

    @Override
    public void remove(PendingTransaction transaction) {
        state.remove(transaction);
    }

    @Override
    public void remove(Deferral deferral) {
        state.remove(deferral);
    }

    @Override
    public void remove(Due due) {
        state.remove(due);
    }
}
