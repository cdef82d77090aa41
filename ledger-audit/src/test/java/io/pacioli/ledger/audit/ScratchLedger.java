package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.SealedEntry;
import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Decision;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.InMemoryShard;
import io.pacioli.ledger.core.Input;
import io.pacioli.ledger.core.Ledger;
import io.pacioli.ledger.core.ShardConfiguration;
import io.pacioli.ledger.core.Transit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** A ledger on the heap that keeps its journal as records, as a processor would write them. */
final class ScratchLedger {
    static final int SHARDS = 3;

    private final KafkaRouter router = new KafkaRouter(SHARDS);
    private final Ledger ledger = new Ledger(router);
    private final List<InMemoryShard> states = new ArrayList<>();
    private final List<Hash> chains = new ArrayList<>();
    private final List<List<byte[]>> journal = new ArrayList<>();
    private final Deque<Transit> transit = new ArrayDeque<>();
    private long inputs;

    ScratchLedger() {
        for (int shard = 0; shard < SHARDS; shard++) {
            states.add(new InMemoryShard(shard));
            chains.add(Hash.ZERO);
            journal.add(new ArrayList<>());
            ShardConfiguration configuration = new ShardConfiguration(SHARDS, 1_000_000, 1_000_000);
            decide(shard, new Input.ConfigurationInput(configuration, "configuration", now()));
        }
    }

    /** Two assets, thirty accounts of which each has GOLD, and payments all over the place. */
    static ScratchLedger inUse() {
        ScratchLedger scratch = new ScratchLedger();
        scratch.define("GOLD", 2);
        scratch.define("POINTS", 0);
        for (int i = 0; i < 30; i++) {
            scratch.submit(new Command.OpenAccount("open-" + i, "a" + i, AccountLimits.DEFAULT, Map.of()));
            scratch.submit(new Command.Mint("mint-" + i, "GOLD", "a" + i, Amount.of(1_000), Map.of()));
        }
        for (int i = 0; i < 200; i++) {
            String from = "a" + i % 30;
            String to = "a" + (i * 7 + 3) % 30;
            scratch.submit(new Command.Transfer("t-" + i, "GOLD", from, to, Amount.of(i * 9L), "", Map.of()));
        }
        return scratch;
    }

    void define(String code, int decimals) {
        Asset asset = new Asset(code, code, "", "", decimals, null);
        submit(new Command.DefineAsset("define-" + code, asset, Amount.ZERO, null, Map.of()));
    }

    /** Decides a command and delivers every message that follows from it. */
    void submit(Command command) {
        submitUndelivered(command);
        deliver();
    }

    /** Decides a command and leaves what it sends to other shards on its way. */
    void submitUndelivered(Command command) {
        int shard = router.shardOfKey(command.routingKey());
        decide(shard, new Input.CommandInput(command, CommandCodec.fingerprint(command), "commands", now()));
    }

    void deliver() {
        for (Transit message = transit.poll(); message != null; message = transit.poll()) {
            decide(message.to(), new Input.TransitInput(message, "transit", now()));
        }
    }

    int shardOf(String account) {
        return router.shardOf(account);
    }

    /** One of the accounts of {@link #inUse} that lives on a shard. */
    String accountOn(int shard) {
        int number = 0;
        while (shardOf("a" + number) != shard) {
            number++;
        }
        return "a" + number;
    }

    List<byte[]> journal(int shard) {
        return journal.get(shard);
    }

    /** Folds the records as they stand by now. */
    Books fold() {
        List<ShardFold> folds = new ArrayList<>();
        for (int shard = 0; shard < SHARDS; shard++) {
            ShardFold fold = new ShardFold(shard, router, ledger);
            long offset = 100;
            for (byte[] record : journal.get(shard)) {
                fold.apply(record, offset);
                offset += 2;
            }
            folds.add(fold);
        }
        return new Books(folds);
    }

    private long now() {
        return ++inputs;
    }

    private void decide(int shard, Input input) {
        if (ledger.decide(input, states.get(shard)) instanceof Decision.Journaled decision) {
            for (Entry entry : decision.entries()) {
                SealedEntry sealed = JournalCodec.encode(entry, chains.get(shard));
                chains.set(shard, sealed.hash());
                journal.get(shard).add(sealed.bytes());
                ledger.evolve(states.get(shard), entry);
            }
            transit.addAll(decision.transit());
        }
    }
}
