package io.pacioli.ledger.testkit.model;

import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Rejection;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The whole ledger as one would write it on a sheet of paper. It is told every input that reaches a shard and answers what must
 * become of it; afterwards its balances are what all balances must be. Not thread safe.
 */
public final class NaiveLedger {
    private static final BigInteger THIRTY_EIGHT_NINES = new BigInteger("9".repeat(38));
    private static final int ASSETS_HELD_MAX = 1000;

    /** Something on its way from one shard to another. */
    private record Letter(Kind kind, String asset, String from, String to, BigInteger amount) {
        enum Kind {
            NEWS,
            MONEY,
            MONEY_BACK
        }
    }

    private final ToIntFunction<String> shardOfKey;
    private final List<NaiveShard> shards = new ArrayList<>();
    private final Map<String, Asset> assets = new HashMap<>();
    private final Map<String, NaiveAccount> accounts = new HashMap<>();
    private final Map<Long, Deque<Letter>> letters = new HashMap<>();
    private final Map<String, Integer> homes = new HashMap<>();

    /**
     * @param shardCount how many shards there are
     * @param shardOfKey where a routing key lives, 0 to {@code shardCount - 1}
     */
    public NaiveLedger(int shardCount, ToIntFunction<String> shardOfKey) {
        this.shardOfKey = shardOfKey;
        for (int shard = 0; shard < shardCount; shard++) {
            shards.add(new NaiveShard(shard));
        }
    }

    /**
     * A shard is told its settings: before anything else, and whenever they change.
     *
     * @param windowMillis how long the ids of commands decided from now on are remembered
     * @param windowEntries for how many entries they are
     * @return null when the shard has these settings already
     */
    public @Nullable Verdict configure(int shard, long windowMillis, long windowEntries, long inputMillis) {
        NaiveShard here = shards.get(shard);
        return here.changeWindow(windowMillis, windowEntries)
                ? here.write(1, here.tick(inputMillis), "ShardConfigured", null)
                : null;
    }

    /** A command reaches the shard that it belongs to. */
    public Verdict command(int shard, Command command, long inputMillis) {
        NaiveShard here = shards.get(shard);
        long now = here.tick(inputMillis);
        Verdict remembered = here.remembered(command.id(), now);
        if (remembered != null) {
            return here.wasTheSame(command)
                    ? remembered.repeated()
                    : here.write(1, now, "CommandRejected", Rejection.IDEMPOTENCY_CONFLICT);
        }
        Rejection rejection = whyNot(shard, command);
        Verdict verdict =
                rejection == null ? carryOut(shard, command, now) : here.write(1, now, "CommandRejected", rejection);
        here.remember(command, verdict);
        return verdict;
    }

    /** The oldest message from one shard to another is delivered. */
    public Verdict deliver(int from, int to, long inputMillis) {
        NaiveShard here = shards.get(to);
        long now = here.tick(inputMillis);
        Letter letter = lettersBetween(from, to).remove();
        return switch (letter.kind) {
            case NEWS -> {
                here.assetsKnown().add(letter.asset);
                yield here.write(1, now, "AssetLearned", null);
            }
            case MONEY -> {
                Rejection refusal = whyNotCredit(letter.to, letter.asset, letter.amount);
                if (refusal != null) {
                    Letter back =
                            new Letter(Letter.Kind.MONEY_BACK, letter.asset, letter.from, letter.to, letter.amount);
                    lettersBetween(to, from).add(back);
                    yield here.write(1, now, "TransferRefused", refusal);
                }
                here.owe(from, letter.asset, letter.amount.negate());
                account(letter.to).add(letter.asset, letter.amount);
                yield here.write(1, now, "TransferReceived", null);
            }
            case MONEY_BACK -> {
                here.owe(from, letter.asset, letter.amount.negate());
                account(letter.from).add(letter.asset, letter.amount);
                yield here.write(1, now, "TransferReturned", null);
            }
        };
    }

    /** Whether nothing is between shards. */
    public boolean isQuiet() {
        return letters.values().stream().allMatch(Deque::isEmpty);
    }

    /** The balance of an account, in minor units. Issuers have one, clearing accounts have none here. */
    public BigInteger balance(String account, String asset) {
        NaiveAccount known = accounts.get(account);
        return known == null ? BigInteger.ZERO : known.balance(asset);
    }

    /** The lowest balance that an account may have. */
    public BigInteger lowest(String account, String asset) {
        if (account.startsWith("@")) {
            Asset defined = assets.get(asset);
            return defined == null ? BigInteger.ZERO : supplyMax(defined).negate();
        }
        NaiveAccount known = accounts.get(account);
        return known == null ? BigInteger.ZERO : known.lowest(asset);
    }

    /** All balances that are not zero, by account and asset. A copy. */
    public Map<String, Map<String, BigInteger>> balances() {
        Map<String, Map<String, BigInteger>> all = new HashMap<>();
        accounts.forEach((id, account) -> {
            Map<String, BigInteger> some = account.balances().entrySet().stream()
                    .filter(balance -> balance.getValue().signum() != 0)
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
            if (!some.isEmpty()) {
                all.put(id, some);
            }
        });
        return all;
    }

    private @Nullable Rejection whyNot(int shard, Command command) {
        return switch (command) {
            case Command.DefineAsset c -> whyNotDefine(shard, c);
            case Command.OpenAccount c -> whyNotOpen(c);
            case Command.Mint c -> {
                Rejection rejection = whyNotAtAll(shard, c.amount(), c.asset(), c.to());
                if (rejection == null && supplyAfter(c.asset(), c.amount()).compareTo(supplyMax(c.asset())) > 0) {
                    rejection = Rejection.MAX_SUPPLY_EXCEEDED;
                }
                yield rejection == null ? whyNotMove(shard, c.asset(), c.to(), c.amount()) : rejection;
            }
            case Command.Burn c -> {
                Rejection rejection = whyNotAtAll(shard, c.amount(), c.asset(), c.from());
                if (rejection == null) {
                    rejection = whyNotPay(c.from(), c.asset(), c.amount());
                }
                yield rejection == null ? whyNotMove(shard, c.asset(), "@" + c.asset(), c.amount()) : rejection;
            }
            case Command.Transfer c -> {
                if (c.amount().minorUnits().signum() > 0
                        && !c.from().startsWith("@")
                        && !c.to().startsWith("@")
                        && c.from().equals(c.to())) {
                    yield Rejection.ACCOUNTS_MUST_BE_DIFFERENT;
                }
                Rejection rejection = whyNotAtAll(shard, c.amount(), c.asset(), c.from(), c.to());
                if (rejection == null) {
                    rejection = whyNotPay(c.from(), c.asset(), c.amount());
                }
                yield rejection == null ? whyNotMove(shard, c.asset(), c.to(), c.amount()) : rejection;
            }
        };
    }

    private @Nullable Rejection whyNotDefine(int shard, Command.DefineAsset c) {
        String code = c.asset().code();
        String holder = c.initialHolder();
        boolean supplied = c.initialSupply().minorUnits().signum() > 0;
        if (holder != null && holder.startsWith("@")) {
            return Rejection.ACCOUNT_MUST_NOT_BE_SYSTEM;
        }
        if (supplied ? holder == null : holder != null) {
            return Rejection.INITIAL_SUPPLY_NEEDS_HOLDER;
        }
        if (assets.containsKey(code)) {
            return Rejection.ASSET_ALREADY_DEFINED;
        }
        if (c.initialSupply().minorUnits().compareTo(supplyMax(c.asset())) > 0) {
            return Rejection.MAX_SUPPLY_EXCEEDED;
        }
        return holder == null ? null : whyNotMove(shard, code, holder, c.initialSupply());
    }

    private @Nullable Rejection whyNotOpen(Command.OpenAccount c) {
        if (c.account().startsWith("@")) {
            return Rejection.ACCOUNT_MUST_NOT_BE_SYSTEM;
        }
        for (BigInteger limit : c.limits().lowest().values()) {
            if (limit.signum() > 0) {
                return Rejection.LIMIT_MUST_NOT_BE_POSITIVE;
            }
        }
        NaiveAccount known = accounts.get(c.account());
        return known != null && known.opened() ? Rejection.ACCOUNT_ALREADY_OPEN : null;
    }

    private @Nullable Rejection whyNotAtAll(int shard, Amount amount, String asset, String... clients) {
        if (amount.minorUnits().signum() == 0) {
            return Rejection.AMOUNT_MUST_BE_POSITIVE;
        }
        for (String client : clients) {
            if (client.startsWith("@")) {
                return Rejection.ACCOUNT_MUST_NOT_BE_SYSTEM;
            }
        }
        return shards.get(shard).assetsKnown().contains(asset) ? null : Rejection.ASSET_NOT_DEFINED;
    }

    private @Nullable Rejection whyNotPay(String payer, String asset, Amount amount) {
        NaiveAccount known = accounts.get(payer);
        if (known == null) {
            return Rejection.ACCOUNT_NOT_OPEN;
        }
        BigInteger left = known.balance(asset).subtract(amount.minorUnits());
        return left.compareTo(known.lowest(asset)) < 0 ? Rejection.INSUFFICIENT_FUNDS : null;
    }

    /** What stands against a credit, as far as the payer's shard can tell. */
    private @Nullable Rejection whyNotMove(int shard, String asset, String payee, Amount amount) {
        int peer = shardOf(payee);
        if (peer == shard) {
            return whyNotCredit(payee, asset, amount.minorUnits());
        }
        BigInteger owed = shards.get(shard).owedBy(peer, asset).add(amount.minorUnits());
        return owed.compareTo(THIRTY_EIGHT_NINES) > 0 ? Rejection.HIGHEST_BALANCE_EXCEEDED : null;
    }

    private @Nullable Rejection whyNotCredit(String payee, String asset, BigInteger amount) {
        if (payee.startsWith("@")) {
            // What an issuer gets is burnt, and there is no more to burn than there is.
            BigInteger remaining = balance(payee, asset).negate().subtract(amount);
            return remaining.signum() < 0 ? Rejection.HIGHEST_BALANCE_EXCEEDED : null;
        }
        NaiveAccount known = accounts.get(payee);
        if (known == null) {
            return null;
        }
        if (known.balance(asset).signum() == 0 && known.assetsHeld() >= ASSETS_HELD_MAX) {
            return Rejection.TOO_MANY_HOLDINGS;
        }
        BigInteger highest = known.highest(asset);
        BigInteger after = known.balance(asset).add(amount);
        return after.compareTo(highest == null ? THIRTY_EIGHT_NINES : highest) > 0
                ? Rejection.HIGHEST_BALANCE_EXCEEDED
                : null;
    }

    private Verdict carryOut(int shard, Command command, long now) {
        return switch (command) {
            case Command.OpenAccount c -> {
                Map<String, BigInteger> highest = new HashMap<>();
                c.limits().highest().forEach((asset, limit) -> highest.put(asset, limit.minorUnits()));
                account(c.account()).open(c.limits().lowest(), highest);
                yield shards.get(shard).write(1, now, "AccountOpened", null);
            }
            case Command.DefineAsset c -> define(shard, c, now);
            case Command.Mint c -> move(shard, 1, now, c.asset(), "@" + c.asset(), c.to(), c.amount());
            case Command.Burn c -> move(shard, 1, now, c.asset(), c.from(), "@" + c.asset(), c.amount());
            case Command.Transfer c -> move(shard, 1, now, c.asset(), c.from(), c.to(), c.amount());
        };
    }

    private Verdict define(int shard, Command.DefineAsset c, long now) {
        String code = c.asset().code();
        assets.put(code, c.asset());
        shards.get(shard).assetsKnown().add(code);
        for (int peer = 0; peer < shards.size(); peer++) {
            if (peer != shard) {
                lettersBetween(shard, peer).add(new Letter(Letter.Kind.NEWS, code, "", "", BigInteger.ZERO));
            }
        }
        String holder = c.initialHolder();
        return holder == null
                ? shards.get(shard).write(1, now, "AssetDefined", null)
                : move(shard, 2, now, code, "@" + code, holder, c.initialSupply());
    }

    private Verdict move(int shard, int entries, long now, String asset, String from, String to, Amount amount) {
        BigInteger units = amount.minorUnits();
        int peer = shardOf(to);
        account(from).add(asset, units.negate());
        if (peer == shard) {
            account(to).add(asset, units);
            return shards.get(shard).write(entries, now, "TransferPosted", null);
        }
        shards.get(shard).owe(peer, asset, units);
        lettersBetween(shard, peer).add(new Letter(Letter.Kind.MONEY, asset, from, to, units));
        return shards.get(shard).write(entries, now, "TransferSent", null);
    }

    private BigInteger supplyAfter(String asset, Amount minted) {
        return minted.minorUnits().subtract(balance("@" + asset, asset));
    }

    private BigInteger supplyMax(String asset) {
        Asset defined = assets.get(asset);
        return defined == null ? BigInteger.ZERO : supplyMax(defined);
    }

    private static BigInteger supplyMax(Asset asset) {
        Amount max = asset.maxSupply();
        return max == null ? THIRTY_EIGHT_NINES : max.minorUnits();
    }

    private NaiveAccount account(String id) {
        return accounts.computeIfAbsent(id, created -> new NaiveAccount());
    }

    private Deque<Letter> lettersBetween(int from, int to) {
        return letters.computeIfAbsent((long) from * shards.size() + to, created -> new ArrayDeque<>());
    }

    /** Where an account lives: by what stands between its first pair of braces, if anything does. */
    private int shardOf(String account) {
        return homes.computeIfAbsent(account, id -> {
            String[] parts = id.split("\\{", 2);
            int end = parts.length == 2 ? parts[1].indexOf("}") : -1;
            return shardOfKey.applyAsInt(end > 0 ? parts[1].substring(0, end) : id);
        });
    }
}
