package io.pacioli.ledger.projection.redis;

import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.SealedEntry;
import io.pacioli.ledger.core.Account;
import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.AccountStatus;
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
import io.pacioli.ledger.core.ShardConfiguration;
import io.pacioli.ledger.core.Transit;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A ledger whose shards are on the heap: decides with the real core and keeps the journals that come of it, sealed. */
final class TestLedger {
    private static final long START_MILLIS = 1_700_000_000_000L;

    private final KafkaRouter router;
    private final Ledger ledger;
    private final List<InMemoryShard> shards = new ArrayList<>();
    private final List<List<byte[]>> journals = new ArrayList<>();
    private final List<Hash> hashes = new ArrayList<>();
    private long inputs;

    TestLedger(int count) {
        router = new KafkaRouter(count);
        ledger = new Ledger(router);
        for (int shard = 0; shard < count; shard++) {
            shards.add(new InMemoryShard(shard));
            journals.add(new ArrayList<>());
            hashes.add(Hash.ZERO);
            ShardConfiguration configuration = new ShardConfiguration(count, 60_000, 1_000);
            decide(shard, new Input.ConfigurationInput(configuration, "configuration", START_MILLIS));
        }
    }

    KafkaRouter router() {
        return router;
    }

    int shards() {
        return shards.size();
    }

    /** The records of a shard's journal so far. */
    List<byte[]> journal(int shard) {
        return journals.get(shard);
    }

    long sequence(int shard) {
        return shards.get(shard).header().sequence();
    }

    void define(String asset, int decimals) {
        Asset defined = new Asset(asset, asset + " coin", asset.substring(0, 1), "", decimals, null);
        submit(new Command.DefineAsset(nextId(), defined, Amount.ZERO, null, Map.of()));
    }

    void open(String account) {
        submit(new Command.OpenAccount(nextId(), account, AccountLimits.DEFAULT, Map.of()));
    }

    void freeze(String account) {
        submit(new Command.FreezeAccount(nextId(), account, "", Map.of()));
    }

    void unfreeze(String account) {
        submit(new Command.UnfreezeAccount(nextId(), account, "", Map.of()));
    }

    void close(String account) {
        submit(new Command.CloseAccount(nextId(), account, "", Map.of()));
    }

    /** All or nothing, each leg's accounts and amount written {@code GOLD alice bob 5}. */
    void transact(String... legs) {
        List<Leg> parsed = Arrays.stream(legs)
                .map(leg -> leg.split(" ", -1))
                .map(parts -> new Leg(parts[0], parts[1], parts[2], Amount.parse("amount", parts[3])))
                .toList();
        submit(new Command.Transact(nextId(), parsed, null, "", Map.of()));
    }

    void mint(String asset, String to, String amount) {
        submit(new Command.Mint(nextId(), asset, to, Amount.parse("amount", amount), Map.of()));
    }

    void transfer(String asset, String from, String to, String amount) {
        submit(new Command.Transfer(nextId(), asset, from, to, Amount.parse("amount", amount), "", Map.of()));
    }

    /** @return the hold's id */
    String hold(String asset, String from, String amount) {
        String id = nextId();
        submit(new Command.PlaceHold(id, asset, from, null, Amount.parse("amount", amount), null, "", Map.of()));
        return id;
    }

    void capture(String hold, String from, String to, String amount) {
        submit(new Command.CaptureHold(nextId(), hold, from, Amount.parse("amount", amount), to, Map.of()));
    }

    void voidHold(String hold, String from) {
        submit(new Command.VoidHold(nextId(), hold, from, Map.of()));
    }

    /** Random transfers between accounts {@code u0..u<accounts - 1>}, which are credited first. */
    void workload(SplittableRandom random, String asset, int accounts, int transfers) {
        for (int i = 0; i < accounts; i++) {
            mint(asset, "u" + i, "1000");
        }
        for (int i = 0; i < transfers; i++) {
            transfer(
                    asset,
                    "u" + random.nextInt(accounts),
                    "u" + random.nextInt(accounts),
                    Integer.toString(1 + random.nextInt(400)));
        }
    }

    /** Opens, freezes, unfreezes and closes accounts {@code u0..u<accounts - 1>} as it comes; closed ones were emptied before. */
    void statuses(SplittableRandom random, String asset, int accounts, int changes) {
        for (int i = 0; i < changes; i++) {
            String account = "u" + random.nextInt(accounts);
            switch (random.nextInt(5)) {
                case 0 -> open(account);
                case 1, 2 -> freeze(account);
                case 3 -> unfreeze(account);
                default -> {
                    String all = available(account, asset);
                    transfer(asset, account, "treasury", all);
                    close(account);
                }
            }
        }
    }

    private String available(String account, String asset) {
        Account known = shards.get(router.shardOf(account)).account(account);
        return known == null ? "0" : known.holding(asset).available().toString();
    }

    /** The status of every client's account. */
    Map<String, AccountStatus> statuses() {
        Map<String, AccountStatus> statuses = new HashMap<>();
        for (InMemoryShard shard : shards) {
            shard.accounts().stream()
                    .filter(account -> !AccountId.isSystem(account.id()))
                    .forEach(account -> statuses.put(account.id(), account.status()));
        }
        return statuses;
    }

    /** What every account of a shard has, system accounts included; accounts without anything have an empty list. */
    Map<String, List<Holding>> accounts(int shard) {
        Map<String, List<Holding>> accounts = new HashMap<>();
        shards.get(shard).accounts().forEach(account -> accounts.put(account.id(), account.holdings()));
        return accounts;
    }

    /** Who has the most of an asset, worked out the slow way. */
    List<Leader> leaders(String asset, int limit) {
        List<Leader> leaders = new ArrayList<>();
        for (InMemoryShard shard : shards) {
            for (Account account : shard.accounts()) {
                BigInteger total = account.holding(asset).total();
                if (!AccountId.isSystem(account.id()) && total.signum() != 0) {
                    leaders.add(new Leader(0, account.id(), total));
                }
            }
        }
        leaders.sort((a, b) -> {
            int order = b.total().compareTo(a.total());
            return order != 0 ? order : a.account().compareTo(b.account());
        });
        List<Leader> ranked = new ArrayList<>();
        for (int i = 0; i < Math.min(limit, leaders.size()); i++) {
            ranked.add(leaders.get(i).ranked(i + 1));
        }
        return ranked;
    }

    private String nextId() {
        return "c" + inputs;
    }

    private void submit(Command command) {
        String cause = "test@" + inputs++;
        decide(
                router.shardOfKey(command.routingKey()),
                new Input.CommandInput(command, CommandCodec.fingerprint(command), cause, START_MILLIS + inputs));
    }

    private void decide(int shard, Input input) {
        InMemoryShard state = shards.get(shard);
        if (ledger.decide(input, state) instanceof Decision.Journaled journaled) {
            for (Entry entry : journaled.entries()) {
                ledger.evolve(state, entry);
                SealedEntry sealed = JournalCodec.encode(entry, hashes.get(shard));
                hashes.set(shard, sealed.hash());
                journals.get(shard).add(sealed.bytes());
            }
            for (Transit transit : journaled.transit()) {
                decide(transit.to(), new Input.TransitInput(transit, "transit@" + inputs, START_MILLIS + inputs));
            }
        }
    }
}
