package io.pacioli.ledger.projection.postgres;

import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.SealedEntry;
import io.pacioli.ledger.core.Account;
import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Decision;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.core.InMemoryShard;
import io.pacioli.ledger.core.Input;
import io.pacioli.ledger.core.Ledger;
import io.pacioli.ledger.core.Leg;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.core.Router;
import io.pacioli.ledger.core.ShardConfiguration;
import io.pacioli.ledger.core.Transit;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The real core on shards in memory, with the journal that the processor would write for them. Time is a count of inputs, and of what {@link #pass} adds. */
final class ScriptedLedger {
    private static final long WINDOW_MILLIS = 86_400_000;
    private static final long WINDOW_ENTRIES = 10_000_000;
    private static final long START_MILLIS = 1_795_428_930_123L;

    private final Router router;
    private final Ledger ledger;
    private final List<InMemoryShard> shards = new ArrayList<>();
    private final List<Hash> hashes = new ArrayList<>();
    private final List<Journaled> journal = new ArrayList<>();
    private final Deque<Transit> transit = new ArrayDeque<>();
    private long inputs;

    /** A record of the journal, at an offset that leaves gaps as transactions do. */
    record Journaled(int shard, long offset, SealedEntry sealed) {
        byte[] value() {
            return sealed.bytes();
        }
    }

    ScriptedLedger(int shardCount) {
        router = new KafkaRouter(shardCount);
        ledger = new Ledger(router);
        for (int shard = 0; shard < shardCount; shard++) {
            shards.add(new InMemoryShard(shard));
            hashes.add(Hash.ZERO);
            ShardConfiguration configuration = new ShardConfiguration(shardCount, WINDOW_MILLIS, WINDOW_ENTRIES);
            decide(new Input.ConfigurationInput(configuration, "configuration", now()), shard);
        }
    }

    /** What records come to. */
    static HistoryBatch batch(List<Journaled> records) {
        HistoryBatch batch = new HistoryBatch();
        records.forEach(record -> batch.add(record.value(), record.shard(), record.offset()));
        return batch;
    }

    Router router() {
        return router;
    }

    /** Everything journaled so far, in the order of the decisions. */
    List<Journaled> journal() {
        return journal;
    }

    /** Decides a command and everything that follows from it on other shards. */
    @Nullable
    Outcome run(Command command) {
        Outcome outcome = runWithoutTransit(command);
        deliverTransit();
        return outcome;
    }

    /** Decides a command; what it sends to other shards waits. */
    @Nullable
    Outcome runWithoutTransit(Command command) {
        int shard = router.shardOfKey(command.routingKey());
        Input input = new Input.CommandInput(
                command, CommandCodec.fingerprint(command), "ledger.commands-" + shard + "@" + inputs, now());
        return decide(input, shard);
    }

    /** Delivers the next message between shards, if one waits. */
    boolean deliverOneTransit() {
        Transit next = transit.poll();
        if (next == null) {
            return false;
        }
        decide(new Input.TransitInput(next, "ledger.transit-" + next.to() + "@" + inputs, now()), next.to());
        return true;
    }

    /** Delivers all messages between shards, and those that they lead to. */
    void deliverTransit() {
        boolean delivered = true;
        while (delivered) {
            delivered = deliverOneTransit();
        }
    }

    private @Nullable Outcome decide(Input input, int shardNumber) {
        InMemoryShard shard = shards.get(shardNumber);
        for (Input.DueInput due = Ledger.due(shard, input.atMillis());
                due != null;
                due = Ledger.due(shard, input.atMillis())) {
            journal(ledger.decide(due, shard), shard);
        }
        return journal(ledger.decide(input, shard), shard);
    }

    private @Nullable Outcome journal(Decision decision, InMemoryShard shard) {
        return switch (decision) {
            case Decision.Journaled journaled -> {
                int number = shard.header().shard();
                for (Entry entry : journaled.entries()) {
                    ledger.evolve(shard, entry);
                    SealedEntry sealed = JournalCodec.encode(entry, hashes.get(number));
                    hashes.set(number, sealed.hash());
                    journal.add(new Journaled(number, 2 * entry.sequence(), sealed));
                }
                transit.addAll(journaled.transit());
                yield journaled.outcome();
            }
            case Decision.Repeated repeated -> repeated.outcome();
            case Decision.Ignored ignored -> null;
        };
    }

    private long now() {
        return START_MILLIS + inputs++;
    }

    /** When the next input comes, milliseconds since 1970-01-01 UTC. */
    long nextMillis() {
        return START_MILLIS + inputs;
    }

    /** Lets time pass. What falls due meanwhile is decided with the next input of its shard. */
    void pass(long millis) {
        inputs += millis;
    }

    /** The fold of the whole journal: holdings by shard, account and asset, empty ones left out. */
    Map<String, Holding> holdings() {
        Map<String, Holding> holdings = new HashMap<>();
        for (int shard = 0; shard < shards.size(); shard++) {
            for (Account account : shards.get(shard).accounts()) {
                for (Holding holding : account.holdings()) {
                    holdings.put(shard + " " + account.id() + " " + holding.asset(), holding);
                }
            }
        }
        return holdings;
    }

    /** The last sequence of a shard. */
    long sequence(int shard) {
        return shards.get(shard).header().sequence();
    }

    /** An account id that lives on a shard, such as {@code ann3}. */
    String accountOn(int shard, String prefix) {
        for (int number = 0; ; number++) {
            if (router.shardOf(prefix + number) == shard) {
                return prefix + number;
            }
        }
    }

    /** Defines an asset with a supply that a holder gets. */
    void define(String code, String holder, long supply) {
        Asset asset = new Asset(code, "Gold ✨", "Au", "🪙", 2, null);
        run(new Command.DefineAsset("define-" + code, asset, Amount.of(supply), holder, Map.of("who", "mint \"x\\")));
    }

    /** Opens an account with a ceiling. */
    void open(String account, String asset, long highest) {
        run(new Command.OpenAccount(
                "open-" + account,
                account,
                new AccountLimits(Map.of(asset, BigInteger.ZERO), Map.of(asset, Amount.of(highest))),
                Map.of("tier", "gold")));
    }

    static Command.PlaceHold hold(String id, String asset, String from, long amount) {
        return new Command.PlaceHold(id, asset, from, null, Amount.of(amount), null, "", Map.of());
    }

    static Command.CaptureHold capture(String id, String hold, String from, long amount, String to) {
        return new Command.CaptureHold(id, hold, from, Amount.of(amount), to, Map.of());
    }

    static Command.ReverseTransfer reverse(String id, String transfer, String from, long amount) {
        return new Command.ReverseTransfer(id, transfer, from, Amount.of(amount), Map.of());
    }

    static Command.FreezeAccount freeze(String id, String account) {
        return new Command.FreezeAccount(id, account, "", Map.of());
    }

    static Command.UnfreezeAccount unfreeze(String id, String account) {
        return new Command.UnfreezeAccount(id, account, "", Map.of());
    }

    static Command.CloseAccount close(String id, String account) {
        return new Command.CloseAccount(id, account, "", Map.of());
    }

    static Command.Transact transact(String id, Leg... legs) {
        return new Command.Transact(id, List.of(legs), null, "", Map.of());
    }

    static Leg leg(String asset, String from, String to, long amount) {
        return new Leg(asset, from, to, Amount.of(amount));
    }

    static Command.Transfer transfer(String id, String asset, String from, String to, long amount) {
        return transfer(id, asset, from, to, amount, "", Map.of());
    }

    static Command.Transfer transfer(
            String id, String asset, String from, String to, long amount, String memo, Map<String, String> metadata) {
        return new Command.Transfer(id, asset, from, to, Amount.of(amount), memo, metadata);
    }
}
