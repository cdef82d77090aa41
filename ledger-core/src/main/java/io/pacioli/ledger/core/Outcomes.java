package io.pacioli.ledger.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decisions about commands, with the answer that goes with them. */
final class Outcomes {
    private Outcomes() {}

    /** The command took effect; the answer names the last entry. */
    static Decision accepted(Input.CommandInput input, List<Entry> entries, List<Transit> transit) {
        Entry last = entries.getLast();
        Outcome outcome = new Outcome.Accepted(
                input.command().id(),
                last.position(),
                last.atMillis(),
                last.event().type());
        return new Decision.Journaled(entries, transit, outcome);
    }

    /** The command broke a rule, and its id is remembered. */
    static Decision rejected(Input.CommandInput input, ShardView view, Rejected rejected) {
        return rejected(input, view, input.fingerprint(), rejected);
    }

    /** The command broke a rule; its id is remembered when there is a fingerprint. */
    static Decision rejected(
            Input.CommandInput input, ShardView view, @Nullable Fingerprint fingerprint, Rejected rejected) {
        Command command = input.command();
        Event event = new Event.CommandRejected(command.type(), command.account(), rejected);
        Entry entry = new EntryDraft(view).finish(input, command.id(), fingerprint, event);
        Outcome outcome = new Outcome.Refused(command.id(), entry.position(), entry.atMillis(), rejected);
        return new Decision.Journaled(List.of(entry), List.of(), outcome);
    }
}
