package io.pacioli.ledger.testkit.simulation;

import io.pacioli.ledger.core.Account;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Channel;
import io.pacioli.ledger.core.Deferral;
import io.pacioli.ledger.core.Due;
import io.pacioli.ledger.core.Hold;
import io.pacioli.ledger.core.InMemoryShard;
import io.pacioli.ledger.core.Memory;
import io.pacioli.ledger.core.PendingTransaction;
import io.pacioli.ledger.core.Receipt;
import io.pacioli.ledger.core.RememberedCommand;
import io.pacioli.ledger.core.ShardHeader;
import io.pacioli.ledger.core.ShardState;
import org.jspecify.annotations.Nullable;

/** A shard as a store shows it that is swept at once: what is no longer remembered is gone. */
final class SweptShard implements ShardState {
    private final InMemoryShard state;

    SweptShard(InMemoryShard state) {
        this.state = state;
    }

    /** Whether something that is over may be gone; what is not over has no memory and stays. */
    private boolean isSwept(@Nullable Memory memory) {
        ShardHeader header = state.header();
        return memory != null
                && (header.atMillis() > memory.untilMillis() || header.sequence() > memory.untilSequence());
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
        RememberedCommand command = state.command(id);
        return command == null || isSwept(command.memory()) ? null : command;
    }

    @Override
    public Channel channel(int peer) {
        return state.channel(peer);
    }

    @Override
    public @Nullable Hold hold(String id) {
        Hold hold = state.hold(id);
        return hold == null || isSwept(hold.memory()) ? null : hold;
    }

    @Override
    public @Nullable Receipt receipt(String transferId) {
        Receipt receipt = state.receipt(transferId);
        return receipt == null || isSwept(receipt.memory()) ? null : receipt;
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
    public void put(Asset asset) {
        state.put(asset);
    }

    @Override
    public void put(Account account) {
        state.put(account);
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
