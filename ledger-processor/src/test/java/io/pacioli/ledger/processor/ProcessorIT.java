package io.pacioli.ledger.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.api.Batch;
import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.api.Headers;
import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.LedgerClient;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.core.Rejection;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One processor with six shards on a real broker. */
final class ProcessorIT {
    private static final String GOLD = "GOLD";
    private static final KafkaRouter ROUTER = new KafkaRouter(6);

    /** Long enough for a command to be decided before. */
    private static final long WAIT_MILLIS = 10_000;

    private static LiveLedger ledger;
    private static RunningProcessor processor;
    private static LedgerClient client;
    private static LiveJournal journal;

    @BeforeAll
    static void start(@TempDir Path directory) {
        ledger = LiveLedger.fresh(6);
        processor = RunningProcessor.start(ledger.settings(directory));
        client = ledger.client();
        journal = new LiveJournal(ledger);
        assertThat(LiveLedger.outcome(client, Sample.define(GOLD))).isInstanceOf(Outcome.Accepted.class);
        journal.await(
                "every shard knows the asset",
                () -> journal.events("define-GOLD").size() == 6);
    }

    @AfterAll
    static void stop() {
        client.close();
        journal.close();
        processor.close();
    }

    @Test
    void anyProducerThatKeysItsRecordsWillDo() {
        String alice = "plain-alice";
        ledger.produce(List.of(
                json("@GOLD", "{'type':'Mint','id':'plain-1','asset':'GOLD','to':'" + alice + "','amount':'100'}"),
                json(alice, "{'type':'OpenAccount','id':'plain-2','account':'" + alice + "'}")));
        journal.await(
                "the account is open and has its money",
                () -> !journal.events("plain-2").isEmpty() && balance(alice) == 100);

        ledger.produce(List.of(json(
                alice,
                "{'type':'Transfer','id':'plain-3','asset':'GOLD','from':'" + alice
                        + "','to':'plain-bob','amount':40}")));

        journal.await("the money has arrived", () -> balance("plain-bob") == 40);
        assertThat(balance(alice)).isEqualTo(60);
    }

    @Test
    void moneyArrivesFromEveryShardOnEveryOther() {
        List<Command> mints = new ArrayList<>();
        List<Command> transfers = new ArrayList<>();
        for (int from = 0; from < 6; from++) {
            mints.add(Sample.mint("every-m" + from, GOLD, Sample.account(ROUTER, "payer", from), 6));
            for (int to = 0; to < 6; to++) {
                transfers.add(Sample.transfer(
                        "every-" + from + to,
                        GOLD,
                        Sample.account(ROUTER, "payer", from),
                        Sample.account(ROUTER, "payee", to),
                        1));
            }
        }
        LiveLedger.outcomes(client, mints);
        journal.await(
                "the payers have their money",
                () -> mints.stream().allMatch(mint -> balance(((Command.Mint) mint).to()) == 6));

        assertThat(LiveLedger.outcomes(client, transfers)).allMatch(Outcome.Accepted.class::isInstance);

        journal.await(
                "all payments have arrived",
                () -> IntStream.range(0, 6).allMatch(shard -> balance(Sample.account(ROUTER, "payee", shard)) == 6));
        assertThat(IntStream.range(0, 6).map(shard -> (int) balance(Sample.account(ROUTER, "payer", shard))))
                .containsOnly(0);
        assertThat(journal.events("every-00")).containsExactly("TransferPosted");
        assertThat(journal.events("every-05")).containsExactlyInAnyOrder("TransferSent", "TransferReceived");
    }

    @Test
    void whatThePayeeCannotTakeComesBack() {
        String payer = Sample.account(ROUTER, "returns", 1);
        String payee = Sample.account(ROUTER, "full", 4);
        LiveLedger.outcomes(
                client, List.of(Sample.mint("return-m", GOLD, payer, 100), Sample.openAtMost(payee, GOLD, 50)));
        journal.await("the payer has money", () -> balance(payer) == 100);

        Outcome outcome = LiveLedger.outcome(client, Sample.transfer("return-1", GOLD, payer, payee, 51));

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Accepted.class, o -> assertThat(o.type()).isEqualTo("TransferSent"));
        journal.await("it is back", () -> journal.events("return-1").contains("TransferReturned"));
        assertThat(journal.events("return-1"))
                .containsExactlyInAnyOrder("TransferSent", "TransferRefused", "TransferReturned");
        assertThat(balance(payer)).isEqualTo(100);
        assertThat(balance(payee)).isZero();
    }

    @Test
    void aTransactionAcrossShardsIsAnsweredWhenAllHaveAgreed() {
        String alice = Sample.account(ROUTER, "legs-alice", 0);
        String bob = Sample.account(ROUTER, "legs-bob", 2);
        String carol = Sample.account(ROUTER, "legs-carol", 4);
        LiveLedger.outcome(client, Sample.mint("legs-m", GOLD, alice, 100));
        journal.await("the payer has money", () -> balance(alice) == 100);

        Outcome made = LiveLedger.outcome(
                client, Sample.transact("legs-1", Sample.leg(GOLD, alice, bob, 60), Sample.leg(GOLD, bob, carol, 50)));
        Outcome refused = LiveLedger.outcome(
                client,
                Sample.transact("legs-2", Sample.leg(GOLD, alice, bob, 40), Sample.leg(GOLD, carol, alice, 51)));

        assertThat(made)
                .isInstanceOfSatisfying(
                        Outcome.Accepted.class, o -> assertThat(o.type()).isEqualTo("TransactionCommitted"));
        assertThat(refused)
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        o -> assertThat(o.rejected().code()).isEqualTo(Rejection.INSUFFICIENT_FUNDS));
        journal.await("all shards have settled", () -> balance(carol) == 50 && balance(alice) == 40);
        assertThat(balance(bob)).isEqualTo(10);
        assertThat(journal.events("legs-1"))
                .filteredOn("TransactionSettled"::equals)
                .hasSize(2);
        assertThat(journal.events("legs-2")).contains("TransactionRefused", "TransactionAborted", "CommandRejected");
    }

    @Test
    void aTransferThatWaitsIsAnsweredAtOnceAndDecidedWhenItIsTime() {
        String payer = Sample.account(ROUTER, "later-payer", 3);
        String payee = Sample.account(ROUTER, "later-payee", 5);
        LiveLedger.outcome(client, Sample.mint("later-m", GOLD, payer, 100));
        journal.await("the payer has money", () -> balance(payer) == 100);
        long notBefore = System.currentTimeMillis() + WAIT_MILLIS;
        Command later = Sample.transferLater("later-1", GOLD, payer, payee, 70, notBefore);

        assertThat(LiveLedger.outcome(client, later))
                .isInstanceOfSatisfying(
                        Outcome.Pending.class, o -> assertThat(o.type()).isEqualTo("CommandDeferred"));

        journal.await("nobody has to ask again", () -> balance(payee) == 70);
        assertThat(LiveLedger.outcome(client, later)).isInstanceOfSatisfying(Outcome.Accepted.class, o -> {
            assertThat(o.type()).isEqualTo("TransferSent");
            assertThat(o.atMillis()).isEqualTo(notBefore);
        });
        assertThat(journal.events("later-1"))
                .containsExactlyInAnyOrder("CommandDeferred", "TransferSent", "TransferReceived");
        assertThat(balance(payer)).isEqualTo(30);
    }

    @Test
    void eachCommandOfABatchIsAnsweredWhereverItIsDecidedAndWhenever() {
        List<Command> mints = IntStream.range(0, 6)
                .mapToObj(shard -> Sample.mint("bulk-m" + shard, GOLD, Sample.account(ROUTER, "bulk", shard), 1_000))
                .toList();
        LiveLedger.outcomes(client, mints);
        journal.await(
                "the payers have their money",
                () -> mints.stream().allMatch(mint -> balance(((Command.Mint) mint).to()) == 1_000));
        List<Command> commands = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            String from = Sample.account(ROUTER, "bulk", i % 6);
            String to = Sample.account(ROUTER, "paid", i / 6 % 6);
            // Every hundredth wants more than there is, and every fiftieth has the id of the one of its shard before.
            commands.add(
                    i % 100 == 99
                            ? Sample.transfer("bulk-" + i, GOLD, from, to, 5_000)
                            : i % 50 == 25
                                    ? commands.get(i - 6)
                                    : i % 60 == 7
                                            ? Sample.transact(
                                                    "bulk-" + i,
                                                    Sample.leg(GOLD, from, to, 1),
                                                    Sample.leg(GOLD, to, "anybody", 1))
                                            : Sample.transfer("bulk-" + i, GOLD, from, to, 1));
        }

        List<CompletableFuture<Outcome>> outcomes = client.submitAll(commands);

        for (int i = 0; i < commands.size(); i++) {
            Outcome outcome = outcomes.get(i).orTimeout(60, TimeUnit.SECONDS).join();
            assertThat(outcome.commandId()).isEqualTo(commands.get(i).id());
            assertThat(outcome).isInstanceOf(i % 100 == 99 ? Outcome.Refused.class : Outcome.Accepted.class);
            assertThat(outcome.position().shard()).isEqualTo(i % 6);
        }
        long moved = commands.stream().map(Command::id).distinct().count() - 6;
        journal.await(
                "all has arrived",
                () -> IntStream.range(0, 6)
                                        .mapToLong(shard -> balance(Sample.account(ROUTER, "paid", shard)))
                                        .sum()
                                + balance("anybody")
                        == moved);
    }

    @Test
    void aBatchOnTheWrongShardIsDecidedWhereItsCommandsBelongAndAnswered() {
        List<Command> opens = IntStream.range(0, 6)
                .mapToObj(shard -> Sample.open(Sample.account(ROUTER, "strayed", shard)))
                .toList();
        ledger.produce(List.of(new ProducerRecord<>(ledger.topics.commands(), 3, null, Batch.encode(opens))));

        journal.await(
                "each account is open once",
                () -> opens.stream().allMatch(open -> !journal.events(open.id()).isEmpty()));
        assertThat(opens)
                .allSatisfy(open -> assertThat(journal.events(open.id())).containsExactly("AccountOpened"));
    }

    @Test
    void aCommandOnTheWrongShardIsDecidedOnceOnTheRightOne() {
        String account = Sample.account(ROUTER, "lost", 2);
        byte[] value = CommandCodec.encode(Sample.open(account));
        double before = processor.count("ledger.commands.forwarded");
        List<ProducerRecord<byte[], byte[]>> everywhere = new ArrayList<>();
        for (int partition = 0; partition < 6; partition++) {
            everywhere.add(new ProducerRecord<>(ledger.topics.commands(), partition, null, value));
        }

        ledger.produce(everywhere);

        Await.until("all others are passed on", () -> processor.count("ledger.commands.forwarded") == before + 5);
        Await.until("all have been decided", () -> processor.count("ledger.commands.repeated") >= 5);
        journal.await("it is open", () -> !journal.events("open-" + account).isEmpty());
        assertThat(journal.events("open-" + account)).containsExactly("AccountOpened");
        assertThat(LiveLedger.outcome(client, Sample.open(account)).position().shard())
                .isEqualTo(2);
    }

    @Test
    void malformedRecordsStopNoShard() {
        byte[] junk = {(byte) 0xFF, 0, 1};
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int partition = 0; partition < 6; partition++) {
            records.add(new ProducerRecord<>(ledger.topics.commands(), partition, junk, junk));
            records.add(new ProducerRecord<>(ledger.topics.commands(), partition, null, null));
        }

        ledger.produce(records);

        assertThat(deadLetters(12)).allSatisfy(dead -> {
            assertThat(Headers.text(dead.headers(), Headers.DEAD_LETTER_TOPIC)).isEqualTo(ledger.topics.commands());
            assertThat(dead.key()).isEqualTo(dead.value());
        });
        List<Command> opens = IntStream.range(0, 6)
                .mapToObj(shard -> Sample.open(Sample.account(ROUTER, "after-junk", shard)))
                .toList();
        assertThat(LiveLedger.outcomes(client, opens)).allMatch(Outcome.Accepted.class::isInstance);
    }

    @Test
    void aRecordThatOnlyCompressionMadeSmallStopsNoShard() {
        String account = Sample.account(ROUTER, "bomb", 3);
        try (KafkaProducer<byte[], byte[]> producer = ledger.producer(Map.of(
                ProducerConfig.COMPRESSION_TYPE_CONFIG, "gzip",
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 64 << 20,
                ProducerConfig.BUFFER_MEMORY_CONFIG, 128L << 20))) {
            LiveLedger.get(producer.send(new ProducerRecord<>(ledger.topics.commands(), 3, null, new byte[16 << 20])));
            ProducerRecord<byte[], byte[]> headers = new ProducerRecord<>(
                    ledger.topics.commands(), 3, null, CommandCodec.encode(Sample.open("elsewhere")));
            headers.headers().add("large", new byte[16 << 20]);
            LiveLedger.get(producer.send(headers));
        }

        assertThat(LiveLedger.outcome(client, Sample.open(account)).position().shard())
                .isEqualTo(3);
    }

    @Test
    void outcomesTellTheirPosition() {
        String account = Sample.account(ROUTER, "position", 5);

        Outcome opened = LiveLedger.outcome(client, Sample.open(account));
        Outcome again = LiveLedger.outcome(client, Sample.open(account));
        Outcome refused = LiveLedger.outcome(client, Sample.transfer("position-1", GOLD, account, "x", 1));

        journal.readOn();
        assertThat(journal.entries())
                .filteredOn(entry ->
                        entry.event().type().equals("AccountOpened") && ("open-" + account).equals(entry.commandId()))
                .extracting(entry -> entry.position())
                .containsExactly(opened.position());
        assertThat(again).isEqualTo(opened);
        assertThat(refused.position())
                .isEqualTo(new Position(5, refused.position().sequence()));
        assertThat(refused)
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        o -> assertThat(o.rejected().code()).isEqualTo(Rejection.INSUFFICIENT_FUNDS));
    }

    private static long balance(String account) {
        BigInteger balance = journal.balance(account, GOLD);
        return balance.longValueExact();
    }

    private static ProducerRecord<byte[], byte[]> json(String key, String value) {
        return new ProducerRecord<>(
                ledger.topics.commands(), Headers.text(key), Headers.text(value.replace('\'', '"')));
    }

    private static List<ConsumerRecord<byte[], byte[]>> deadLetters(int atLeast) {
        Map<String, Object> properties = new HashMap<>(ledger.kafka);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(new TopicPartition(ledger.topics.deadLetters(), 0)));
            Await.until("dead letters", () -> {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                    String reason = Headers.text(record.headers(), Headers.DEAD_LETTER_REASON);
                    if (reason != null && !reason.contains("key and headers") && !reason.contains("at most")) {
                        records.add(record);
                    }
                });
                return records.size() >= atLeast;
            });
        }
        return records;
    }
}
