package io.pacioli.ledger.testkit.simulation;

import io.pacioli.ledger.core.Account;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Channel;
import io.pacioli.ledger.core.RememberedCommand;
import io.pacioli.ledger.core.ShardHeader;
import io.pacioli.ledger.core.ShardView;
import org.jspecify.annotations.Nullable;

/** A shard as a store shows it that is swept at once: command ids are gone as soon as they are no longer remembered. */
final class SweptView implements ShardView {
    private final ShardView state;

    SweptView(ShardView state) {
        this.state = state;
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
        if (command == null) {
            return null;
        }
        ShardHeader header = state.header();
        boolean tooOld = header.atMillis() > command.untilMillis() || header.sequence() > command.untilSequence();
        return tooOld ? null : command;
    }

    @Override
    public Channel channel(int peer) {
        return state.channel(peer);
    }
}
