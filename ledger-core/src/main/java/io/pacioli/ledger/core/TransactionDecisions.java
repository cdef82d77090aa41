package io.pacioli.ledger.core;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decisions about transactions: several legs, all of them made or none.
 *
 * <p>On one shard a transaction is one entry. Across shards the shard of the command coordinates (two-phase commit): every shard
 * reserves what its payers must have and promises what its payees will get, and answers; the coordinator journals commit or abort,
 * and every shard settles or releases. A shard that has agreed waits for the coordinator; nobody waits for money or for a lock, as a
 * reservation that cannot be made is refused at once.
 */
final class TransactionDecisions {
    private final Router router;

    TransactionDecisions(Router router) {
        this.router = router;
    }

    Decision transact(Command.Transact c, Input.CommandInput input, ShardView view) {
        long now = Rules.now(input, view);
        Rejected rejected = Rules.first(malformed(c), Rules.ahead("deadline", c.deadlineMillis(), now));
        TransactionTerms terms = terms(c, now, view.header().shard());
        if (rejected == null) {
            rejected = LegWalk.check(terms, view);
        }
        if (rejected != null) {
            return Outcomes.rejected(input, view, rejected);
        }
        List<Integer> participants = terms.participants();
        EntryDraft draft = new EntryDraft(view);
        if (participants.isEmpty()) {
            LegWalk.post(draft, terms, terms.coordinator());
            return Outcomes.accepted(input, draft, new Event.TransactionPosted(terms));
        }
        LegWalk.of(terms, terms.coordinator()).reserve(draft);
        List<Long> numbers = numbers(participants, view);
        Event event = new Event.TransactionBegun(terms, numbers);
        List<Transit> prepares = new ArrayList<>(participants.size());
        for (int i = 0; i < participants.size(); i++) {
            int peer = participants.get(i);
            prepares.add(new Transit.TransactionPrepare(terms.coordinator(), peer, numbers.get(i), terms.on(peer)));
        }
        return Outcomes.pending(draft.finish(input, c.id(), input.fingerprint(), event), c.id(), prepares);
    }

    /** A participant reserves its part and agrees, or refuses and keeps nothing. */
    static Decision prepare(Transit.TransactionPrepare t, Input input, ShardView view) {
        TransactionTerms terms = t.terms();
        Rejected refused = LegWalk.check(terms, view);
        long voteNumber = view.channel(t.from()).send().sent();
        EntryDraft draft = new EntryDraft(view);
        Event event;
        if (refused == null) {
            LegWalk.of(terms, t.to()).reserve(draft);
            event = new Event.TransactionPrepared(terms, t.number(), voteNumber);
        } else {
            event = new Event.TransactionRefused(terms, t.number(), voteNumber, refused);
        }
        Transit vote = new Transit.TransactionVote(t.to(), t.from(), voteNumber, terms.id(), t.number(), refused);
        return Outcomes.journaled(draft.finish(input, terms.id(), null, event), List.of(vote));
    }

    /** The coordinator hears from a participant. */
    static Decision vote(Transit.TransactionVote t, Input input, ShardView view) {
        PendingTransaction pending = view.transaction(PendingTransaction.key(t.to(), t.commandId()));
        Rejected refused = t.reason();
        if (pending == null
                || !pending.isWaitingFor(t.from(), t.prepare())
                || (refused == null && pending.waitingFor().size() > 1)) {
            Event event = new Event.TransactionVoted(t.commandId(), t.from(), t.number(), t.prepare(), refused);
            return Outcomes.journaled(new EntryDraft(view).finish(input, t.commandId(), null, event));
        }
        return refused == null
                ? commit(pending, t, input, view)
                : abort(pending, t.from(), t.number(), refused, input, view);
    }

    /** The deadline has come before all have agreed. */
    static Decision timeOut(Input.DueInput input, ShardView view) {
        PendingTransaction pending = Invariant.present(
                view.transaction(PendingTransaction.key(
                        view.header().shard(), input.due().id())),
                "a transaction that is out of time must be under way");
        Rejected reason = new Rejected(
                Rejection.TRANSACTION_TIMED_OUT,
                "deadline",
                Instant.ofEpochMilli(pending.terms().deadlineMillis()).toString(),
                "no answer of shards " + pending.waitingFor().keySet());
        return abort(pending, null, 0, reason, input, view);
    }

    /** A participant makes its part of what all have agreed to. */
    static Decision settle(Transit.TransactionCommit t, Input input, ShardView view) {
        PendingTransaction pending = view.transaction(PendingTransaction.key(t.from(), t.commandId()));
        if (pending == null) {
            throw new InvariantViolation("a transaction that is made must have been prepared: id=" + t.commandId());
        }
        Event event = new Event.TransactionSettled(pending.terms(), t.from(), t.number());
        EntryDraft draft = made(pending.terms(), view);
        return Outcomes.journaled(draft.finish(input, t.commandId(), null, event));
    }

    /** A participant gives its reservation up, if it has one. */
    static Decision release(Transit.TransactionAbort t, Input input, ShardView view) {
        PendingTransaction pending = view.transaction(PendingTransaction.key(t.from(), t.commandId()));
        EntryDraft draft = pending == null ? new EntryDraft(view) : released(pending.terms(), view);
        Event event = new Event.TransactionReleased(t.commandId(), t.from(), t.number(), t.reason());
        return Outcomes.journaled(draft.finish(input, t.commandId(), null, event));
    }

    /** A draft that gives up what a transaction has reserved on the shard. */
    static EntryDraft released(TransactionTerms terms, ShardView view) {
        EntryDraft draft = new EntryDraft(view);
        LegWalk.of(terms, view.header().shard()).release(draft);
        return draft;
    }

    /** A draft that makes a transaction's part on the shard. */
    static EntryDraft made(TransactionTerms terms, ShardView view) {
        EntryDraft draft = released(terms, view);
        LegWalk.post(draft, terms, view.header().shard());
        return draft;
    }

    private static Decision commit(
            PendingTransaction pending, Transit.TransactionVote last, Input input, ShardView view) {
        TransactionTerms terms = pending.terms();
        List<Integer> participants = terms.participants();
        List<Long> numbers = numbers(participants, view);
        Event event = new Event.TransactionCommitted(terms, last.from(), last.number(), numbers);
        Entry entry = made(terms, view).finish(input, terms.id(), pending.fingerprint(), event);
        List<Transit> commits = new ArrayList<>(participants.size());
        for (int i = 0; i < participants.size(); i++) {
            commits.add(new Transit.TransactionCommit(
                    terms.coordinator(), participants.get(i), numbers.get(i), terms.id()));
        }
        return Outcomes.accepted(terms.id(), List.of(entry), commits);
    }

    private static Decision abort(
            PendingTransaction pending,
            @Nullable Integer refusedBy,
            long number,
            Rejected reason,
            Input input,
            ShardView view) {
        TransactionTerms terms = pending.terms();
        List<Integer> told = told(terms, refusedBy);
        List<Long> numbers = numbers(told, view);
        Event event = new Event.TransactionAborted(terms, refusedBy, number, numbers, reason);
        Entry aborted = released(terms, view).finish(input, terms.id(), null, event);
        ShardOverlay after = new ShardOverlay(view);
        Evolution.apply(after, aborted);
        Event rejected = new Event.CommandRejected(
                "Transact", terms.legs().getFirst().leg().from(), reason);
        Entry outcome = new EntryDraft(after).finish(input, terms.id(), pending.fingerprint(), rejected);
        List<Transit> aborts = new ArrayList<>(told.size());
        for (int i = 0; i < told.size(); i++) {
            aborts.add(
                    new Transit.TransactionAbort(terms.coordinator(), told.get(i), numbers.get(i), terms.id(), reason));
        }
        return new Decision.Journaled(List.of(aborted, outcome), aborts, Outcomes.refused(outcome, terms.id(), reason));
    }

    /** The participants that must be told of an abort: all but the one that caused it. */
    static List<Integer> told(TransactionTerms terms, @Nullable Integer refusedBy) {
        return terms.participants().stream()
                .filter(shard -> !shard.equals(refusedBy))
                .toList();
    }

    private static List<Long> numbers(List<Integer> peers, ShardView view) {
        return peers.stream().map(peer -> view.channel(peer).send().sent()).toList();
    }

    private TransactionTerms terms(Command.Transact c, long now, int shard) {
        List<PlacedLeg> legs = new ArrayList<>(c.legs().size());
        for (Leg leg : c.legs()) {
            legs.add(new PlacedLeg(legs.size(), leg, router.shardOf(leg.from()), router.shardOf(leg.to())));
        }
        Long given = c.deadlineMillis();
        long deadline = given == null ? now + Command.Transact.DEADLINE_DEFAULT_MILLIS : given;
        return new TransactionTerms(c.id(), shard, legs, deadline, c.memo(), c.metadata());
    }

    /** The first of the rules about commands as such that a leg breaks. */
    private static @Nullable Rejected malformed(Command.Transact c) {
        Rejected first = null;
        for (int i = 0; i < c.legs().size(); i++) {
            Leg leg = c.legs().get(i);
            String field = "legs[" + i + "].";
            Rejected rejected = Rules.first(
                    Rules.positive(field + "amount", leg.amount()),
                    Rules.notSystem(field + "from", leg.from()),
                    Rules.notSystem(field + "to", leg.to()),
                    Rules.different(field + "to", leg.from(), leg.to()));
            if (rejected != null && (first == null || rejected.code().compareTo(first.code()) < 0)) {
                first = rejected;
            }
        }
        return first;
    }
}
