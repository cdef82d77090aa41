package io.pacioli.ledger.testkit.simulation;

import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.core.Decision;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Input;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.core.Posting;
import io.pacioli.ledger.core.Rejection;
import io.pacioli.ledger.core.Transit;
import io.pacioli.ledger.testkit.model.NaiveLedger;
import io.pacioli.ledger.testkit.model.Verdict;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Holds every decision to the books and to the model's verdict, and every command to one outcome. */
final class Auditor {
    private static final BigInteger HIGHEST = new BigInteger("9".repeat(38));

    private static final class Count {
        private long value;
    }

    private final NaiveLedger model;
    private final Books books;
    private final List<Map<String, Outcome>> answers = new ArrayList<>();
    private final Map<Class<?>, Count> events = new HashMap<>();
    private final Map<Rejection, Long> rejections = new EnumMap<>(Rejection.class);
    private long pending;
    private long waiting;

    Auditor(int shards, NaiveLedger model) {
        this.model = model;
        books = new Books(shards);
        for (int shard = 0; shard < shards; shard++) {
            answers.add(new HashMap<>());
        }
    }

    /** A decision is committed. It must be what the model says, and must lead to the balances that the model has now. */
    void journaled(Input input, Decision.Journaled decision, Verdict verdict) {
        if (input instanceof Input.TransitInput in) {
            books.arrived(in.transit());
        }
        List<Entry> entries = decision.entries();
        Check.equal(entries.size(), verdict.entries(), "the number of entries", verdict);
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            Check.equal(entry.cause(), input.cause(), "the cause", entry);
            Check.equal(entry.shard(), verdict.shard(), "the shard", entry);
            Check.equal(entry.atMillis(), verdict.atMillis(), "the time", entry);
            events.computeIfAbsent(entry.event().getClass(), created -> new Count()).value++;
            books.add(entry);
        }
        for (Transit transit : decision.transit()) {
            Check.equal(transit.from(), verdict.shard(), "the sender", transit);
            books.sent(transit);
        }
        Entry last = entries.getLast();
        if (!last.event().type().equals(verdict.type())) {
            throw new IllegalStateException("the model says " + verdict + " but it is " + last);
        }
        Check.equal(last.sequence(), verdict.sequence(), "the sequence", last);
        Rejection reason = reason(last.event());
        if (reason != verdict.rejection()) {
            Check.that(false, "the model says " + verdict.rejection(), last);
        } else if (reason != null) {
            rejections.merge(reason, 1L, Long::sum);
        }
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            books.checkSums(entry);
            checkBalances(entry);
        }
        outcome(input, decision.outcome(), verdict);
    }

    /** A command was answered from memory. */
    void repeated(Outcome outcome, Verdict verdict) {
        Check.equal(verdict.entries(), 0, "the number of entries of a repeated command", outcome);
        Outcome first = answers.get(verdict.shard()).get(outcome.commandId());
        Check.that(outcome.equals(first), "a repeated command got another outcome", outcome);
        check(outcome, verdict);
    }

    /** Nothing is between shards, no command waits, and every balance is the model's. */
    void checkQuiet() {
        Check.that(model.isQuiet(), "the model waits for something that never came", "");
        Check.equal(waiting, 0, "the number of commands that wait for their outcome", "");
        books.checkQuiet();
        Check.equal(books.balances(), model.balances(), "all balances", "");
    }

    /** How many commands were told to wait. */
    long pending() {
        return pending;
    }

    Map<Rejection, Long> rejections() {
        return new EnumMap<>(rejections);
    }

    Map<String, Long> events() {
        Map<String, Long> counts = new TreeMap<>();
        events.forEach((type, count) -> counts.put(type.getSimpleName(), count.value));
        return counts;
    }

    private void outcome(Input input, @Nullable Outcome outcome, Verdict verdict) {
        if (outcome == null || verdict.commandId() == null) {
            Check.that(outcome == null && verdict.commandId() == null, "an outcome is missing, or one too many", input);
            return;
        }
        check(outcome, verdict);
        Map<String, Outcome> here = answers.get(verdict.shard());
        if (input instanceof Input.CommandInput) {
            if (verdict.pending()) {
                pending++;
                waiting++;
            }
            if (verdict.rejection() != Rejection.IDEMPOTENCY_CONFLICT) {
                here.put(outcome.commandId(), outcome);
            }
        } else {
            waiting--;
            Outcome before = here.put(outcome.commandId(), outcome);
            Check.that(before instanceof Outcome.Pending, "a command that did not wait got an outcome", outcome);
        }
    }

    private static void check(Outcome outcome, Verdict verdict) {
        Check.equal(outcome.commandId(), String.valueOf(verdict.commandId()), "the id of the outcome", outcome);
        Check.equal(outcome.position().shard(), verdict.shard(), "the shard", outcome);
        Check.equal(outcome.position().sequence(), verdict.sequence(), "the sequence", outcome);
        Check.equal(outcome.atMillis(), verdict.atMillis(), "the time", outcome);
        switch (outcome) {
            case Outcome.Accepted accepted -> {
                Check.that(!verdict.pending() && verdict.rejection() == null, "a command was accepted", outcome);
                Check.equal(accepted.type(), verdict.type(), "the type", outcome);
            }
            case Outcome.Pending waits -> {
                Check.that(verdict.pending(), "a command was told to wait", outcome);
                Check.equal(waits.type(), verdict.type(), "the type", outcome);
            }
            case Outcome.Refused refused ->
                Check.that(
                        refused.rejected().code() == verdict.rejection(),
                        "a command was rejected against the model",
                        outcome);
        }
    }

    private static @Nullable Rejection reason(Event event) {
        return switch (event) {
            case Event.CommandRejected e -> e.rejected().code();
            case Event.TransferRefused e -> e.reason().code();
            case Event.TransactionRefused e -> e.reason().code();
            default -> null;
        };
    }

    private void checkBalances(Entry entry) {
        List<Posting> postings = entry.postings();
        for (int i = 0; i < postings.size(); i++) {
            Posting posting = postings.get(i);
            if (AccountId.isClearing(posting.account())) {
                // A transaction that was agreed on goes through, and what arrives or comes back has left already.
                Check.that(
                        !(entry.event() instanceof Event.TransferSent)
                                || posting.balance().compareTo(HIGHEST) <= 0,
                        "a balance has 39 digits",
                        posting);
            } else if (posting.bucket() == Bucket.AVAILABLE) {
                checkAvailable(entry.event(), posting, isLast(postings, i));
            } else {
                Check.that(posting.balance().signum() >= 0, "less than nothing is held", posting);
                if (isLast(postings, i)) {
                    Check.equal(
                            posting.balance(), model.held(posting.account(), posting.asset()), "what is held", posting);
                }
            }
        }
    }

    private void checkAvailable(Event event, Posting posting, boolean isLast) {
        BigInteger balance = posting.balance();
        if (isLast) {
            Check.equal(balance, model.available(posting.account(), posting.asset()), "the balance", posting);
        }
        Check.that(
                balance.compareTo(model.lowest(posting.account(), posting.asset())) >= 0,
                "a balance is below its limit",
                posting);
        // Only money that comes back may bring an account above 38 digits or an issuer above zero: it has nowhere else
        // to go.
        // What is held may come on top of that.
        if (posting.amount().signum() > 0
                && (event instanceof Event.TransferPosted
                        || event instanceof Event.TransferReceived
                        || event instanceof Event.TransactionPosted)) {
            Check.that(balance.compareTo(HIGHEST) <= 0, "a balance has 39 digits", posting);
            boolean burnt = AccountId.isIssuer(posting.account());
            Check.that(!burnt || balance.signum() <= 0, "more is burnt than circulates", posting);
        }
    }

    /** Whether no later posting of the entry changes the same balance. */
    private static boolean isLast(List<Posting> postings, int index) {
        Posting posting = postings.get(index);
        for (int i = index + 1; i < postings.size(); i++) {
            Posting later = postings.get(i);
            if (later.account().equals(posting.account())
                    && later.bucket() == posting.bucket()
                    && later.asset().equals(posting.asset())) {
                return false;
            }
        }
        return true;
    }
}
