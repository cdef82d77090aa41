package io.pacioli.ledger.testkit.workload;

import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Conditions;
import io.pacioli.ledger.core.Leg;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An endless stream of commands, biased to edges: few accounts and one of them hot, unknown assets, nothing and everything and one
 * more than that, ids used again for the same and for other commands, limits that make credits come back, times that are just
 * past or about to come, holds and transfers that are over, transactions that meet each other. Many of the commands are to be
 * rejected. The same seed and the same times give the same commands.
 *
 * <p>Not thread safe.
 */
public final class Workload {
    private static final List<String> ACCOUNTS = List.of(
            "alice",
            "bob",
            "carol",
            "dave",
            "erin",
            "frank",
            "grace",
            "heidi",
            "ivan",
            "judy",
            "till-1{acme}",
            "till-2{acme}",
            "{acme}safe",
            "odd{acme}{shop}",
            "{{acme}",
            "{}",
            "open{brace",
            "\u5e33\u7c3f",
            "\u00e9t\u00e9",
            "\ud83e\ude99");
    private static final List<String> VISITORS =
            IntStream.range(0, 1_000).mapToObj(i -> "visitor-" + i).toList();
    private static final List<String> ASSETS = List.of("GOLD", "EUR", "TINY", "HUGE", "POINT", "RARE", "NEVER");
    private static final int LATER_ASSETS_MAX = 40;
    private static final List<String> LATER_ASSETS =
            IntStream.range(0, LATER_ASSETS_MAX).mapToObj(i -> "LATER" + i).toList();
    private static final BigInteger MAX = Amount.MAX;
    private static final List<BigInteger> BIG = List.of(
            MAX,
            MAX.subtract(BigInteger.ONE),
            MAX.shiftRight(1),
            MAX.divide(BigInteger.valueOf(3)),
            BigInteger.valueOf(Long.MAX_VALUE),
            BigInteger.valueOf(Long.MAX_VALUE).add(BigInteger.ONE),
            BigInteger.ONE);

    private static final int SMALL_MAX = 12;
    private static final int PLENTY = 100;
    private static final int COMMON_SUPPLY = 1_000;
    private static final int TINY_SUPPLY = 40;
    private static final int RARE_SUPPLY = 6;
    private static final int REMEMBERED_MAX = 128;
    private static final int RECENT_MAX = 12;
    private static final int OWNERS_MAX = 64;
    private static final int EARLY = 50;
    private static final int HOT_PERCENT = 20;
    private static final int PERCENT = 100;
    private static final int THOUSAND = 1_000;
    private static final int LEGS_FEW_MAX = 5;
    private static final int FULL_PER_THOUSAND = 5;
    private static final long TICK_MILLIS = 5;
    private static final long SOON_TICKS_MAX = 12;
    private static final long LATER_TICKS_MAX = 300;
    private static final long FAR_MILLIS = 1L << 40;

    /** A transfer or capture that may have paid somebody. */
    private record Paid(String id, String payee) {}

    /** Somebody who may have something of an asset. */
    private record Owner(String account, String asset) {}

    private final SplittableRandom random;
    private final String idPrefix;
    private final Command[] remembered = new Command[REMEMBERED_MAX];
    private final Recent<Command.PlaceHold> holds = new Recent<>(RECENT_MAX);
    private final Recent<Paid> payments = new Recent<>(RECENT_MAX);
    private final Recent<Owner> owners = new Recent<>(OWNERS_MAX);
    private final Recent<String> opened = new Recent<>(RECENT_MAX);
    private final Recent<String> frozen = new Recent<>(RECENT_MAX);
    private final Recent<String> closed = new Recent<>(RECENT_MAX);
    private @Nullable Paid lastReversed;
    private @Nullable Owner promised;
    private long made;
    private int laterAssets;

    /** A stream of its own for each seed. */
    public Workload(long seed) {
        this(seed, "");
    }

    /**
     * A stream of its own for each seed, beside others of the same ledger.
     *
     * @param idPrefix how its ids begin, so that they are not those of another stream
     */
    public Workload(long seed, String idPrefix) {
        random = new SplittableRandom(seed);
        this.idPrefix = idPrefix;
    }

    /** The next command for somebody whose clock ticks once for each command. */
    public Command next() {
        return next(made);
    }

    /**
     * The next command: never malformed, often wrong.
     *
     * @param nowMillis about when it will be decided, milliseconds since 1970-01-01 UTC
     */
    public Command next(long nowMillis) {
        Command old = made == 0 ? null : remembered[random.nextInt((int) Math.min(made, REMEMBERED_MAX))];
        int dice = random.nextInt(PERCENT);
        if (old != null && dice < 6) {
            return old;
        }
        String id = old != null && dice < 12 ? old.id() : idPrefix + "c" + made;
        Command command = fresh(id, nowMillis);
        remembered[(int) (made++ % REMEMBERED_MAX)] = command;
        return command;
    }

    private Command fresh(String id, long now) {
        if (made < EARLY && chance(30)) {
            return defineAsset(id);
        }
        if (chance(25) && expiring(now) != null) {
            return chance(80) ? captureHold(id, now) : voidHold(id, now);
        }
        int dice = random.nextInt(THOUSAND);
        if (dice < 400) {
            return transfer(id, now);
        }
        if (dice < 560) {
            // Some on top of what a transaction may be about to bring.
            Owner owner = promised != null && chance(15) ? promised : new Owner(account(), asset());
            owners.add(owner);
            Amount amount = chance(30) ? Amount.of(PLENTY) : amount(owner.asset);
            return new Command.Mint(id, owner.asset, owner.account, amount, metadata());
        }
        if (dice < 640) {
            Owner owner = owner();
            return new Command.Burn(id, owner.asset, owner.account, amount(owner.asset), metadata());
        }
        if (dice < 730) {
            return placeHold(id, now);
        }
        if (dice < 800) {
            return captureHold(id, now);
        }
        if (dice < 820) {
            return voidHold(id, now);
        }
        if (dice < 870) {
            return reverseTransfer(id);
        }
        if (dice < 910) {
            return transact(id, now);
        }
        if (dice < 940) {
            return openAccount(id);
        }
        return dice < 960 ? defineAsset(id) : changeAccount(id);
    }

    private Command transfer(String id, long now) {
        Owner owner = owner();
        String asset = owner.asset;
        String from = owner.account;
        String to = chance(3) ? from : account();
        owners.add(new Owner(to, asset));
        Conditions conditions = chance(12)
                ? new Conditions(
                        chance(60) ? near(now) : null, chance(40) ? near(now) : null, chance(30) ? amount(asset) : null)
                : Conditions.NONE;
        payments.add(new Paid(id, to));
        return new Command.Transfer(
                id, asset, from, to, amount(asset), chance(10) ? "rent" : "", conditions, metadata());
    }

    private Command placeHold(String id, long now) {
        Owner owner = owner();
        String asset = owner.asset;
        String from = owner.account;
        String to = chance(50) ? null : chance(3) ? from : account();
        Long expiresAt = chance(60) ? near(now) : chance(10) ? (Long) (now + FAR_MILLIS) : null;
        Command.PlaceHold hold = new Command.PlaceHold(
                id, asset, from, to, amount(asset), expiresAt, chance(10) ? "room" : "", metadata());
        holds.add(hold);
        return hold;
    }

    private Command captureHold(String id, long now) {
        Command.PlaceHold hold = hold(now);
        if (hold == null || chance(2)) {
            return new Command.CaptureHold(id, "h" + made, payer(), null, account(), metadata());
        }
        String payee = hold.to() == null || chance(5) ? account() : hold.to();
        // The one that the hold names need not be named again; without any the capture is wrong.
        String named = chance(hold.to() == null ? 5 : 80) ? null : payee;
        Amount amount = chance(40) ? null : amount(hold.asset());
        payments.add(new Paid(id, payee));
        return new Command.CaptureHold(id, hold.id(), chance(3) ? payer() : hold.from(), amount, named, metadata());
    }

    /** A hold that expires right now, or any. */
    private Command.@Nullable PlaceHold hold(long now) {
        Command.PlaceHold expiring = expiring(now);
        return expiring == null ? holds.any(random) : expiring;
    }

    private Command.@Nullable PlaceHold expiring(long now) {
        return holds.first(hold -> hold.expiresAtMillis() != null && hold.expiresAtMillis() == now);
    }

    private Command voidHold(String id, long now) {
        Command.PlaceHold hold = hold(now);
        return hold == null || chance(3)
                ? new Command.VoidHold(id, "h" + made, account(), metadata())
                : new Command.VoidHold(id, hold.id(), chance(3) ? account() : hold.from(), metadata());
    }

    private Command reverseTransfer(String id) {
        Paid paid = lastReversed != null && chance(30) ? lastReversed : payments.any(random);
        lastReversed = paid;
        Amount amount = chance(50) ? null : amount("GOLD");
        return paid == null || chance(2)
                ? new Command.ReverseTransfer(id, "t" + made, account(), amount, metadata())
                : new Command.ReverseTransfer(id, paid.id, chance(3) ? account() : paid.payee, amount, metadata());
    }

    private Command transact(String id, long now) {
        boolean full = random.nextInt(THOUSAND) < FULL_PER_THOUSAND;
        int size = full ? Command.Transact.LEGS_MAX : 1 + random.nextInt(LEGS_FEW_MAX);
        boolean chained = full || chance(50);
        Owner owner = owner();
        String asset = owner.asset;
        String from = owner.account;
        Amount amount = full ? Amount.of(1) : amount(asset);
        List<Leg> legs = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            String empty = full || chance(70) ? null : opened.any(random);
            String other = full ? ACCOUNTS.get((i + 1) % ACCOUNTS.size()) : account();
            String to = chance(1) && !full ? from : empty == null ? other : empty;
            if (empty != null) {
                promised = new Owner(empty, asset);
            }
            legs.add(new Leg(asset, from, to, amount));
            // A chain hands the same on; others exchange, or have nothing to do with each other.
            if (chained) {
                from = to;
            } else {
                Owner next = owner();
                from = chance(30) ? to : next.account;
                asset = next.asset;
                amount = amount(asset);
            }
        }
        Long deadline = chance(60) ? near(now) : null;
        return new Command.Transact(id, legs, deadline, chance(10) ? "trade" : "", metadata());
    }

    private Command openAccount(String id) {
        Map<String, BigInteger> lowest = new HashMap<>();
        Map<String, Amount> highest = new HashMap<>();
        for (String asset : ASSETS) {
            if (chance(asset.equals("RARE") ? 75 : 25)) {
                BigInteger limit = amount(asset).minorUnits();
                lowest.put(asset, chance(2) ? limit : limit.negate());
            }
            if (chance(25)) {
                highest.put(asset, amount(asset));
            }
        }
        // Limits for assets that do not exist yet, so that even a first supply may be too much for its holder.
        for (int ahead = 0; ahead < LATER_ASSETS_MAX; ahead += 1 + random.nextInt(LATER_ASSETS_MAX)) {
            highest.put(LATER_ASSETS.get(ahead), Amount.of(ahead % 4));
        }
        String again = closed.any(random);
        String account = again != null && chance(40) ? again : chance(60) ? visitor() : account();
        opened.add(account);
        return new Command.OpenAccount(id, account, new AccountLimits(lowest, highest), metadata());
    }

    private Command changeAccount(String id) {
        String account = account();
        String reason = chance(50) ? "" : "on request";
        int dice = random.nextInt(PERCENT);
        if (dice < 12) {
            frozen.add(account);
            return new Command.FreezeAccount(id, account, reason, metadata());
        }
        if (dice < 65) {
            String again = frozen.any(random);
            return new Command.UnfreezeAccount(id, again == null || chance(10) ? account : again, reason, metadata());
        }
        String unused = promised != null && chance(50) ? promised.account : opened.any(random);
        String leaving = unused == null || chance(30) ? account : unused;
        closed.add(leaving);
        return new Command.CloseAccount(id, leaving, reason, metadata());
    }

    private Command defineAsset(String id) {
        boolean later = laterAssets < LATER_ASSETS_MAX && chance(20);
        String code = later ? LATER_ASSETS.get(laterAssets++) : ASSETS.get(random.nextInt(ASSETS.size() - 1));
        Amount maxSupply = switch (code) {
            case "TINY" -> Amount.of(TINY_SUPPLY);
            case "RARE" -> Amount.of(RARE_SUPPLY);
            case "HUGE" -> null;
            default -> chance(50) ? null : Amount.of(COMMON_SUPPLY);
        };
        boolean supplied = chance(40);
        Amount supply = supplied ? amount(code) : Amount.ZERO;
        String holder = supplied != chance(5) ? account() : null;
        return new Command.DefineAsset(id, asset(code, maxSupply), supply, holder, metadata());
    }

    private static Asset asset(String code, @Nullable Amount maxSupply) {
        return new Asset(code, "The " + code, "", "\ud83e\ude99", 2, maxSupply);
    }

    private String asset() {
        int dice = random.nextInt(PERCENT);
        if (dice < 4 && laterAssets > 0) {
            return LATER_ASSETS.get(random.nextInt(laterAssets));
        }
        return dice < 5 ? "NEVER" : ASSETS.get(random.nextInt(ASSETS.size() - 1));
    }

    /**
     * Small numbers against small balances meet every limit often; HUGE is for the limits of 38 digits, RARE for credit lines
     * that reach further than what circulates.
     */
    private Amount amount(String asset) {
        if (chance(2)) {
            return Amount.ZERO;
        }
        return asset.equals("HUGE") || chance(1)
                ? new Amount(BIG.get(random.nextInt(BIG.size())))
                : Amount.of(1 + random.nextInt(SMALL_MAX));
    }

    /** A time that is just past, is now, or comes before long: on a grid, so that times meet. */
    private Long near(long now) {
        int dice = random.nextInt(PERCENT);
        long ticks = dice < 10
                ? -random.nextLong(SOON_TICKS_MAX)
                : random.nextLong(dice < 50 ? SOON_TICKS_MAX : LATER_TICKS_MAX);
        return Math.max(0, now + ticks * TICK_MILLIS);
    }

    private Owner owner() {
        Owner owner = chance(70) ? owners.any(random) : null;
        return owner == null ? new Owner(payer(), asset()) : owner;
    }

    private String payer() {
        return chance(HOT_PERCENT) ? ACCOUNTS.getFirst() : account();
    }

    private String account() {
        int dice = random.nextInt(PERCENT);
        if (dice < 1) {
            return chance(50) ? "@GOLD" : "@clearing/0/GOLD";
        }
        return dice < 10 ? visitor() : ACCOUNTS.get(random.nextInt(ACCOUNTS.size()));
    }

    private String visitor() {
        return VISITORS.get(random.nextInt(VISITORS.size()));
    }

    private Map<String, String> metadata() {
        return chance(3) ? Map.of("order", "o-" + made) : Map.of();
    }

    private boolean chance(int percent) {
        return random.nextInt(PERCENT) < percent;
    }
}
