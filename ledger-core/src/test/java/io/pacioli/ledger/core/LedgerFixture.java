package io.pacioli.ledger.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A ledger of a few shards in one thread, to be told what is given, what happens and what must follow. Messages between shards
 * are delivered in the order in which they were sent. After every step the books of all shards must balance.
 */
final class LedgerFixture {
    static final long START_MILLIS = 1_000_000;

    private static final ShardConfiguration WIDE = new ShardConfiguration(1, 1_000_000_000, 1_000_000_000);

    private final SuffixRouter router;
    private final Ledger ledger;
    private final List<InMemoryShard> shards = new ArrayList<>();
    private final List<Entry> journal = new ArrayList<>();
    private final Deque<Transit> inTransit = new ArrayDeque<>();
    private final List<Outcome> outcomes = new ArrayList<>();
    private long nowMillis = START_MILLIS;
    private int idsGiven;
    private int inputs;
    private int mark;

    private LedgerFixture(ShardConfiguration configuration) {
        router = new SuffixRouter(configuration.shards());
        ledger = new Ledger(router);
        for (int shard = 0; shard < configuration.shards(); shard++) {
            shards.add(new InMemoryShard(shard));
            configure(shard, configuration);
        }
    }

    /** Shards that know no asset and no account, and remember every command. */
    static LedgerFixture ledger(int shards) {
        return ledger(new ShardConfiguration(shards, WIDE.idempotencyWindowMillis(), WIDE.idempotencyEntriesMax()));
    }

    static LedgerFixture ledger(ShardConfiguration configuration) {
        return new LedgerFixture(configuration);
    }

    /** Shards that all know GOLD. */
    static LedgerFixture goldLedger(int shards) {
        return ledger(shards).given(Request.define("GOLD"));
    }

    LedgerFixture given(Request... requests) {
        for (Request request : requests) {
            submit(request);
            deliver();
            assertThat(lastOutcome()).as("given").isInstanceOf(Outcome.Accepted.class);
        }
        return this;
    }

    /** Decides a command and delivers everything that follows from it. */
    LedgerFixture when(Request request) {
        whenSent(request);
        deliver();
        return this;
    }

    /** Decides a command and leaves what it sent to other shards on its way. */
    LedgerFixture whenSent(Request request) {
        mark = journal.size();
        submit(request);
        return this;
    }

    /** Decides about an input of the test's own making. */
    LedgerFixture whenGiven(Input input, int shard) {
        mark = journal.size();
        apply(input, shard);
        return this;
    }

    LedgerFixture whenConfigured(ShardConfiguration configuration) {
        mark = journal.size();
        for (InMemoryShard shard : shards) {
            configure(shard.header().shard(), configuration);
        }
        return this;
    }

    /** Delivers all that is between shards. */
    LedgerFixture deliver() {
        while (!inTransit.isEmpty()) {
            Transit next = inTransit.remove();
            apply(transitInput(next), next.to());
        }
        return this;
    }

    /** Delivers the oldest message between shards. */
    LedgerFixture deliverOne() {
        Transit next = inTransit.remove();
        apply(transitInput(next), next.to());
        return this;
    }

    LedgerFixture at(long millis) {
        nowMillis = millis;
        return this;
    }

    /** Lets time pass on all shards: what falls due until then is decided, and all that follows from it is delivered. */
    LedgerFixture whenTimeIs(long millis) {
        mark = journal.size();
        nowMillis = millis;
        for (InMemoryShard shard : shards) {
            due(shard);
        }
        return deliver();
    }

    /** The types of all events since the last {@code when}, on all shards. */
    LedgerFixture then(String... eventTypes) {
        assertThat(since().stream().map(e -> e.event().type())).containsExactly(eventTypes);
        return this;
    }

    LedgerFixture accepted(String type) {
        assertThat(lastOutcome())
                .isInstanceOfSatisfying(
                        Outcome.Accepted.class, o -> assertThat(o.type()).isEqualTo(type));
        return this;
    }

    LedgerFixture pending(String type) {
        assertThat(lastOutcome())
                .isInstanceOfSatisfying(
                        Outcome.Pending.class, o -> assertThat(o.type()).isEqualTo(type));
        return this;
    }

    LedgerFixture rejected(Rejection code) {
        assertThat(lastOutcome())
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        o -> assertThat(o.rejected().code())
                                .as(o.rejected().message())
                                .isEqualTo(code));
        return this;
    }

    LedgerFixture rejected(Rejection code, String field, String limit, String value) {
        assertThat(lastOutcome())
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        o -> assertThat(o.rejected()).isEqualTo(new Rejected(code, field, limit, value)));
        return this;
    }

    LedgerFixture balance(String account, String minorUnits) {
        return balance(account, "GOLD", minorUnits);
    }

    LedgerFixture balance(String account, String asset, String minorUnits) {
        assertThat(available(shards.get(router.shardOf(account)), account, asset))
                .as("balance of " + account)
                .isEqualTo(minorUnits);
        return this;
    }

    LedgerFixture held(String account, String minorUnits) {
        Account known = shards.get(router.shardOf(account)).account(account);
        assertThat(known == null ? "none" : known.holding("GOLD").held().toString())
                .as("held of " + account)
                .isEqualTo(minorUnits);
        return this;
    }

    LedgerFixture clearing(int shard, int peer, String minorUnits) {
        assertThat(available(shards.get(shard), AccountId.clearing(peer, "GOLD"), "GOLD"))
                .as("clearing of shard " + shard + " with " + peer)
                .isEqualTo(minorUnits);
        return this;
    }

    /** The outcome of the last command is the very one that the command {@code back} outcomes ago had. */
    LedgerFixture sameOutcomeAsBefore(int back) {
        assertThat(lastOutcome()).isEqualTo(outcomes.get(outcomes.size() - 1 - back));
        return this;
    }

    InMemoryShard shard(int shard) {
        return shards.get(shard);
    }

    Ledger rules() {
        return ledger;
    }

    List<Entry> journal() {
        return journal;
    }

    List<Entry> since() {
        return List.copyOf(journal.subList(mark, journal.size()));
    }

    List<Transit> inTransit() {
        return List.copyOf(inTransit);
    }

    Outcome lastOutcome() {
        return outcomes.getLast();
    }

    Input.CommandInput commandInput(Command command) {
        return new Input.CommandInput(command, fingerprint(command), cause("commands"), nowMillis);
    }

    Input.TransitInput transitInput(Transit transit) {
        return new Input.TransitInput(transit, cause("transit"), nowMillis);
    }

    /** What falls due first on the first shard, whatever time it is. */
    Input.DueInput dueInput() {
        return new Input.DueInput(
                java.util.Objects.requireNonNull(shards.getFirst().firstDue()));
    }

    static Fingerprint fingerprint(Command command) {
        return new Fingerprint(command.type().hashCode(), command.toString().hashCode());
    }

    private Outcome submit(Request request) {
        Command command = request.withId("auto-" + ++idsGiven);
        int shard = router.shardOfKey(command.routingKey());
        due(shards.get(shard));
        int before = outcomes.size();
        apply(commandInput(command), shard);
        assertThat(outcomes).as("outcomes of " + command).hasSize(before + 1);
        Outcome outcome = outcomes.getLast();
        assertThat(outcome.commandId()).isEqualTo(command.id());
        return outcome;
    }

    private void due(InMemoryShard shard) {
        for (Input due = Ledger.due(shard, nowMillis); due != null; due = Ledger.due(shard, nowMillis)) {
            apply(due, shard.header().shard());
        }
    }

    private void configure(int shard, ShardConfiguration configuration) {
        apply(new Input.ConfigurationInput(configuration, cause("configuration"), nowMillis), shard);
    }

    private void apply(Input input, int shard) {
        InMemoryShard state = shards.get(shard);
        switch (ledger.decide(input, state)) {
            case Decision.Ignored ignored -> {}
            case Decision.Repeated repeated -> outcomes.add(repeated.outcome());
            case Decision.Journaled journaled -> {
                for (Entry entry : journaled.entries()) {
                    ledger.evolve(state, entry);
                    journal.add(entry);
                }
                inTransit.addAll(journaled.transit());
                booksMustBalance();
                Outcome outcome = journaled.outcome();
                if (outcome != null) {
                    outcomes.add(outcome);
                }
            }
        }
    }

    /** Clearing nets to what is on its way, and with it all accounts sum to zero. */
    private void booksMustBalance() {
        Map<String, BigInteger> accounts = new HashMap<>();
        Map<String, BigInteger> clearing = new HashMap<>();
        Map<String, BigInteger> moving = new HashMap<>();
        for (InMemoryShard shard : shards) {
            for (Account account : shard.accounts()) {
                Map<String, BigInteger> sums = AccountId.isClearing(account.id()) ? clearing : accounts;
                account.holdings().forEach(h -> sums.merge(h.asset(), h.total(), BigInteger::add));
            }
        }
        for (Transit transit : inTransit) {
            switch (transit) {
                case Transit.TransferCredit t -> add(moving, t.terms());
                case Transit.TransferReturn t -> add(moving, t.terms());
                case Transit.TransactionCommit t -> addUnsettled(moving, t);
                default -> {}
            }
        }
        clearing.forEach((asset, sum) -> {
            assertThat(sum).as("clearing of " + asset).isEqualTo(moving.getOrDefault(asset, BigInteger.ZERO));
            assertThat(sum.add(accounts.getOrDefault(asset, BigInteger.ZERO)))
                    .as("sum of " + asset)
                    .isZero();
        });
    }

    private static void add(Map<String, BigInteger> sums, TransferTerms terms) {
        sums.merge(terms.asset(), terms.amount().minorUnits(), BigInteger::add);
    }

    /** What a participant will pay in, and not pay out, when it hears of a commit. */
    private void addUnsettled(Map<String, BigInteger> sums, Transit.TransactionCommit commit) {
        int shard = commit.to();
        PendingTransaction pending =
                shards.get(shard).transaction(PendingTransaction.key(commit.from(), commit.commandId()));
        assertThat(pending).isNotNull();
        for (PlacedLeg placed :
                java.util.Objects.requireNonNull(pending).terms().legs()) {
            BigInteger amount = placed.leg().amount().minorUnits();
            if (placed.fromShard() != placed.toShard()) {
                BigInteger moving = placed.toShard() == shard ? amount : amount.negate();
                sums.merge(placed.leg().asset(), moving, BigInteger::add);
            }
        }
    }

    private String cause(String topic) {
        return topic + "@" + ++inputs;
    }

    private static String available(InMemoryShard shard, String account, String asset) {
        Account known = shard.account(account);
        return known == null ? "none" : known.holding(asset).available().toString();
    }
}
