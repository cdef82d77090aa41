package io.pacioli.ledger.core;

import org.jspecify.annotations.Nullable;

/** Decisions about accounts themselves, which move no money. */
final class AccountDecisions {
    private AccountDecisions() {}

    static Decision open(Command.OpenAccount command, Input.CommandInput input, ShardView view) {
        Rejected rejected = Rules.first(
                Rules.notSystem("account", command.account()),
                Rules.lowestNotPositive(command.limits()),
                Rules.notOpen("account", view.account(command.account())));
        Event event = new Event.AccountOpened(command.account(), command.limits(), command.metadata());
        return decided(rejected, event, input, view);
    }

    static Decision freeze(Command.FreezeAccount command, Input.CommandInput input, ShardView view) {
        Account account = view.account(command.account());
        Rejected rejected = Rules.first(known(command.account(), account), Rules.notFrozen("account", account));
        Event event = new Event.AccountFrozen(command.account(), command.reason(), command.metadata());
        return decided(rejected, event, input, view);
    }

    static Decision unfreeze(Command.UnfreezeAccount command, Input.CommandInput input, ShardView view) {
        Account account = view.account(command.account());
        Rejected rejected = Rules.first(known(command.account(), account), Rules.frozen("account", account));
        Event event = new Event.AccountUnfrozen(command.account(), command.reason(), command.metadata());
        return decided(rejected, event, input, view);
    }

    static Decision close(Command.CloseAccount command, Input.CommandInput input, ShardView view) {
        Account account = view.account(command.account());
        Rejected rejected = Rules.first(
                known(command.account(), account),
                Rules.notFrozen("account", account),
                Rules.empty("account", account));
        Event event = new Event.AccountClosed(command.account(), command.reason(), command.metadata());
        return decided(rejected, event, input, view);
    }

    private static @Nullable Rejected known(String id, @Nullable Account account) {
        return Rules.first(
                Rules.notSystem("account", id),
                Rules.open("account", id, account),
                Rules.notClosed("account", account));
    }

    private static Decision decided(
            @Nullable Rejected rejected, Event event, Input.CommandInput input, ShardView view) {
        return rejected == null
                ? Outcomes.accepted(input, new EntryDraft(view), event)
                : Outcomes.rejected(input, view, rejected);
    }
}
