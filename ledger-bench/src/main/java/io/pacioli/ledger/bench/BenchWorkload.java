package io.pacioli.ledger.bench;

import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Command;
import java.util.Map;
import java.util.SplittableRandom;

/** The same commands for the same seed: accounts that are funded, then transfers between two of them chosen uniformly. */
final class BenchWorkload {
    static final String ASSET = "GOLD";
    private static final Amount FUNDS = Amount.of(1_000_000_000);
    private static final int AMOUNT_MAX = 1_000;

    private final SplittableRandom random;
    private final int accounts;
    private long lastId;

    BenchWorkload(int accounts, long seed) {
        this.accounts = accounts;
        random = new SplittableRandom(seed);
    }

    Command asset() {
        return new Command.DefineAsset(id(), new Asset(ASSET, "Gold", "g", "", 2, null), Amount.ZERO, null, Map.of());
    }

    Command fund(int account) {
        return new Command.Mint(id(), ASSET, account(account), FUNDS, Map.of());
    }

    Command transfer() {
        int from = random.nextInt(accounts);
        int to = (from + 1 + random.nextInt(accounts - 1)) % accounts;
        return new Command.Transfer(
                id(), ASSET, account(from), account(to), Amount.of(1 + random.nextInt(AMOUNT_MAX)), "", Map.of());
    }

    /** As long as the UUIDs that clients use, and as hard to compress. */
    private String id() {
        lastId++;
        long high = lastId;
        long low = random.nextLong();
        return String.format(
                "%08x-%04x-7%03x-%04x-%012x",
                high >>> 12, high & 0xFFF, low & 0xFFF, low >>> 48, low >>> 16 & 0xFFFFFFFFFFFFL);
    }

    static String account(int number) {
        return "account-" + number;
    }
}
