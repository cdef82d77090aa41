package io.pacioli.ledger.testkit.fuzz;

import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.OutcomeCodec;
import io.pacioli.ledger.api.TransitCodec;
import io.pacioli.ledger.core.Decision;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Input;
import io.pacioli.ledger.core.Ledger;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.core.ShardState;
import io.pacioli.ledger.core.ShardView;
import io.pacioli.ledger.core.Transit;
import io.pacioli.ledger.testkit.simulation.Decider;
import io.pacioli.ledger.testkit.simulation.Simulation;
import io.pacioli.ledger.testkit.simulation.SimulationSettings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Well-formed messages of every type, as a simulated ledger has written them: what mutations begin with. Not thread safe. */
public final class Corpus {
    private static final int SHARDS = 6;
    private static final int STEPS = 20_000;
    private static final int EACH_MAX = 24;
    private static final int BATCHED_MAX = 4;

    private final Map<Kind, List<String>> messages = new EnumMap<>(Kind.class);
    private final Map<String, Integer> counts = new HashMap<>();

    /** What a message is. */
    public enum Kind {
        /** What clients ask for. */
        COMMAND,
        /** What happened. */
        ENTRY,
        /** What shards tell each other. */
        TRANSIT,
        /** What clients are told. */
        OUTCOME
    }

    private Corpus() {
        for (Kind kind : Kind.values()) {
            messages.put(kind, new ArrayList<>());
        }
    }

    /** The messages of a simulation with that seed. */
    public static Corpus of(long seed) {
        Corpus corpus = new Corpus();
        new Simulation(
                        new SimulationSettings(seed, SHARDS, STEPS),
                        router -> corpus.listening(Decider.of(new Ledger(router))))
                .run();
        return corpus;
    }

    /** Messages of a kind, with a character for each byte. */
    public List<String> messages(Kind kind) {
        return List.copyOf(messages.getOrDefault(kind, List.of()));
    }

    /** What clients write into the command topic: each command alone, and with others in a batch. */
    public List<String> records() {
        List<String> commands = messages(Kind.COMMAND);
        List<String> records = new ArrayList<>(commands);
        for (int i = 0; i < commands.size(); i++) {
            List<String> some = commands.subList(i, Math.min(commands.size(), i + 1 + i % BATCHED_MAX));
            records.add("{\"type\":\"Batch\",\"commands\":[" + String.join(",", some) + "]}");
        }
        return records;
    }

    private Decider listening(Decider decider) {
        return new Decider() {
            @Override
            public Decision decide(Input input, ShardView view) {
                Decision decision = decider.decide(input, view);
                heard(input, decision);
                return decision;
            }

            @Override
            public void evolve(ShardState state, Entry entry) {
                decider.evolve(state, entry);
            }
        };
    }

    private void heard(Input input, Decision decision) {
        if (input instanceof Input.CommandInput given
                && isWanted(given.command().type())) {
            add(Kind.COMMAND, CommandCodec.encode(given.command()));
        }
        if (decision instanceof Decision.Journaled journaled) {
            for (Entry entry : journaled.entries()) {
                if (isWanted(entry.event().type())) {
                    add(Kind.ENTRY, JournalCodec.encode(entry, Hash.ZERO).bytes());
                }
            }
            for (Transit transit : journaled.transit()) {
                if (isWanted(transit.type())) {
                    add(Kind.TRANSIT, TransitCodec.encode(transit));
                }
            }
            Outcome outcome = journaled.outcome();
            if (outcome != null && isWanted(outcome.getClass().getName())) {
                add(Kind.OUTCOME, OutcomeCodec.encode(outcome));
            }
        }
    }

    private boolean isWanted(String type) {
        return counts.merge(type, 1, Integer::sum) <= EACH_MAX;
    }

    private void add(Kind kind, byte[] message) {
        messages.getOrDefault(kind, List.of()).add(new String(message, StandardCharsets.ISO_8859_1));
    }
}
