package io.pacioli.ledger.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decisions, with the answer that goes with them. */
final class Outcomes {
    private Outcomes() {}

    /** The command took effect by one entry. */
    static Decision accepted(Input.CommandInput input, EntryDraft draft, Event event) {
        return accepted(
                input, List.of(draft.finish(input, input.command().id(), input.fingerprint(), event)), List.of());
    }

    /** The command took effect; the answer names the last entry. */
    static Decision accepted(Input.CommandInput input, List<Entry> entries, List<Transit> transit) {
        return accepted(input.command().id(), entries, transit);
    }

    /** The command took effect; the answer names the last entry. */
    static Decision accepted(String commandId, List<Entry> entries, List<Transit> transit) {
        Entry last = entries.getLast();
        Outcome outcome = new Outcome.Accepted(
                commandId, last.position(), last.atMillis(), last.event().type());
        return new Decision.Journaled(entries, transit, outcome);
    }

    /** The command is well and waits. */
    static Decision pending(Entry entry, String commandId, List<Transit> transit) {
        Outcome outcome = new Outcome.Pending(
                commandId, entry.position(), entry.atMillis(), entry.event().type());
        return new Decision.Journaled(List.of(entry), transit, outcome);
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
        return new Decision.Journaled(List.of(entry), List.of(), refused(entry, command.id(), rejected));
    }

    static Outcome refused(Entry entry, String commandId, Rejected rejected) {
        return new Outcome.Refused(commandId, entry.position(), entry.atMillis(), rejected);
    }

    /** One entry that is nobody's outcome. */
    static Decision journaled(Entry entry) {
        return journaled(entry, List.of());
    }

    /** One entry that is nobody's outcome, and messages to other shards. */
    static Decision journaled(Entry entry, List<Transit> transit) {
        return new Decision.Journaled(List.of(entry), transit, null);
    }
}
