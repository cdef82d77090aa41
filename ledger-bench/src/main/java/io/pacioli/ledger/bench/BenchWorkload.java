package io.pacioli.ledger.bench;

import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Command;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;

/** The same commands for the same seed: accounts that are funded, then transfers between two of them. Not thread safe. */
public final class BenchWorkload {
    /** The asset that moves. */
    public static final String ASSET = "GOLD";

    /** What each account is funded with, in minor units: far more than it can lose in a benchmark. */
    public static final long FUNDS = 1_000_000_000;

    private static final int AMOUNT_MAX = 1_000;

    private final SplittableRandom random;
    private final AccountPairs pairs;
    private long lastId;

    /** Transfers between the pairs, for whoever sends one after the other. */
    public BenchWorkload(AccountPairs pairs, long seed) {
        this.pairs = pairs;
        random = new SplittableRandom(seed);
    }

    /** Defines the asset. */
    public Command asset() {
        return new Command.DefineAsset(id(), new Asset(ASSET, "Gold", "g", "", 2, null), Amount.ZERO, null, Map.of());
    }

    /** Funds an account. */
    public Command fund(int account) {
        return new Command.Mint(id(), ASSET, account(account), Amount.of(FUNDS), Map.of());
    }

    /** The next transfer. */
    public Command.Transfer transfer() {
        AccountPairs.Pair pair = pairs.next(random);
        return new Command.Transfer(
                id(),
                ASSET,
                account(pair.from()),
                account(pair.to()),
                Amount.of(1 + random.nextInt(AMOUNT_MAX)),
                "",
                Map.of());
    }

    /** A UUID as clients use them: a count where the time would be, and 64 random bits, so that no two senders make the same. */
    private String id() {
        lastId++;
        long low = random.nextLong();
        long high = ((lastId >>> 12) << 32) | ((lastId & 0xFFF) << 16) | 0x7000 | (low & 0xFFF);
        return new UUID(high, low).toString();
    }

    /** The name of an account, by its number from 0. */
    public static String account(int number) {
        return "account-" + number;
    }
}
