package io.pacioli.ledger.testkit.simulation;

import io.pacioli.ledger.core.Account;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Channel;
import io.pacioli.ledger.core.Decision;
import io.pacioli.ledger.core.Deferral;
import io.pacioli.ledger.core.Due;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Hold;
import io.pacioli.ledger.core.Input;
import io.pacioli.ledger.core.Ledger;
import io.pacioli.ledger.core.PendingTransaction;
import io.pacioli.ledger.core.Receipt;
import io.pacioli.ledger.core.RememberedCommand;
import io.pacioli.ledger.core.ShardHeader;
import io.pacioli.ledger.core.ShardState;
import io.pacioli.ledger.core.ShardView;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A double of the core with one fault: it sees wrong, decides wrong or answers wrong, and believes itself when it evolves. */
class FaultyLedger implements Decider {
    private final Ledger ledger;
    private @Nullable Input deciding;

    FaultyLedger(Ledger ledger) {
        this.ledger = ledger;
    }

    /** The input that it takes for the one it got. */
    Input read(Input input, ShardView view) {
        return input;
    }

    /** The account that it takes for the one there is. */
    @Nullable
    Account see(@Nullable Account account) {
        return account;
    }

    @Nullable
    Asset see(@Nullable Asset asset) {
        return asset;
    }

    @Nullable
    RememberedCommand see(@Nullable RememberedCommand command) {
        return command;
    }

    @Nullable
    Hold see(@Nullable Hold hold) {
        return hold;
    }

    @Nullable
    Receipt see(@Nullable Receipt receipt) {
        return receipt;
    }

    @Nullable
    PendingTransaction see(@Nullable PendingTransaction transaction) {
        return transaction;
    }

    /** Whether it notes down that something will fall due. */
    boolean notes(Due due) {
        return true;
    }

    /** Whether it strikes out what was due, or will not be any more. */
    boolean strikes(Due due) {
        return true;
    }

    /** What it decides about right now; null while it evolves. */
    @Nullable
    Input deciding() {
        return deciding;
    }

    /** The decision that it makes of the right one. */
    Decision.Journaled decided(Decision.Journaled decision, Input input) {
        return decision;
    }

    @Override
    public final Decision decide(Input input, ShardView view) {
        deciding = input;
        Decision decision = ledger.decide(read(input, view), new Seen(view));
        deciding = null;
        return decision instanceof Decision.Journaled journaled ? decided(journaled, input) : decision;
    }

    @Override
    public final void evolve(ShardState state, Entry entry) {
        ledger.evolve(new SeenState(state), entry);
    }

    static Decision.Journaled withoutTransit(Decision.Journaled decision) {
        return new Decision.Journaled(decision.entries(), List.of(), decision.outcome());
    }

    static Decision.Journaled withEntries(Decision.Journaled decision, UnaryOperator<Entry> change) {
        List<Entry> changed = decision.entries().stream().map(change).toList();
        return new Decision.Journaled(changed, decision.transit(), decision.outcome());
    }

    private class Seen implements ShardView {
        private final ShardView view;

        Seen(ShardView view) {
            this.view = view;
        }

        @Override
        public ShardHeader header() {
            return view.header();
        }

        @Override
        public @Nullable Asset asset(String code) {
            return see(view.asset(code));
        }

        @Override
        public @Nullable Account account(String id) {
            return see(view.account(id));
        }

        @Override
        public @Nullable RememberedCommand command(String id) {
            return see(view.command(id));
        }

        @Override
        public Channel channel(int peer) {
            return view.channel(peer);
        }

        @Override
        public @Nullable Hold hold(String id) {
            return see(view.hold(id));
        }

        @Override
        public @Nullable Receipt receipt(String transferId) {
            return see(view.receipt(transferId));
        }

        @Override
        public @Nullable PendingTransaction transaction(String key) {
            return see(view.transaction(key));
        }

        @Override
        public @Nullable Deferral deferral(String commandId) {
            return view.deferral(commandId);
        }

        @Override
        public @Nullable Due firstDue() {
            return view.firstDue();
        }
    }

    private final class SeenState extends Seen implements ShardState {
        private final ShardState state;

        SeenState(ShardState state) {
            super(state);
            this.state = state;
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
            if (notes(due)) {
                state.put(due);
            }
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
            if (strikes(due)) {
                state.remove(due);
            }
        }
    }
}
