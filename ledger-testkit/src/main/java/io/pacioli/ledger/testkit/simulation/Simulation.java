package io.pacioli.ledger.testkit.simulation;

import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Decision;
import io.pacioli.ledger.core.Due;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Fingerprint;
import io.pacioli.ledger.core.Input;
import io.pacioli.ledger.core.Ledger;
import io.pacioli.ledger.core.Rejection;
import io.pacioli.ledger.core.Router;
import io.pacioli.ledger.core.ShardConfiguration;
import io.pacioli.ledger.core.TransferKind;
import io.pacioli.ledger.core.Transit;
import io.pacioli.ledger.testkit.model.NaiveLedger;
import io.pacioli.ledger.testkit.model.Verdict;
import io.pacioli.ledger.testkit.workload.Workload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs a whole ledger in one thread and checks it after each step: seeded commands in, messages between shards delivered late and
 * out of order but in order within each channel, inputs duplicated, what is due decided in time or late, settings changed, shards
 * crashed and rebuilt from their journals.
 *
 * <p>A run is a pure function of its settings. Not thread safe.
 */
public final class Simulation {
    private static final long START_MILLIS = 1_000_000;
    private static final long WINDOW_MILLIS = 3_000;
    private static final long[] WINDOWS_MILLIS = {WINDOW_MILLIS, 1, 200, 30_000};
    private static final long[] WINDOWS_ENTRIES = {150, 1, 10, 1_000};
    private static final long TICK_MILLIS = 5;
    private static final long TICKS_MAX = 4;
    private static final long SETTLE_MILLIS = 60_000;
    private static final int RECENT_MAX = 20;
    private static final int CRASHES_WANTED = 4;
    private static final int QUIET_STEPS_WANTED = 4;
    private static final int WEATHER_STEPS = 400;
    private static final int[] DELIVERIES_PER_THOUSAND = {100, 400, 650, 850};
    private static final int DUE_FEW_MAX = 2;
    private static final int BATCH_MAX = 12;
    private static final int THOUSAND = 1_000;

    /** Spreads keys by their hash, as partitioners do. */
    private record HashRouter(int shards) implements Router {
        @Override
        public int shardOfKey(String routingKey) {
            return Math.floorMod((routingKey.hashCode() * 0x9E3779B9) >>> 7, shards);
        }
    }

    /** A command, its fingerprint, and another command with the same id. */
    private record Known(
            Command command,
            Fingerprint fingerprint,
            @Nullable Known before) {}

    private final SimulationSettings settings;
    private final SplittableRandom random;
    private final Workload workload;
    private final HashRouter router;
    private final NaiveLedger model;
    private final Network network;
    private final Auditor auditor;
    private final List<SimulatedShard> shards = new ArrayList<>();
    private final List<Input.CommandInput> recent = new ArrayList<>();
    private final Map<String, Known> known = new HashMap<>();
    private final Trace trace = new Trace();
    private long nowMillis = START_MILLIS;
    private int deliveriesPerThousand = DELIVERIES_PER_THOUSAND[1];
    private long inputs;
    private long commands;
    private long batches;
    private long repeated;
    private long due;
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
        auditor = new Auditor(settings.shards(), model);
        Decider decides = decider.apply(router);
        for (int shard = 0; shard < settings.shards(); shard++) {
            shards.add(new SimulatedShard(shard, settings, decides));
        }
    }

    /**
     * Takes all steps. Now and then, and in the end, lets everything arrive and decides all inputs again.
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
            shards.forEach(SimulatedShard::finish);
        } catch (RuntimeException e) {
            throw new SimulationFailure(settings, step, trace.toString(), e);
        }
        Map<String, Long> events = auditor.events();
        return new SimulationReport(
                settings.steps(),
                commands,
                batches,
                repeated,
                auditor.pending(),
                due,
                auditor.rejections(),
                events,
                duplicates,
                burnsRejected,
                burnsSentBack,
                events.getOrDefault("ShardConfigured", 0L) - settings.shards(),
                crashes);
    }

    private void step(long step) {
        nowMillis += TICK_MILLIS * random.nextLong(TICKS_MAX);
        if (random.nextInt(settings.steps()) < CRASHES_WANTED) {
            crash();
        }
        if (step % (1 + settings.steps() / QUIET_STEPS_WANTED) == 0) {
            settle();
        }
        if (step % WEATHER_STEPS == 0) {
            deliveriesPerThousand = DELIVERIES_PER_THOUSAND[random.nextInt(DELIVERIES_PER_THOUSAND.length)];
        }
        int dice = random.nextInt(THOUSAND);
        if (dice < 20) {
            duplicateTransit();
        } else if (dice < 40 && !recent.isEmpty()) {
            submitAgain(recent.get(random.nextInt(recent.size())));
        } else if (dice < 50) {
            configure(
                    anyShard(),
                    WINDOWS_MILLIS[random.nextInt(WINDOWS_MILLIS.length)],
                    WINDOWS_ENTRIES[random.nextInt(WINDOWS_ENTRIES.length)]);
        } else if (dice < 60) {
            decideDue(anyShard(), timestamp());
        } else if (dice < 90) {
            submitBatch();
        } else if (random.nextInt(THOUSAND) < deliveriesPerThousand && !network.isQuiet()) {
            deliver();
        } else {
            submit(workload.next(nowMillis));
        }
    }

    private SimulatedShard anyShard() {
        return shards.get(random.nextInt(shards.size()));
    }

    private void configure(SimulatedShard shard, long windowMillis, long windowEntries) {
        ShardConfiguration configuration = new ShardConfiguration(settings.shards(), windowMillis, windowEntries);
        long at = timestamp();
        decideDue(shard, at);
        trace.add(shard.number(), configuration);
        Verdict verdict = model.configure(shard.number(), windowMillis, windowEntries, at);
        Input input = new Input.ConfigurationInput(configuration, cause("configuration", shard), at);
        if (verdict == null) {
            Check.equal(
                    shard.decide(input),
                    new Decision.Ignored(),
                    "the decision about the settings there are",
                    configuration);
        } else {
            journal(shard, input, verdict);
        }
    }

    private void submit(Command command) {
        SimulatedShard shard = shardOf(command);
        command(shard, input(shard, command, timestamp()));
    }

    /** Commands of one record: of one time, with nothing between them, some of them twice. What is due is decided before all. */
    private void submitBatch() {
        batches++;
        long at = timestamp();
        Command command = workload.next(nowMillis);
        SimulatedShard shard = shardOf(command);
        List<Command> elsewhere = new ArrayList<>();
        decideDue(shard, at);
        for (int left = random.nextInt(BATCH_MAX); left >= 0; left--) {
            if (shardOf(command) == shard) {
                decided(shard, input(shard, command, at));
            } else {
                elsewhere.add(command);
            }
            command = random.nextInt(BATCH_MAX) == 0 ? command : workload.next(nowMillis);
        }
        elsewhere.forEach(this::submit);
    }

    private SimulatedShard shardOf(Command command) {
        return shards.get(router.shardOfKey(command.routingKey()));
    }

    private Input.CommandInput input(SimulatedShard shard, Command command, long atMillis) {
        Input.CommandInput input =
                new Input.CommandInput(command, fingerprint(command), cause("commands", shard), atMillis);
        if (recent.size() < RECENT_MAX) {
            recent.add(input);
        } else {
            recent.set(random.nextInt(RECENT_MAX), input);
        }
        return input;
    }

    /** A command reaches its shard once more, because its sender or the broker does not know that it did. */
    private void submitAgain(Input.CommandInput given) {
        SimulatedShard shard = shardOf(given.command());
        // A conflict is journaled each time it comes, so what comes twice needs a cause of its own.
        command(
                shard,
                new Input.CommandInput(
                        given.command(), given.fingerprint(), cause("commands", shard), given.atMillis()));
    }

    private void command(SimulatedShard shard, Input.CommandInput input) {
        decideDue(shard, input.atMillis());
        decided(shard, input);
    }

    private void decided(SimulatedShard shard, Input.CommandInput input) {
        Command command = input.command();
        commands++;
        trace.add(shard.number(), command);
        Verdict verdict = model.command(shard.number(), command, input.atMillis());
        if (verdict.entries() > 0) {
            journal(shard, input, verdict);
            if (isBurnOfTooMuch(command, shard, verdict)) {
                burnsRejected++;
            }
        } else if (decide(shard, input) instanceof Decision.Repeated again) {
            repeated++;
            auditor.repeated(again.outcome(), verdict);
        } else {
            throw new IllegalStateException("a repeated command was decided again: " + command);
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
        long at = timestamp();
        decideDue(shard, at);
        trace.add(shard.number(), transit);
        Verdict verdict = model.deliver(transit.from(), transit.to(), at);
        Input input = new Input.TransitInput(transit, cause("transit", shard), at);
        Event event = journal(shard, input, verdict);
        if (event instanceof Event.TransferRefused e && e.terms().kind() == TransferKind.BURN) {
            burnsSentBack++;
        }
    }

    private void duplicateTransit() {
        Transit transit = network.duplicate(random);
        if (transit != null) {
            duplicates++;
            SimulatedShard shard = shards.get(transit.to());
            trace.add(shard.number(), transit);
            Input input = new Input.TransitInput(transit, cause("transit", shard), timestamp());
            Check.equal(decide(shard, input), new Decision.Ignored(), "the decision about a duplicate", transit);
        }
    }

    /** Before an input is decided comes what is due by its time, all of it or, as the processor bounds it, a part. */
    private void decideDue(SimulatedShard shard, long inputMillis) {
        int most = random.nextInt(THOUSAND) < 400 ? random.nextInt(DUE_FEW_MAX) : Integer.MAX_VALUE;
        for (int i = 0; i < most && decideFirstDue(shard, inputMillis); i++) {
            due++;
        }
    }

    /** Decides what falls due first, if that is by then, and says whether it was. */
    private boolean decideFirstDue(SimulatedShard shard, long inputMillis) {
        Due first = model.firstDue(shard.number());
        if (!Objects.equals(shard.state().firstDue(), first)) {
            throw new IllegalStateException(
                    "first due must be " + first + " but is " + shard.state().firstDue());
        }
        Input.DueInput input = Ledger.due(shard.state(), inputMillis);
        boolean isDue = first != null
                && first.atMillis()
                        <= Math.max(inputMillis, shard.state().header().atMillis());
        Check.that(isDue == (input != null), "what is due is not, or something else", String.valueOf(first));
        if (input != null) {
            trace.add(shard.number(), input.due());
            journal(shard, input, model.due(shard.number()));
        }
        return isDue;
    }

    private void crash() {
        crashes++;
        SimulatedShard shard = anyShard();
        trace.add(shard.number(), "crash");
        shard.crash();
    }

    /** Lets everything arrive and everything fall due that a command waits for: then every balance is the model's. */
    private void settle() {
        long untilMillis = nowMillis + SETTLE_MILLIS;
        boolean settled = false;
        while (!settled) {
            while (!network.isQuiet()) {
                nowMillis += TICK_MILLIS * random.nextLong(TICKS_MAX);
                deliver();
            }
            settled = true;
            for (SimulatedShard shard : shards) {
                Due first = shard.state().firstDue();
                if (first != null && first.atMillis() <= untilMillis) {
                    nowMillis = Math.max(nowMillis, first.atMillis());
                    decideFirstDue(shard, nowMillis);
                    settled = false;
                }
            }
        }
        auditor.checkQuiet();
        shards.forEach(SimulatedShard::decideAgain);
    }

    /** An input that leads to entries is decided and committed. Returns the last event. */
    private Event journal(SimulatedShard shard, Input input, Verdict verdict) {
        if (!(decide(shard, input) instanceof Decision.Journaled journaled)) {
            throw new IllegalStateException("an input had no effect: " + input);
        }
        shard.commit(input, journaled);
        journaled.transit().forEach(network::send);
        auditor.journaled(input, journaled, verdict);
        return journaled.entries().getLast().event();
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

    /** Records come with the time of their broker, which is not always behind that of the record before. */
    private long timestamp() {
        return random.nextInt(THOUSAND) < 50 ? nowMillis - random.nextLong(WINDOW_MILLIS) : nowMillis;
    }

    /** Unlike any other: topic, partition and, as an offset, the number of the input. */
    private String cause(String topic, SimulatedShard shard) {
        return topic + shard.partition() + inputs++;
    }

    /** Equal for equal commands and for no others, which a hash of 32 bits would not be in a long row of rounds. */
    private Fingerprint fingerprint(Command command) {
        Known first = known.get(command.id());
        for (Known one = first; one != null; one = one.before) {
            if (one.command.equals(command)) {
                return one.fingerprint;
            }
        }
        Fingerprint fingerprint = new Fingerprint(inputs, 0);
        known.put(command.id(), new Known(command, fingerprint, first));
        return fingerprint;
    }
}
