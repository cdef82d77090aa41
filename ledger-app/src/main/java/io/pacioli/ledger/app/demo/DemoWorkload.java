package io.pacioli.ledger.app.demo;

import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Leg;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A small town's money: employers pay salaries, people buy in shops of which few are popular, a loyalty programme gives points, and
 * friends pay each other back. Some commands are mistakes, on purpose. The same seed gives the same commands.
 */
final class DemoWorkload {
    static final String GOLD = "GOLD";
    static final String POINTS = "POINTS";
    static final String LOYALTY = "loyalty";
    static final String HOTEL = "hotel";

    private static final List<String> NAMES = List.of(
            "alice", "bob", "carla", "david", "emma", "felix", "greta", "hugo", "ida", "jonas", "klara", "luca", "mia",
            "noah", "olga", "paul", "quinn", "rosa", "sam", "tess", "uma", "viktor", "wanda", "xaver", "yara", "zoe");
    private static final List<String> EMPLOYERS = List.of("acme", "globex", "initech", "umbrella");
    private static final List<String> SHOPS = List.of(
            "shop-bakery",
            "shop-market",
            "shop-cafe",
            "shop-books",
            "shop-cinema",
            "shop-bikes",
            "shop-flowers",
            "shop-tools",
            "shop-toys",
            "shop-music",
            "shop-shoes",
            "shop-antiques");
    private static final List<String> REASONS =
            List.of("lunch", "rent", "concert tickets", "birthday present", "taxi", "groceries");

    private static final int ACCOUNTS_MIN = EMPLOYERS.size() + SHOPS.size() + 2;
    private static final long EMPLOYER_FUNDS = 50_000_000;
    private static final long LOYALTY_FUNDS = 1_000_000;
    private static final long POCKET_MONEY = 150_000;
    private static final int MISTAKE_EVERY = 100;
    private static final int STAYS = 30;
    private static final int EXCHANGES = 30;

    private final SplittableRandom random;
    private final List<String> people = new ArrayList<>();
    private final int transfers;
    private int number;

    /**
     * @param accounts how many accounts there are, at least {@value #ACCOUNTS_MIN}
     * @param transfers how many transfers are asked for, besides repetitions
     */
    DemoWorkload(long seed, int accounts, int transfers) {
        random = new SplittableRandom(seed);
        this.transfers = transfers;
        int persons = Math.max(accounts, ACCOUNTS_MIN) - EMPLOYERS.size() - SHOPS.size() - 1;
        for (int i = 0; i < persons; i++) {
            String name = NAMES.get(i % NAMES.size());
            people.add(i < NAMES.size() ? name : name + "-" + (i / NAMES.size() + 1));
        }
    }

    List<Command> definitions() {
        return List.of(
                new Command.DefineAsset(
                        "define-gold", new Asset(GOLD, "Gold", "g", "🪙", 2, null), Amount.ZERO, null, Map.of()),
                new Command.DefineAsset(
                        "define-points",
                        new Asset(POINTS, "Loyalty points", "pt", "⭐", 0, Amount.of(1_000_000_000)),
                        Amount.ZERO,
                        null,
                        Map.of()));
    }

    List<Command> openings() {
        List<String> accounts = new ArrayList<>(people);
        accounts.addAll(EMPLOYERS);
        accounts.addAll(SHOPS);
        accounts.add(LOYALTY);
        return accounts.stream()
                .<Command>map(
                        account -> new Command.OpenAccount("open-" + account, account, AccountLimits.DEFAULT, Map.of()))
                .toList();
    }

    List<Command> mints() {
        List<Command> mints = new ArrayList<>();
        mints.add(mint(POINTS, LOYALTY, LOYALTY_FUNDS));
        EMPLOYERS.forEach(employer -> mints.add(mint(GOLD, employer, EMPLOYER_FUNDS)));
        people.forEach(person -> mints.add(mint(GOLD, person, POCKET_MONEY)));
        return mints;
    }

    private static Command mint(String asset, String to, long amount) {
        return new Command.Mint("mint-" + asset + "-" + to, asset, to, Amount.of(amount), Map.of());
    }

    /** Somebody whose history is worth a look. */
    String protagonist() {
        return people.getFirst();
    }

    /** Transfers, mistakes and repetitions, in the order in which they are to be sent. */
    List<Command> transfers() {
        List<Command> commands = new ArrayList<>();
        for (int i = 0; i < transfers; i++) {
            Command.Transfer transfer = i % MISTAKE_EVERY == MISTAKE_EVERY / 2 ? mistake() : transfer();
            commands.add(transfer);
            if (i % MISTAKE_EVERY == 10) {
                // Sent twice, as a client does that did not hear the first answer.
                commands.add(transfer);
            } else if (i % MISTAKE_EVERY == 80) {
                // The id of an earlier command for another payment of the same payer.
                commands.add(withAmount(transfer, transfer.amount().minorUnits().longValueExact() + 1));
            }
        }
        return commands;
    }

    /** Hotels set deposits aside: each is a hold for somebody's stay. */
    List<Command> deposits() {
        List<Command> deposits = new ArrayList<>();
        for (int i = 0; i < STAYS; i++) {
            deposits.add(new Command.PlaceHold(
                    "deposit-" + i,
                    GOLD,
                    people.get(i % people.size()),
                    HOTEL,
                    Amount.of(8_000),
                    null,
                    "deposit",
                    Map.of()));
        }
        return deposits;
    }

    /** At check-out a third pays all of the deposit, a third part of it and gets the rest back, and a third nothing. */
    List<Command> checkOuts() {
        List<Command> checkOuts = new ArrayList<>();
        for (int i = 0; i < STAYS; i++) {
            String hold = "deposit-" + i;
            String guest = people.get(i % people.size());
            if (i % 3 < 2) {
                Amount paid = i % 3 == 0 ? null : Amount.of(5_500);
                checkOuts.add(new Command.CaptureHold("check-out-" + i, hold, guest, paid, null, Map.of()));
            }
            if (i % 3 > 0) {
                checkOuts.add(new Command.VoidHold("void-" + i, hold, guest, Map.of()));
            }
        }
        return checkOuts;
    }

    /** People swap gold for points with each other: both legs are made, or none. */
    List<Command> exchanges() {
        List<Command> exchanges = new ArrayList<>();
        for (int i = 0; i < EXCHANGES; i++) {
            String from = pick(people);
            Leg gold = new Leg(GOLD, from, LOYALTY, Amount.of(500));
            Leg points = new Leg(POINTS, LOYALTY, from, Amount.of(50));
            exchanges.add(new Command.Transact("exchange-" + i, List.of(gold, points), null, "", Map.of()));
        }
        return exchanges;
    }

    /** What the hotel gives back to guests who complained. */
    List<Command> refunds() {
        List<Command> refunds = new ArrayList<>();
        for (int i = 0; i < STAYS; i += 3) {
            refunds.add(
                    new Command.ReverseTransfer("refund-" + i, "check-out-" + i, HOTEL, Amount.of(1_000), Map.of()));
        }
        return refunds;
    }

    private Command.Transfer transfer() {
        int kind = random.nextInt(100);
        if (kind < 8) {
            return transfer(GOLD, pick(EMPLOYERS), pick(people), random.nextLong(90_000, 240_000), "salary");
        }
        if (kind < 70) {
            String shop = SHOPS.get(zipf(SHOPS.size()));
            return transfer(GOLD, anybody(), shop, random.nextLong(150, 8_000), shop.substring("shop-".length()));
        }
        if (kind < 88) {
            return transfer(POINTS, LOYALTY, anybody(), random.nextLong(1, 120), "thank you");
        }
        String from = anybody();
        return transfer(GOLD, from, anybodyBut(from), random.nextLong(100, 5_000), pick(REASONS));
    }

    private Command.Transfer mistake() {
        String from = anybody();
        return switch (random.nextInt(3)) {
            case 0 -> transfer("SILVER", from, anybodyBut(from), 100, "in the wrong currency");
            case 1 -> transfer(GOLD, from, from, 100, "to myself");
            default -> transfer(GOLD, from, anybodyBut(from), 99_999_999, "more than I have");
        };
    }

    private Command.Transfer transfer(String asset, String from, String to, long amount, String memo) {
        number++;
        return new Command.Transfer("transfer-" + number, asset, from, to, Amount.of(amount), memo, Map.of());
    }

    private static Command withAmount(Command.Transfer c, long amount) {
        return new Command.Transfer(c.id(), c.asset(), c.from(), c.to(), Amount.of(amount), c.memo(), c.metadata());
    }

    /** Some do more than others. */
    private String anybody() {
        return random.nextInt(3) == 0 ? people.get(zipf(people.size())) : pick(people);
    }

    private String anybodyBut(String other) {
        String person = pick(people);
        return person.equals(other) ? people.get((people.indexOf(other) + 1) % people.size()) : person;
    }

    private String pick(List<String> list) {
        return list.get(random.nextInt(list.size()));
    }

    /** An index below the bound, the small ones far more often: about Zipf's law. */
    private int zipf(int bound) {
        return Math.min(bound - 1, (int) Math.pow(bound + 1, random.nextDouble()) - 1);
    }
}
