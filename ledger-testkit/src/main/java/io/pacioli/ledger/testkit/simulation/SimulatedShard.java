package io.pacioli.ledger.testkit.simulation;

import io.pacioli.ledger.core.Decision;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Hold;
import io.pacioli.ledger.core.InMemoryShard;
import io.pacioli.ledger.core.Input;
import io.pacioli.ledger.core.Receipt;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A shard with what survives its crashes, the journal, and what does not, the state. */
final class SimulatedShard {
    private static final int SAMPLED_EVERY = 7;

    private final int number;
    private final String partition;
    private final int shards;
    private final Decider decider;
    private final List<Entry> journal = new ArrayList<>();
    private final List<Input> inputs = new ArrayList<>();
    private final @Nullable SealedJournal sealed;
    private final InMemoryShard stateAgain;
    private final SweptShard again;
    private int inputsAgain;
    private int entriesAgain;
    private InMemoryShard state;
    private SweptShard swept;

    SimulatedShard(int number, SimulationSettings settings, Decider decider) {
        this.number = number;
        partition = "-" + number + "@";
        shards = settings.shards();
        this.decider = decider;
        sealed = settings.sealed() ? new SealedJournal() : null;
        state = new InMemoryShard(number);
        swept = new SweptShard(state);
        stateAgain = new InMemoryShard(number);
        again = new SweptShard(stateAgain);
    }

    int number() {
        return number;
    }

    /** Its partition in the form of a cause, between the topic and the offset. */
    String partition() {
        return partition;
    }

    InMemoryShard state() {
        return state;
    }

    /** Decides, as often as asked: a decision that is lost before it is committed is decided again. */
    Decision decide(Input input) {
        return decider.decide(input, state);
    }

    /** Decides on a state from which all that is too old to matter has been swept: the decision must be the same. */
    Decision decideSwept(Input input) {
        return decider.decide(input, swept);
    }

    void commit(Input input, Decision.Journaled decision) {
        for (Entry entry : decision.entries()) {
            decider.evolve(state, entry);
            journal.add(entry);
            if (sealed != null) {
                sealed.add(entry);
            }
        }
        inputs.add(input);
    }

    /** Loses the state and rebuilds it from the journal, which must lead to the same. */
    void crash() {
        InMemoryShard rebuilt = new InMemoryShard(number);
        for (Entry entry : journal) {
            decider.evolve(rebuilt, entry);
        }
        check(rebuilt);
        state = rebuilt;
        swept = new SweptShard(rebuilt);
    }

    /**
     * Decides every input again that was not yet, in the order of the journal, as an audit does, on a state that is swept all the
     * time.
     */
    void decideAgain() {
        for (Input input : inputs.subList(inputsAgain, inputs.size())) {
            if (!(decider.decide(input, again) instanceof Decision.Journaled decision)) {
                throw new IllegalStateException("deciding again gave no entries: " + input);
            }
            List<Entry> entries = decision.entries();
            for (int i = 0; i < entries.size(); i++) {
                Entry entry = entries.get(i);
                Check.that(
                        entriesAgain < journal.size() && entry.equals(journal.get(entriesAgain++)),
                        "deciding again gave another entry",
                        entry);
                decider.evolve(again, entry);
            }
        }
        Check.that(entriesAgain == journal.size(), "deciding again gave fewer entries on shard", number);
        inputsAgain = inputs.size();
    }

    /** In the end, deciding again must have led to the same state, and what was sealed must be what was journaled. */
    void finish() {
        check(stateAgain);
        checkCommands();
        if (sealed != null) {
            sealed.check(journal);
        }
    }

    private void check(InMemoryShard other) {
        Check.equal(other.header(), state.header(), "a rebuilt header", number);
        same(state.accounts(), other.accounts(), account -> other.account(account.id()));
        same(state.assets(), other.assets(), asset -> other.asset(asset.code()));
        same(state.transactions(), other.transactions(), transaction -> other.transaction(transaction.key()));
        same(
                state.deferrals(),
                other.deferrals(),
                deferral -> other.deferral(deferral.command().id()));
        Check.equal(List.copyOf(other.due()), List.copyOf(state.due()), "what falls due, rebuilt,", number);
        SweptShard sweptOther = new SweptShard(other);
        for (Hold hold : state.holds()) {
            rebuilt(sweptOther.hold(hold.id()), swept.hold(hold.id()));
        }
        for (Receipt receipt : state.receipts()) {
            rebuilt(sweptOther.receipt(receipt.id()), swept.receipt(receipt.id()));
        }
        for (int peer = 0; peer < shards; peer++) {
            Check.equal(other.channel(peer), state.channel(peer), "a rebuilt channel", number);
        }
    }

    /** A sample is enough: what a memory is wrong about shows in what is decided on it. */
    private void checkCommands() {
        for (int i = 0; i < inputs.size(); i += SAMPLED_EVERY) {
            if (inputs.get(i) instanceof Input.CommandInput input) {
                String id = input.command().id();
                rebuilt(again.command(id), swept.command(id));
            }
        }
    }

    private <T> void same(Collection<T> expected, Collection<T> actual, Function<T, @Nullable T> inActual) {
        Check.that(actual.size() == expected.size(), "something is missing of what is rebuilt on shard", number);
        for (T one : expected) {
            rebuilt(inActual.apply(one), one);
        }
    }

    private static void rebuilt(@Nullable Object actual, @Nullable Object expected) {
        if (!Objects.equals(actual, expected)) {
            throw new IllegalStateException("what is rebuilt must be " + expected + " but is " + actual);
        }
    }
}
