package io.pacioli.ledger.core;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A command that still lacks its id, so that a test names one only where ids matter. Amounts are of GOLD unless said. */
@FunctionalInterface
interface Request {
    String GOLD = "GOLD";
    String MAX = Amount.MAX.toString();

    Command withId(String id);

    /** This request with an id of the test's choice. */
    default Request as(String id) {
        return given -> withId(id);
    }

    static Asset asset(String code, @Nullable String maxSupply) {
        return new Asset(code, code, "", "", 2, maxSupply == null ? null : amount(maxSupply));
    }

    static Request define(String code) {
        return define(asset(code, null), "0", null);
    }

    static Request define(Asset asset, String supply, @Nullable String holder) {
        return id -> new Command.DefineAsset(id, asset, amount(supply), holder, Map.of());
    }

    static Request open(String account) {
        return open(account, AccountLimits.DEFAULT);
    }

    static Request open(String account, AccountLimits limits) {
        return id -> new Command.OpenAccount(id, account, limits, Map.of());
    }

    static Request mint(String to, String amount) {
        return mint(GOLD, to, amount);
    }

    static Request mint(String asset, String to, String amount) {
        return id -> new Command.Mint(id, asset, to, amount(amount), Map.of());
    }

    static Request burn(String from, String amount) {
        return burn(GOLD, from, amount);
    }

    static Request burn(String asset, String from, String amount) {
        return id -> new Command.Burn(id, asset, from, amount(amount), Map.of());
    }

    static Request transfer(String from, String to, String amount) {
        return transfer(GOLD, from, to, amount);
    }

    static Request transfer(String asset, String from, String to, String amount) {
        return id -> new Command.Transfer(id, asset, from, to, amount(amount), "", Conditions.NONE, Map.of());
    }

    static Request transfer(String from, String to, String amount, Conditions conditions) {
        return id -> new Command.Transfer(id, GOLD, from, to, amount(amount), "", conditions, Map.of());
    }

    static Request freeze(String account) {
        return id -> new Command.FreezeAccount(id, account, "review", Map.of());
    }

    static Request unfreeze(String account) {
        return id -> new Command.UnfreezeAccount(id, account, "reviewed", Map.of());
    }

    static Request close(String account) {
        return id -> new Command.CloseAccount(id, account, "asked for", Map.of());
    }

    static Request hold(String from, @Nullable String to, String amount) {
        return hold(GOLD, from, to, amount, null);
    }

    static Request hold(String from, @Nullable String to, String amount, long expiresAtMillis) {
        return hold(GOLD, from, to, amount, expiresAtMillis);
    }

    static Request hold(String asset, String from, @Nullable String to, String amount, @Nullable Long expiresAtMillis) {
        return id -> new Command.PlaceHold(id, asset, from, to, amount(amount), expiresAtMillis, "", Map.of());
    }

    static Request capture(String hold, String from, @Nullable String amount, @Nullable String to) {
        return id -> new Command.CaptureHold(id, hold, from, amount == null ? null : amount(amount), to, Map.of());
    }

    static Request voided(String hold, String from) {
        return id -> new Command.VoidHold(id, hold, from, Map.of());
    }

    static Request reverse(String transfer, String from, @Nullable String amount) {
        return id -> new Command.ReverseTransfer(id, transfer, from, amount == null ? null : amount(amount), Map.of());
    }

    static Request transact(Leg... legs) {
        return transact(null, legs);
    }

    static Request transact(@Nullable Long deadlineMillis, Leg... legs) {
        return id -> new Command.Transact(id, List.of(legs), deadlineMillis, "", Map.of());
    }

    static Leg leg(String from, String to, String amount) {
        return leg(GOLD, from, to, amount);
    }

    static Leg leg(String asset, String from, String to, String amount) {
        return new Leg(asset, from, to, amount(amount));
    }

    static AccountLimits lowest(String limit) {
        return new AccountLimits(Map.of(GOLD, new BigInteger(limit)), Map.of());
    }

    static AccountLimits highest(String limit) {
        return new AccountLimits(Map.of(), Map.of(GOLD, amount(limit)));
    }

    static AccountLimits highest(Map<String, String> limits) {
        Map<String, Amount> amounts = new HashMap<>();
        limits.forEach((asset, limit) -> amounts.put(asset, amount(limit)));
        return new AccountLimits(Map.of(), amounts);
    }

    private static Amount amount(String digits) {
        return Amount.parse("amount", digits);
    }
}
