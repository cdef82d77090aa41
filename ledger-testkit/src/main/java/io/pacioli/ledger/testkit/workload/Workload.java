package io.pacioli.ledger.testkit.workload;

import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Command;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * An endless stream of commands, biased to edges: few accounts and one of them hot, unknown assets, nothing and everything and one
 * more than that, ids used again for the same and for other commands, limits that make credits come back. Many of the commands
 * are to be rejected. The same seed gives the same commands.
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
    private static final List<String> ASSETS = List.of("GOLD", "EUR", "TINY", "HUGE", "POINT", "RARE", "NEVER");
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
    private static final int TINY_SUPPLY = 40;
    private static final int RARE_SUPPLY = 6;
    private static final int REMEMBERED_MAX = 512;
    private static final int LATER_ASSETS_MAX = 40;
    private static final int HOT_PERCENT = 20;
    private static final int PERCENT = 100;

    private final SplittableRandom random;
    private final Command[] remembered = new Command[REMEMBERED_MAX];
    private long made;
    private int laterAssets;

    /** A stream of its own for each seed. */
    public Workload(long seed) {
        random = new SplittableRandom(seed);
    }

    /** The next command: never malformed, often wrong. */
    public Command next() {
        Command old = made == 0 ? null : remembered[random.nextInt((int) Math.min(made, REMEMBERED_MAX))];
        int dice = random.nextInt(PERCENT);
        if (old != null && dice < 6) {
            return old;
        }
        String id = old != null && dice < 10 ? old.id() : "c" + made;
        Command command = fresh(id);
        remembered[(int) (made++ % REMEMBERED_MAX)] = command;
        return command;
    }

    private Command fresh(String id) {
        int dice = random.nextInt(PERCENT);
        if (dice < 60) {
            String asset = asset();
            String from = payer();
            String to = chance(3) ? from : account();
            return new Command.Transfer(id, asset, from, to, amount(asset), chance(10) ? "rent" : "", metadata());
        }
        if (dice < 82) {
            String asset = asset();
            return new Command.Mint(id, asset, account(), amount(asset), metadata());
        }
        if (dice < 93) {
            String asset = asset();
            return new Command.Burn(id, asset, payer(), amount(asset), metadata());
        }
        return dice < 97 ? openAccount(id) : defineAsset(id);
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
        for (int ahead = 0; ahead < LATER_ASSETS_MAX; ahead++) {
            highest.put("LATER" + ahead, Amount.of(ahead % 4));
        }
        String account = chance(60) ? "visitor-" + random.nextInt(PERCENT) : account();
        return new Command.OpenAccount(id, account, new AccountLimits(lowest, highest), metadata());
    }

    private Command defineAsset(String id) {
        boolean later = laterAssets < LATER_ASSETS_MAX && chance(20);
        String code = later ? "LATER" + laterAssets++ : ASSETS.get(random.nextInt(ASSETS.size() - 1));
        Amount maxSupply = switch (code) {
            case "TINY" -> Amount.of(TINY_SUPPLY);
            case "RARE" -> Amount.of(RARE_SUPPLY);
            case "HUGE" -> null;
            default -> chance(50) ? null : Amount.of(1_000);
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
            return "LATER" + random.nextInt(laterAssets);
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

    private String payer() {
        return chance(HOT_PERCENT) ? ACCOUNTS.getFirst() : account();
    }

    private String account() {
        int dice = random.nextInt(PERCENT);
        if (dice < 1) {
            return chance(50) ? "@GOLD" : "@clearing/0/GOLD";
        }
        return dice < 10 ? "visitor-" + random.nextInt(PERCENT) : ACCOUNTS.get(random.nextInt(ACCOUNTS.size()));
    }

    private Map<String, String> metadata() {
        return chance(3) ? Map.of("order", "o-" + made) : Map.of();
    }

    private boolean chance(int percent) {
        return random.nextInt(PERCENT) < percent;
    }
}
