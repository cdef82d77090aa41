package io.pacioli.ledger.testkit.model;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the model knows of an account: it exists once something was credited to it or a command opened it. */
final class NaiveAccount {
    private final Map<String, BigInteger> balances = new HashMap<>();
    private final Map<String, BigInteger> lowest = new HashMap<>();
    private final Map<String, BigInteger> highest = new HashMap<>();
    private boolean opened;

    boolean opened() {
        return opened;
    }

    void open(Map<String, BigInteger> lowestAllowed, Map<String, BigInteger> highestAllowed) {
        opened = true;
        lowest.putAll(lowestAllowed);
        highest.putAll(highestAllowed);
    }

    BigInteger balance(String asset) {
        return balances.getOrDefault(asset, BigInteger.ZERO);
    }

    BigInteger lowest(String asset) {
        return lowest.getOrDefault(asset, BigInteger.ZERO);
    }

    @Nullable
    BigInteger highest(String asset) {
        return highest.get(asset);
    }

    long assetsHeld() {
        return balances.values().stream()
                .filter(balance -> balance.signum() != 0)
                .count();
    }

    void add(String asset, BigInteger amount) {
        balances.merge(asset, amount, BigInteger::add);
    }

    Map<String, BigInteger> balances() {
        return balances;
    }
}
