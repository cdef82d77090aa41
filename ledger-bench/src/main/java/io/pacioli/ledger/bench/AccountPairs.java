package io.pacioli.ledger.bench;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** Chooses the two accounts of each transfer, by their numbers from 0. Thread safe: all chance is the caller's. */
@FunctionalInterface
public interface AccountPairs {
    /** The next two, which are never the same. */
    Pair next(SplittableRandom random);

    /**
     * Who pays whom.
     *
     * @param from the payer
     * @param to the payee
     */
    record Pair(int from, int to) {}

    /** Each account as often as any other. */
    static AccountPairs uniform(int accounts) {
        requireTwo(accounts);
        return random -> {
            int from = random.nextInt(accounts);
            return new Pair(from, (from + 1 + random.nextInt(accounts - 1)) % accounts);
        };
    }

    /**
     * Payers and payees both as Zipf's law has it: account 0 most often. An account that would pay itself pays the next one instead.
     *
     * @param exponent how skewed, more than 0; 0.99 is what YCSB uses
     */
    static AccountPairs zipf(int accounts, double exponent) {
        requireTwo(accounts);
        Zipf ranks = new Zipf(accounts, exponent);
        return random -> {
            int from = ranks.next(random);
            int to = ranks.next(random);
            return new Pair(from, to == from ? (to + 1) % accounts : to);
        };
    }

    /**
     * Account 0 is hot: it pays or is paid, either as often, in the given share of the transfers. The others are between any two.
     *
     * @param percent the share, 0 to 100
     */
    static AccountPairs hot(int accounts, int percent) {
        AccountPairs any = uniform(accounts);
        requirePercent(percent);
        return random -> {
            if (random.nextInt(100) >= percent) {
                return any.next(random);
            }
            int other = 1 + random.nextInt(accounts - 1);
            return random.nextBoolean() ? new Pair(0, other) : new Pair(other, 0);
        };
    }

    /**
     * In the given share of the transfers payer and payee are of two shards, and in the others of one; within that, each account as often as any
     * other.
     *
     * @param percent the share, 0 to 100
     * @throws IllegalArgumentException when there is a share of either kind but no such accounts
     */
    static AccountPairs across(int accounts, int percent, IntUnaryOperator shardOf) {
        requireTwo(accounts);
        requirePercent(percent);
        int[] shards = IntStream.range(0, accounts).map(shardOf).toArray();
        int[][] accountsOf = new int[Arrays.stream(shards).max().orElseThrow() + 1][];
        Arrays.setAll(
                accountsOf,
                shard -> IntStream.range(0, accounts)
                        .filter(account -> shards[account] == shard)
                        .toArray());
        boolean isOneShard = Arrays.stream(accountsOf).anyMatch(all -> all.length == accounts);
        boolean isLonely = Arrays.stream(accountsOf).anyMatch(all -> all.length == 1);
        if ((percent > 0 && isOneShard) || (percent < 100 && isLonely)) {
            throw new IllegalArgumentException(
                    "too few accounts or shards for such transfers: accounts=" + accounts + " percent=" + percent);
        }
        return random -> {
            int from = random.nextInt(accounts);
            int[] home = accountsOf[shards[from]];
            boolean isAcross = random.nextInt(100) < percent;
            int to = from;
            while (isAcross ? shards[to] == shards[from] : to == from) {
                to = isAcross ? random.nextInt(accounts) : home[random.nextInt(home.length)];
            }
            return new Pair(from, to);
        };
    }

    private static void requirePercent(int percent) {
        if (percent < 0 || percent > 100) {
            throw new IllegalArgumentException("must be 0 to 100: percent=" + percent);
        }
    }

    private static void requireTwo(int accounts) {
        if (accounts < 2) {
            throw new IllegalArgumentException("must be at least 2: accounts=" + accounts);
        }
    }
}
