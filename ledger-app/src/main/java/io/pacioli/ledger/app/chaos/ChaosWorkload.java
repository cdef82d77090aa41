package io.pacioli.ledger.app.chaos;

import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.testkit.workload.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * What one client wants: mostly plain transfers between many accounts, and of the rest everything that the ledger knows, biased to
 * edges; some of it twice. The same seed gives the same commands, but for the times in them. Not thread safe.
 */
final class ChaosWorkload {
    /** How many of a hundred commands are plain transfers. */
    static final int PLAIN_PERCENT = 75;

    private static final String PLAIN = "plain-";
    private static final String COIN = "COIN";
    private static final Amount FUNDS = Amount.of(1_000_000);
    private static final int AGAIN_PERCENT = 3;
    private static final int PERCENT = 100;
    private static final int AMOUNT_MAX = 500;
    private static final int KEPT = 64;

    private final SplittableRandom random;
    private final Workload everything;
    private final String prefix;
    private final int accounts;
    private final long aheadMillis;
    private final List<Command> last = new ArrayList<>();
    private int made;

    /**
     * @param client whose ids no other client has
     * @param accounts how many accounts plain transfers choose from
     * @param ahead how wrong the client's clock is
     */
    ChaosWorkload(long seed, String client, int accounts, Duration ahead) {
        random = new SplittableRandom(seed);
        prefix = client + "-";
        everything = new Workload(random.nextLong(), prefix);
        this.accounts = accounts;
        aheadMillis = ahead.toMillis();
    }

    /** Commands that must have been accepted before clients begin: the asset, and what each account has at first. */
    static Command definition() {
        return new Command.DefineAsset(
                "setup-coin", new Asset(COIN, "Coin", "", "", 2, null), Amount.ZERO, null, Map.of());
    }

    /** See {@link #definition}. */
    static List<Command> funds(int accounts) {
        return IntStream.range(0, accounts)
                .<Command>mapToObj(i -> new Command.Mint("setup-funds-" + i, COIN, account(i), FUNDS, Map.of()))
                .toList();
    }

    /** One of the accounts of plain transfers. */
    static String account(int number) {
        return "account-" + number;
    }

    /** The next command, or one of the last again. */
    Command next() {
        if (!last.isEmpty() && random.nextInt(PERCENT) < AGAIN_PERCENT) {
            return last.get(random.nextInt(last.size()));
        }
        Command command = random.nextInt(PERCENT) < PLAIN_PERCENT
                ? transfer()
                : everything.next(System.currentTimeMillis() + aheadMillis);
        if (last.size() < KEPT) {
            last.add(command);
        } else {
            last.set(made % KEPT, command);
        }
        made++;
        return command;
    }

    /** Whether a command of that id is a plain transfer. */
    static boolean isPlain(String id) {
        return id.startsWith(PLAIN, id.indexOf('-') + 1);
    }

    private Command transfer() {
        int from = random.nextInt(accounts);
        int to = (from + 1 + random.nextInt(accounts - 1)) % accounts;
        Amount amount = Amount.of(1 + random.nextInt(AMOUNT_MAX));
        return new Command.Transfer(prefix + PLAIN + made, COIN, account(from), account(to), amount, "", Map.of());
    }
}
