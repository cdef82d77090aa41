package io.pacioli.ledger.testkit.model;

import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Rejection;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** The sheet of paper: all shards, assets, accounts and letters, and the few questions that many rules ask of them. */
final class Sheet {
    static final BigInteger THIRTY_EIGHT_NINES = new BigInteger("9".repeat(38));
    private static final int ASSETS_HELD_MAX = 1000;

    private final ToIntFunction<String> shardOfKey;
    private final List<NaiveShard> shards = new ArrayList<>();
    private final Map<String, Asset> assets = new HashMap<>();
    private final Map<String, String> issuers = new HashMap<>();
    private final Map<String, NaiveAccount> accounts = new HashMap<>();
    private final Map<String, Integer> homes = new HashMap<>();
    private final List<Deque<Letter>> letters = new ArrayList<>();

    Sheet(int shardCount, ToIntFunction<String> shardOfKey) {
        this.shardOfKey = shardOfKey;
        for (int shard = 0; shard < shardCount; shard++) {
            shards.add(new NaiveShard(shard, shardCount));
        }
        for (int pair = 0; pair < shardCount * shardCount; pair++) {
            letters.add(new ArrayDeque<>(1));
        }
    }

    List<NaiveShard> shards() {
        return shards;
    }

    Map<String, Asset> assets() {
        return assets;
    }

    Map<String, NaiveAccount> accounts() {
        return accounts;
    }

    NaiveAccount account(String id) {
        return accounts.computeIfAbsent(id, created -> new NaiveAccount());
    }

    String issuer(String asset) {
        return issuers.computeIfAbsent(asset, code -> "@" + code);
    }

    Deque<Letter> lettersBetween(int from, int to) {
        return letters.get(from * shards.size() + to);
    }

    boolean isMailDelivered() {
        return letters.stream().allMatch(Deque::isEmpty);
    }

    /** Where an account lives: by what stands between its first pair of braces, if anything does. */
    int shardOf(String account) {
        Integer home = homes.get(account);
        if (home == null) {
            String braced = account.contains("{") ? account.split("\\{", 2)[1] : "";
            int end = braced.indexOf("}");
            home = shardOfKey.applyAsInt(end > 0 ? braced.substring(0, end) : account);
            homes.put(account, home);
        }
        return home;
    }

    static boolean isSystem(@Nullable String account) {
        return account != null && account.startsWith("@");
    }

    BigInteger circulating(String asset) {
        NaiveAccount issuer = accounts.get(issuer(asset));
        return issuer == null ? BigInteger.ZERO : issuer.available(asset).negate();
    }

    BigInteger supplyMax(String asset) {
        Asset defined = assets.get(asset);
        return defined == null ? BigInteger.ZERO : supplyMax(defined);
    }

    static BigInteger supplyMax(Asset asset) {
        Amount max = asset.maxSupply();
        return max == null ? THIRTY_EIGHT_NINES : max.minorUnits();
    }

    /** What stands against an account being there at all. */
    @Nullable
    Rejection whyNotThere(@Nullable NaiveAccount account) {
        if (account == null || !account.exists()) {
            return Rejection.ACCOUNT_NOT_OPEN;
        }
        return account.closed() ? Rejection.ACCOUNT_CLOSED : null;
    }

    /** What stands against an account having anything to do with payments. */
    @Nullable
    Rejection whyNotActive(@Nullable NaiveAccount account) {
        Rejection rejection = whyNotThere(account);
        return rejection == null && account != null && account.frozen() ? Rejection.ACCOUNT_FROZEN : rejection;
    }

    /** What stands against an account that may be paying so much. */
    @Nullable
    Rejection whyNotSpend(String payer, String asset, BigInteger amount) {
        NaiveAccount account = account(payer);
        return account.available(asset).subtract(amount).compareTo(account.lowest(asset)) < 0
                ? Rejection.INSUFFICIENT_FUNDS
                : null;
    }

    /** What stands against one account paying another, whatever the amount. A rule is checked for both before the next one. */
    @Nullable
    Rejection whyNotDeal(NaiveShard here, String payer, String payee) {
        Rejection payerNot = whyNotActive(accounts.get(payer));
        Rejection payeeNot = whyNotOpenTo(here, payee);
        boolean payeeFirst =
                payerNot == null || (payerNot == Rejection.ACCOUNT_FROZEN && payeeNot == Rejection.ACCOUNT_CLOSED);
        return payeeFirst ? payeeNot : payerNot;
    }

    /** What stands against an account getting anything, as far as the payer's shard can tell. */
    @Nullable
    Rejection whyNotOpenTo(NaiveShard here, String payee) {
        NaiveAccount account = shardOf(payee) == here.number() ? accounts.get(payee) : null;
        if (account == null) {
            return null;
        }
        return account.closed() ? Rejection.ACCOUNT_CLOSED : account.frozen() ? Rejection.ACCOUNT_FROZEN : null;
    }

    /** The name under which it is noted what transactions will send from one shard to another. */
    static String between(NaiveShard here, int peer) {
        return "@from " + here.number() + " to " + peer;
    }

    /** What stands against a credit, as far as the payer's shard can tell. */
    @Nullable
    Rejection whyNotMove(NaiveShard here, String asset, String payee, BigInteger amount) {
        int peer = shardOf(payee);
        if (peer == here.number()) {
            return whyNotCredit(payee, asset, amount);
        }
        BigInteger promised = account(between(here, peer)).pot(asset).promised();
        BigInteger owed = here.owedBy(peer, asset).add(promised).add(amount);
        return owed.compareTo(THIRTY_EIGHT_NINES) > 0 ? Rejection.HIGHEST_BALANCE_EXCEEDED : null;
    }

    /** What stands against a credit on the payee's own shard. */
    @Nullable
    Rejection whyNotCredit(String payee, String asset, BigInteger amount) {
        if (isSystem(payee)) {
            // What an issuer gets is burnt, and there is no more to burn than there is.
            return circulating(asset).compareTo(amount) < 0 ? Rejection.HIGHEST_BALANCE_EXCEEDED : null;
        }
        NaiveAccount account = accounts.get(payee);
        if (account == null) {
            return null;
        }
        if (account.closed()) {
            return Rejection.ACCOUNT_CLOSED;
        }
        if (account.frozen()) {
            return Rejection.ACCOUNT_FROZEN;
        }
        NaiveAccount.Pot pot = account.pot(asset);
        if (pot.isEmpty() && account.pots().size() >= ASSETS_HELD_MAX && account.assetsHeld() >= ASSETS_HELD_MAX) {
            return Rejection.TOO_MANY_HOLDINGS;
        }
        Amount highest = account.highest(asset);
        BigInteger after = pot.total().add(pot.promised()).add(amount);
        return after.compareTo(highest == null ? THIRTY_EIGHT_NINES : highest.minorUnits()) > 0
                ? Rejection.HIGHEST_BALANCE_EXCEEDED
                : null;
    }
}
