package io.pacioli.ledger.testkit.model;

import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.Amount;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the model knows of an account: it exists once something was credited to it or a command opened it. */
final class NaiveAccount {
    /** What the account has of one asset, and what it is promised. */
    static final class Pot {
        private BigInteger available = BigInteger.ZERO;
        private BigInteger held = BigInteger.ZERO;
        private BigInteger promised = BigInteger.ZERO;

        BigInteger available() {
            return available;
        }

        BigInteger held() {
            return held;
        }

        BigInteger promised() {
            return promised;
        }

        BigInteger total() {
            return held.signum() == 0 ? available : available.add(held);
        }

        boolean isEmpty() {
            return available.signum() == 0 && held.signum() == 0;
        }

        void add(BigInteger amount) {
            available = available.add(amount);
        }

        void addHeld(BigInteger amount) {
            held = held.add(amount);
        }

        void promise(BigInteger amount) {
            promised = promised.add(amount);
        }

        /** Sets so much aside, or makes it available again when negative. */
        void setAside(BigInteger amount) {
            available = available.subtract(amount);
            held = held.add(amount);
        }
    }

    private final Map<String, Pot> pots = new HashMap<>();
    private Map<String, BigInteger> lowest = Map.of();
    private Map<String, Amount> highest = Map.of();
    private boolean exists;
    private boolean opened;
    private boolean frozen;
    private boolean closed;

    boolean exists() {
        return exists;
    }

    boolean opened() {
        return opened;
    }

    boolean frozen() {
        return frozen;
    }

    boolean closed() {
        return closed;
    }

    void open(AccountLimits limits) {
        exists = true;
        opened = true;
        closed = false;
        lowest = new HashMap<>(limits.lowest());
        highest = new HashMap<>(limits.highest());
    }

    void freeze(boolean yes) {
        frozen = yes;
    }

    void close() {
        closed = true;
    }

    BigInteger available(String asset) {
        Pot pot = pots.get(asset);
        return pot == null ? BigInteger.ZERO : pot.available;
    }

    BigInteger held(String asset) {
        Pot pot = pots.get(asset);
        return pot == null ? BigInteger.ZERO : pot.held;
    }

    /** What it has of an asset, for the first time perhaps. */
    Pot pot(String asset) {
        return pots.computeIfAbsent(asset, created -> new Pot());
    }

    BigInteger lowest(String asset) {
        return lowest.getOrDefault(asset, BigInteger.ZERO);
    }

    @Nullable
    Amount highest(String asset) {
        return highest.get(asset);
    }

    long assetsHeld() {
        return pots.values().stream().filter(pot -> !pot.isEmpty()).count();
    }

    boolean isEmpty() {
        return pots.values().stream().allMatch(pot -> pot.isEmpty() && pot.promised.signum() == 0);
    }

    /** More of an asset, which makes the account one that exists. */
    void add(String asset, BigInteger amount) {
        exists = true;
        pot(asset).add(amount);
    }

    Map<String, Pot> pots() {
        return pots;
    }
}
