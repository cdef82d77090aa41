package io.pacioli.ledger.testkit.simulation;

import io.pacioli.ledger.core.Account;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Decision;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.InMemoryShard;
import io.pacioli.ledger.core.Input;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A shard with what survives its crashes, the journal, and what does not, the state. */
final class SimulatedShard {
    private final int number;
    private final int shards;
    private final Decider decider;
    private final List<Entry> journal = new ArrayList<>();
    private final Map<String, Input> causes = new HashMap<>();
    private InMemoryShard state;

    SimulatedShard(int number, int shards, Decider decider) {
        this.number = number;
        this.shards = shards;
        this.decider = decider;
        state = new InMemoryShard(number);
    }

    int number() {
        return number;
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
        return decider.decide(input, new SweptView(state));
    }

    void commit(Input input, Decision.Journaled decision) {
        for (Entry entry : decision.entries()) {
            decider.evolve(state, entry);
            journal.add(entry);
        }
        causes.put(input.cause(), input);
    }

    /** Loses the state and rebuilds it from the journal, which must lead to the same. */
    void crash() {
        InMemoryShard rebuilt = new InMemoryShard(number);
        for (Entry entry : journal) {
            decider.evolve(rebuilt, entry);
        }
        check(rebuilt);
        state = rebuilt;
    }

    /** Decides every recorded input again, in the order of the journal, as an audit does. */
    void decideAgain() {
        InMemoryShard again = new InMemoryShard(number);
        int at = 0;
        while (at < journal.size()) {
            Input input = causes.get(journal.get(at).cause());
            Check.that(input != null, "an entry has an unknown cause", journal.get(at));
            if (input == null || !(decider.decide(input, again) instanceof Decision.Journaled decision)) {
                throw new IllegalStateException("deciding again gave no entries: " + input);
            }
            int end = at + decision.entries().size();
            Check.that(
                    end <= journal.size() && decision.entries().equals(journal.subList(at, end)),
                    "deciding again gave other entries",
                    decision.entries());
            decision.entries().forEach(entry -> decider.evolve(again, entry));
            at = end;
        }
        check(again);
    }

    private void check(InMemoryShard other) {
        Check.that(other.header().equals(state.header()), "a rebuilt header differs", other.header());
        Check.that(
                byKey(other.accounts(), Account::id).equals(byKey(state.accounts(), Account::id)),
                "rebuilt accounts differ on shard",
                number);
        Check.that(
                byKey(other.assets(), Asset::code).equals(byKey(state.assets(), Asset::code)),
                "rebuilt assets differ on shard",
                number);
        for (Input cause : causes.values()) {
            if (cause instanceof Input.CommandInput input) {
                String id = input.command().id();
                Check.that(
                        Objects.equals(other.command(id), state.command(id)),
                        "a rebuilt memory of a command differs",
                        id);
            }
        }
        for (int peer = 0; peer < shards; peer++) {
            Check.that(other.channel(peer).equals(state.channel(peer)), "a rebuilt channel differs", peer);
        }
    }

    private static <T> Map<String, T> byKey(Collection<T> values, Function<T, String> key) {
        return values.stream().collect(Collectors.toMap(key, Function.identity()));
    }
}
