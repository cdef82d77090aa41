package io.pacioli.ledger.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pacioli.ledger.api.ArchivedRecord;
import io.pacioli.ledger.api.Batch;
import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.api.CommandRecord;
import io.pacioli.ledger.api.ExportManifest;
import io.pacioli.ledger.api.Headers;
import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.Tick;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Conditions;
import io.pacioli.ledger.core.Leg;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A ledger with another number of shards: the same outcomes and balances, in topics that decide alike; or none. */
final class ReshardingTest {
    private static final int STEPS = 1_500;
    private static final int ACCOUNTS = 20;

    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @CsvSource({"1,1", "2,2", "3,5", "4,3", "5,16"})
    void hasTheSameOutcomesAndBalances(long seed, int shards) {
        ScratchLedger ledger = quietLife(seed);
        ExportDirectory before = export(ledger, "before");

        Resharding.run(before, directory.resolve("after"), shards, Progress.NONE);

        ExportDirectory after = ExportDirectory.open(directory.resolve("after"));
        after.verify(Progress.NONE);
        assertThat(after.manifest().shards()).hasSize(shards);
        assertThat(replayed(after)).isEqualTo(replayed(before)).isNotEmpty();
        if (shards > 1) {
            assertThat(after.manifest().shards()).allMatch(shard -> shard.sequence() > 0);
        }
    }

    @Test
    void whatNobodyHasDecidedIsThere() {
        ScratchLedger ledger = quietLife(6);
        for (int i = 0; i < 20; i++) {
            Command command = new Command.Mint("late-" + i, "GOLD", "late" + i, Amount.of(1), Map.of());
            ledger.write(ledger.shardOfKey(command.routingKey()), CommandCodec.encode(command));
        }
        List<Command> batch = new ArrayList<>();
        for (int i = 0; batch.size() < 20; i++) {
            Command command = new Command.OpenAccount("batched-" + i, "batched" + i, AccountLimits.DEFAULT, Map.of());
            if (ledger.shardOfKey(command.routingKey()) == 0) {
                batch.add(command);
            }
        }
        ledger.write(0, Batch.encode(batch));
        ExportDirectory before = export(ledger, "before");

        Resharding.run(before, directory.resolve("after"), 2, Progress.NONE);

        ExportDirectory resharded = ExportDirectory.open(directory.resolve("after"));
        assertThat(carried(resharded, 0)).isNotEmpty();
        assertThat(carried(resharded, 1)).isNotEmpty();
        List<String> carried = new ArrayList<>(carried(resharded, 0));
        carried.addAll(carried(resharded, 1));
        assertThat(carried)
                .containsExactlyInAnyOrderElementsOf(
                        batch.stream().map(Command::id).toList());
        ExportManifest after = resharded.manifest();
        long undecided = after.partitions().stream()
                .filter(partition -> partition.topic().equals(Topics.DEFAULT.commands()))
                .mapToLong(partition -> partition.end()
                        - after.shards().get(partition.partition()).commandsNext())
                .sum();
        assertThat(undecided).isGreaterThanOrEqualTo(40);
    }

    /** A batch in a batch goes to the dead letters: alone it would be one, and its transfers would be made. */
    @Test
    void whatIsNoCommandInABatchIsNoneInANewPlace() {
        ScratchLedger ledger = new ScratchLedger();
        ledger.define("GOLD", 0);
        Command inner = new Command.Mint("inner", "GOLD", "a0", Amount.of(1), Map.of());
        int shard = ledger.shardOfKey(inner.routingKey());
        ledger.write(shard, Batch.ofOne(Batch.encode(List.of(inner))));
        ledger.write(shard, Batch.ofOne(Tick.bytes()));
        ExportDirectory before = export(ledger, "before");

        Resharding.run(before, directory.resolve("after"), 1, Progress.NONE);

        ExportDirectory after = ExportDirectory.open(directory.resolve("after"));
        List<CommandRecord> last = new ArrayList<>();
        try (ExportDirectory.Records records = after.records(after.partition(Topics.DEFAULT.commands(), 0))) {
            for (ArchivedRecord record = records.next(); record != null; record = records.next()) {
                CommandRecord.read(record.key(), record.value(), record.headers(), "", 0, 0, new KafkaRouter(1))
                        .forEach(part -> last.add(part.what()));
            }
        }
        assertThat(last.subList(last.size() - 2, last.size())).hasOnlyElementsOfType(CommandRecord.Malformed.class);
    }

    /** The ids of the commands that came to a shard out of a batch. */
    private static List<String> carried(ExportDirectory export, int shard) {
        List<String> ids = new ArrayList<>();
        try (ExportDirectory.Records records = export.records(export.partition(Topics.DEFAULT.commands(), shard))) {
            for (ArchivedRecord record = records.next(); record != null; record = records.next()) {
                if (record.headers().lastHeader(Headers.BATCH_INDEX) != null) {
                    Command command = CommandCodec.decode(Objects.requireNonNull(record.value()));
                    assertThat(new KafkaRouter(2).shardOfKey(command.routingKey()))
                            .isEqualTo(shard);
                    ids.add(command.id());
                }
            }
        }
        return ids;
    }

    /** Payments and a transaction, of which nothing has come to the other shards yet. */
    @ParameterizedTest
    @CsvSource({"1", "2", "5"})
    void whatWasOnItsWayHasArrived(int shards) {
        ScratchLedger ledger = new ScratchLedger();
        ledger.define("GOLD", 0);
        String first = on(ledger, 0);
        String second = on(ledger, 1);
        for (String account : List.of(first, second)) {
            ledger.submit(new Command.Mint("mint-" + account, "GOLD", account, Amount.of(100), Map.of()));
        }
        ledger.submitUndelivered(transfer("t1", first, second, 5));
        ledger.submitUndelivered(transfer("t2", second, first, 3));
        List<Leg> legs =
                List.of(new Leg("GOLD", first, second, Amount.of(10)), new Leg("GOLD", second, first, Amount.of(2)));
        ledger.submitUndelivered(new Command.Transact("both", legs, null, "", Map.of()));
        ExportDirectory before = export(ledger, "before");
        ledger.deliver();
        ExportDirectory later = export(ledger, "later");

        Resharding.run(before, directory.resolve("after"), shards, Progress.NONE);

        assertThat(replayed(ExportDirectory.open(directory.resolve("after"))))
                .isEqualTo(replayed(later))
                .isNotEqualTo(replayed(before));
    }

    /** On one shard the money would have been there at once. */
    @Test
    void isRefusedWhenWhatHappenedBetweenShardsMatters() {
        ScratchLedger ledger = new ScratchLedger();
        ledger.define("GOLD", 0);
        String payer = on(ledger, 0);
        String payee = on(ledger, 1);
        ledger.submit(new Command.Mint("m1", "GOLD", payer, Amount.of(10), Map.of()));
        ledger.submit(new Command.Mint("m2", "GOLD", payee, Amount.of(1), Map.of()));
        ledger.submitUndelivered(transfer("t1", payer, payee, 5));
        ledger.submitUndelivered(transfer("t2", payee, payer, 3));
        ledger.deliver();
        ExportDirectory before = export(ledger, "before");

        assertThatThrownBy(() -> Resharding.run(before, directory.resolve("after"), 1, Progress.NONE))
                .isInstanceOf(AuditException.class)
                .hasMessageContaining("there is no such ledger with 1 shards")
                .hasMessageContaining("t2")
                .hasMessageContaining("had the outcome INSUFFICIENT_FUNDS and would have ACCEPTED");
        assertThatThrownBy(() -> ExportDirectory.open(directory.resolve("after")))
                .hasMessageContaining("it is no export");
    }

    /**
     * Payments, holds, transactions, deferred transfers and reversals, many of them rejected for want of money. What one shard sends has
     * arrived before the next command is decided, and nobody refuses money: what is rejected on one shard is sent and comes back on two.
     */
    private static ScratchLedger quietLife(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ScratchLedger ledger = new ScratchLedger(3, 1_000_000, 1_000_000);
        ledger.define("GOLD", 0);
        ledger.define("EUR", 2);
        for (int i = 0; i < ACCOUNTS; i++) {
            ledger.submit(new Command.OpenAccount("open-" + i, "a" + i, AccountLimits.DEFAULT, Map.of()));
            ledger.submit(new Command.Mint("gold-" + i, "GOLD", "a" + i, Amount.of(100), Map.of()));
            ledger.submit(new Command.Mint("eur-" + i, "EUR", "a" + i, Amount.of(100), Map.of()));
        }
        for (int i = 0; i < STEPS; i++) {
            ledger.pass(random.nextInt(10));
            for (int shard = 0; shard < ledger.shards(); shard++) {
                ledger.tick(shard);
            }
            ledger.deliver();
            ledger.submit(command(i, random, ledger.nowMillis()));
        }
        return ledger;
    }

    private static Command command(int i, SplittableRandom random, long nowMillis) {
        String from = "a" + random.nextInt(ACCOUNTS);
        int number = random.nextInt(ACCOUNTS);
        String to = from.equals("a" + number) ? "b" + number : "a" + number;
        Amount amount = Amount.of(1 + random.nextInt(60));
        long soon = nowMillis + random.nextInt(200);
        int before = i - 1 - random.nextInt(10);
        return switch (random.nextInt(8)) {
            case 0 -> new Command.PlaceHold("c" + i, "GOLD", from, null, amount, soon, "", Map.of());
            case 1 -> new Command.CaptureHold("c" + i, "c" + before, from, null, to, Map.of());
            case 2 -> new Command.VoidHold("c" + i, "c" + before, from, Map.of());
            case 3 ->
                new Command.Transact(
                        "c" + i,
                        List.of(new Leg("GOLD", from, to, amount), new Leg("EUR", to, from, amount)),
                        null,
                        "",
                        Map.of());
            case 4 ->
                new Command.Transfer("c" + i, "EUR", from, to, amount, "", new Conditions(soon, null, null), Map.of());
            case 5 -> new Command.ReverseTransfer("c" + i, "c" + before, to, null, Map.of());
            default -> transfer("c" + i, from, to, 1 + random.nextInt(60));
        };
    }

    private ExportDirectory export(ScratchLedger ledger, String name) {
        Path path = directory.resolve(name);
        try (ExportWriter writer = new ExportWriter(path)) {
            new Export(
                            Topics.DEFAULT,
                            writer,
                            Progress.NONE,
                            ScratchTopics.consumer(ledger),
                            ScratchTopics.consumer(ledger))
                    .run();
        }
        return ExportDirectory.open(path);
    }

    /** The balances of clients and issuers that all of an export comes to when it is decided again. */
    private static Map<String, String> replayed(ExportDirectory export) {
        try (RecordedOrder order = RecordedOrder.of(export)) {
            while (order.next() != null) {
                assertThat(order.done()).isLessThanOrEqualTo(order.total());
            }
            Map<String, String> balances = new TreeMap<>();
            List<ShardBooks> books = order.books();
            assertThat(books)
                    .extracting(ShardBooks::sequence)
                    .isEqualTo(export.manifest().shards().stream()
                            .map(ExportManifest.Shard::sequence)
                            .toList());
            new Books(books).forEach((shard, account, holding) -> {
                if (!AccountId.isClearing(account)) {
                    balances.put(account + " " + holding.asset(), holding.toString());
                }
            });
            return balances;
        }
    }

    private static String on(ScratchLedger ledger, int shard) {
        int number = 0;
        while (ledger.shardOf("a" + number) != shard) {
            number++;
        }
        return "a" + number;
    }

    private static Command transfer(String id, String from, String to, long amount) {
        return new Command.Transfer(id, "GOLD", from, to, Amount.of(amount), "", Map.of());
    }
}
