package io.pacioli.ledger.testkit.simulation;

import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Decision;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Fingerprint;
import io.pacioli.ledger.core.Input;
import io.pacioli.ledger.core.Ledger;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.core.Posting;
import io.pacioli.ledger.core.Rejection;
import io.pacioli.ledger.core.Router;
import io.pacioli.ledger.core.ShardConfiguration;
import io.pacioli.ledger.core.TransferKind;
import io.pacioli.ledger.core.Transit;
import io.pacioli.ledger.testkit.model.NaiveLedger;
import io.pacioli.ledger.testkit.model.Verdict;
import io.pacioli.ledger.testkit.workload.Workload;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Runs a whole ledger in one thread and checks it after each step: seeded commands in, messages between shards delivered late and
 * out of order but in order within each channel, inputs duplicated, settings changed, shards crashed and rebuilt from their
 * journals.
 *
 * <p>A run is a pure function of its settings. Not thread safe.
 */
public final class Simulation {
    private static final long START_MILLIS = 1_000_000;
    private static final long WINDOW_MILLIS = 3_000;
    private static final long[] WINDOWS_MILLIS = {WINDOW_MILLIS, 1, 200, 30_000};
    private static final long[] WINDOWS_ENTRIES = {150, 1, 10, 1_000};
    private static final long CLOCK_STEP_MILLIS_MAX = 20;
    private static final int TRACE_STEPS_MAX = 20;
    private static final int CRASHES_WANTED = 12;
    private static final int QUIET_STEPS_WANTED = 4;
    private static final int THOUSAND = 1_000;
    private static final BigInteger HIGHEST = new BigInteger("9".repeat(38));

    /** Spreads keys by their hash, as partitioners do. */
    private record HashRouter(int shards) implements Router {
        @Override
        public int shardOfKey(String routingKey) {
            return Math.floorMod((routingKey.hashCode() * 0x9E3779B9) >>> 7, shards);
        }
    }

    private record Traced(int shard, Object what) {}

    private final SimulationSettings settings;
    private final SplittableRandom random;
    private final Workload workload;
    private final HashRouter router;
    private final NaiveLedger model;
    private final Network network;
    private final Books books;
    private final List<SimulatedShard> shards = new ArrayList<>();
    private final Map<String, Outcome> answers = new HashMap<>();
    private final List<Input.CommandInput> recent = new ArrayList<>();
    private final Deque<Traced> trace = new ArrayDeque<>();
    private final Map<Rejection, Long> rejections = new EnumMap<>(Rejection.class);
    private final Map<String, Long> events = new TreeMap<>();
    private long nowMillis = START_MILLIS;
    private long inputs;
    private long commands;
    private long repeated;
    private long duplicates;
    private long burnsRejected;
    private long burnsSentBack;
    private long crashes;

    /** A simulation of the real core. */
    public Simulation(SimulationSettings settings) {
        this(settings, router -> Decider.of(new Ledger(router)));
    }

    /** A simulation of something that claims to be as good as the core. */
    public Simulation(SimulationSettings settings, Function<Router, Decider> decider) {
        this.settings = settings;
        random = new SplittableRandom(settings.seed());
        workload = new Workload(random.nextLong());
        router = new HashRouter(settings.shards());
        model = new NaiveLedger(settings.shards(), router::shardOfKey);
        network = new Network(settings.shards());
        books = new Books(settings.shards());
        Decider decides = decider.apply(router);
        for (int shard = 0; shard < settings.shards(); shard++) {
            shards.add(new SimulatedShard(shard, settings.shards(), decides));
        }
    }

    /**
     * Takes all steps, then lets everything arrive and decides all inputs again.
     *
     * @throws SimulationFailure when the ledger broke an invariant or differed from the model
     */
    public SimulationReport run() {
        long step = 0;
        try {
            shards.forEach(shard -> configure(shard, WINDOWS_MILLIS[0], WINDOWS_ENTRIES[0]));
            for (step = 1; step <= settings.steps(); step++) {
                step(step);
            }
            settle();
            shards.forEach(SimulatedShard::decideAgain);
        } catch (RuntimeException e) {
            throw new SimulationFailure(settings, step, trace(), e);
        }
        return new SimulationReport(
                settings,
                commands,
                repeated,
                rejections,
                events,
                duplicates,
                burnsRejected,
                burnsSentBack,
                events.getOrDefault("ShardConfigured", 0L) - settings.shards(),
                crashes);
    }

    private void step(long step) {
        nowMillis += random.nextLong(CLOCK_STEP_MILLIS_MAX);
        if (random.nextInt(settings.steps()) < CRASHES_WANTED) {
            crash();
        }
        if (step % (1 + settings.steps() / QUIET_STEPS_WANTED) == 0) {
            settle();
        }
        int dice = random.nextInt(THOUSAND);
        if (dice < 20) {
            duplicateTransit();
        } else if (dice < 40 && !recent.isEmpty()) {
            command(recent.get(random.nextInt(recent.size())));
        } else if (dice < 50) {
            configure(
                    shards.get(random.nextInt(shards.size())),
                    WINDOWS_MILLIS[random.nextInt(WINDOWS_MILLIS.length)],
                    WINDOWS_ENTRIES[random.nextInt(WINDOWS_ENTRIES.length)]);
        } else if (dice < 480 && !network.isQuiet()) {
            deliver();
        } else {
            submit(workload.next());
        }
    }

    private void configure(SimulatedShard shard, long windowMillis, long windowEntries) {
        ShardConfiguration configuration = new ShardConfiguration(settings.shards(), windowMillis, windowEntries);
        trace(shard.number(), configuration);
        long at = timestamp();
        Verdict verdict = model.configure(shard.number(), windowMillis, windowEntries, at);
        Input input = new Input.ConfigurationInput(configuration, cause("configuration", shard.number()), at);
        Decision decision = decide(shard, input);
        if (verdict == null) {
            Check.equal(decision, new Decision.Ignored(), "the decision about the settings there are", configuration);
        } else if (decision instanceof Decision.Journaled journaled) {
            Check.that(journaled.outcome() == null, "settings got an outcome", configuration);
            commit(shard, input, journaled);
            checkEntries(journaled, verdict);
        } else {
            throw new IllegalStateException("new settings had no effect: " + configuration);
        }
    }

    private void submit(Command command) {
        int shard = router.shardOfKey(command.routingKey());
        Input.CommandInput input =
                new Input.CommandInput(command, fingerprint(command), cause("commands", shard), timestamp());
        if (recent.size() < TRACE_STEPS_MAX) {
            recent.add(input);
        } else {
            recent.set(random.nextInt(TRACE_STEPS_MAX), input);
        }
        command(input);
    }

    /** A command reaches its shard, for the first time or, after a crash, once more. */
    private void command(Input.CommandInput given) {
        SimulatedShard shard = shards.get(router.shardOfKey(given.command().routingKey()));
        // A conflict is journaled each time it comes, so what comes twice needs a cause of its own.
        Input.CommandInput input = new Input.CommandInput(
                given.command(), given.fingerprint(), cause("commands", shard.number()), given.atMillis());
        commands++;
        trace(shard.number(), input.command());
        Verdict verdict = model.command(shard.number(), input.command(), input.atMillis());
        String answered = shard.number() + " " + input.command().id();
        switch (decide(shard, input)) {
            case Decision.Ignored ignored -> throw new IllegalStateException("a command was ignored");
            case Decision.Repeated again -> {
                repeated++;
                Check.equal(verdict.entries(), 0, "the number of entries of a repeated command", input);
                Outcome first = answers.get(answered);
                Check.that(again.outcome().equals(first), "a repeated command got another outcome", again.outcome());
                checkOutcome(again.outcome(), verdict);
            }
            case Decision.Journaled journaled -> {
                Outcome outcome = journaled.outcome();
                if (outcome == null) {
                    throw new IllegalStateException("a command got no outcome");
                }
                commit(shard, input, journaled);
                checkEntries(journaled, verdict);
                checkOutcome(outcome, verdict);
                if (isBurnOfTooMuch(input.command(), shard, verdict)) {
                    burnsRejected++;
                }
                Check.equal(outcome.commandId(), input.command().id(), "the id of the outcome", outcome);
                if (verdict.rejection() != Rejection.IDEMPOTENCY_CONFLICT) {
                    answers.put(answered, outcome);
                }
            }
        }
    }

    /** Only the issuer's own shard can tell. */
    private boolean isBurnOfTooMuch(Command command, SimulatedShard shard, Verdict verdict) {
        return command instanceof Command.Burn burn
                && verdict.rejection() == Rejection.HIGHEST_BALANCE_EXCEEDED
                && router.shardOf(AccountId.issuer(burn.asset())) == shard.number();
    }

    private void deliver() {
        Transit transit = network.receive(random);
        SimulatedShard shard = shards.get(transit.to());
        trace(shard.number(), transit);
        long at = timestamp();
        Verdict verdict = model.deliver(transit.from(), transit.to(), at);
        Input input = new Input.TransitInput(transit, cause("transit", shard.number()), at);
        if (!(decide(shard, input) instanceof Decision.Journaled journaled)) {
            throw new IllegalStateException("a message had no effect: " + transit);
        }
        Check.that(journaled.outcome() == null, "a message got an outcome", transit);
        books.arrived(transit);
        commit(shard, input, journaled);
        checkEntries(journaled, verdict);
        Event event = journaled.entries().getLast().event();
        Rejection refused =
                event instanceof Event.TransferRefused e ? e.reason().code() : null;
        Check.that(refused == verdict.rejection(), "a credit was not refused as it must be", verdict);
        if (event instanceof Event.TransferRefused e && e.terms().kind() == TransferKind.BURN) {
            burnsSentBack++;
        }
    }

    private void duplicateTransit() {
        Transit transit = network.duplicate(random);
        if (transit != null) {
            duplicates++;
            SimulatedShard shard = shards.get(transit.to());
            trace(shard.number(), transit);
            Input input = new Input.TransitInput(transit, cause("transit", shard.number()), timestamp());
            Check.equal(decide(shard, input), new Decision.Ignored(), "the decision about a duplicate", transit);
        }
    }

    private void crash() {
        crashes++;
        SimulatedShard shard = shards.get(random.nextInt(shards.size()));
        trace(shard.number(), "crash");
        shard.crash();
    }

    /** Lets everything arrive: then nothing is between shards, and every balance is the model's. */
    private void settle() {
        while (!network.isQuiet()) {
            nowMillis += random.nextLong(CLOCK_STEP_MILLIS_MAX);
            deliver();
        }
        Check.that(model.isQuiet(), "the model waits for a message that was never sent", "");
        books.checkQuiet();
        Check.equal(books.balances(), model.balances(), "all balances", settings);
    }

    /** A shard that fails before it commits decides again, and must decide alike, whenever its store was swept. */
    private Decision decide(SimulatedShard shard, Input input) {
        Decision decision = random.nextBoolean() ? shard.decide(input) : shard.decideSwept(input);
        int dice = random.nextInt(THOUSAND);
        if (dice < 20) {
            Decision again = dice < 10 ? shard.decide(input) : shard.decideSwept(input);
            Check.equal(again, decision, "what is decided again", input);
        }
        return decision;
    }

    private void commit(SimulatedShard shard, Input input, Decision.Journaled journaled) {
        shard.commit(input, journaled);
        for (Entry entry : journaled.entries()) {
            Check.equal(entry.cause(), input.cause(), "the cause", entry);
            Check.equal(entry.shard(), shard.number(), "the shard", entry);
            events.merge(entry.event().type(), 1L, Long::sum);
            books.add(entry);
        }
        for (Transit transit : journaled.transit()) {
            Check.equal(transit.from(), shard.number(), "the sender", transit);
            books.sent(transit);
            network.send(transit);
        }
    }

    private void checkEntries(Decision.Journaled journaled, Verdict verdict) {
        List<Entry> entries = journaled.entries();
        Check.equal(entries.size(), verdict.entries(), "the number of entries", verdict);
        Entry last = entries.getLast();
        Check.equal(last.event().type(), verdict.type(), "the event", last);
        Check.equal(last.sequence(), verdict.sequence(), "the sequence", last);
        Check.equal(last.atMillis(), verdict.atMillis(), "the time", last);
        boolean returned = last.event() instanceof Event.TransferReturned;
        for (Entry entry : entries) {
            books.checkSums(entry);
            entry.postings().forEach(posting -> checkPosting(posting, returned));
        }
    }

    /** Only money that comes back may bring an account above 38 digits or an issuer above zero: it has nowhere else to go. */
    private void checkPosting(Posting posting, boolean returned) {
        BigInteger balance = posting.balance();
        if (!AccountId.isClearing(posting.account())) {
            Check.equal(balance, model.balance(posting.account(), posting.asset()), "the balance", posting);
            Check.that(
                    balance.compareTo(model.lowest(posting.account(), posting.asset())) >= 0,
                    "a balance is below its limit",
                    posting);
        }
        boolean credit = posting.amount().signum() > 0;
        boolean burnt = credit && !returned && AccountId.isIssuer(posting.account());
        Check.that(!burnt || balance.signum() <= 0, "more is burnt than circulates", posting);
        Check.that(returned || !credit || balance.compareTo(HIGHEST) <= 0, "a balance has 39 digits", posting);
        Check.that(balance.compareTo(HIGHEST.negate()) >= 0, "a balance has 39 digits", posting);
    }

    private void checkOutcome(Outcome outcome, Verdict verdict) {
        Check.equal(outcome.position().shard(), verdict.shard(), "the shard", outcome);
        Check.equal(outcome.position().sequence(), verdict.sequence(), "the sequence", outcome);
        Check.equal(outcome.atMillis(), verdict.atMillis(), "the time", outcome);
        switch (outcome) {
            case Outcome.Accepted accepted -> Check.equal(accepted.type(), verdict.type(), "the type", outcome);
            case Outcome.Refused refused -> {
                Rejection code = refused.rejected().code();
                Check.that(code == verdict.rejection(), "a command was rejected against the model", outcome);
                rejections.merge(code, 1L, Long::sum);
            }
        }
    }

    /** Records come with the time of their broker, which is not always behind that of the record before. */
    private long timestamp() {
        return random.nextInt(THOUSAND) < 50 ? nowMillis - random.nextLong(WINDOW_MILLIS) : nowMillis;
    }

    private String cause(String topic, int shard) {
        return topic + "-" + shard + "@" + inputs++;
    }

    private static Fingerprint fingerprint(Command command) {
        String content = command.toString();
        long hash = 1;
        for (int i = 0; i < content.length(); i++) {
            hash = (hash ^ content.charAt(i)) * 0x100000001B3L;
        }
        return new Fingerprint(hash, content.length());
    }

    private void trace(int shard, Object what) {
        if (trace.size() >= TRACE_STEPS_MAX) {
            trace.remove();
        }
        trace.add(new Traced(shard, what));
    }

    private String trace() {
        StringBuilder steps = new StringBuilder("The last steps were:").append(System.lineSeparator());
        trace.forEach(traced -> steps.append("  shard ")
                .append(traced.shard)
                .append(": ")
                .append(traced.what)
                .append(System.lineSeparator()));
        return steps.toString();
    }
}
