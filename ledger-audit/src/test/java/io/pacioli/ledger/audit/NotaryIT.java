package io.pacioli.ledger.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.pacioli.ledger.api.Checkpoint;
import io.pacioli.ledger.api.CheckpointCodec;
import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.LedgerTopics;
import io.pacioli.ledger.api.PublicKeys;
import io.pacioli.ledger.api.SigningKey;
import io.pacioli.ledger.api.TopicSettings;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.audit.notary.NotaryService;
import io.pacioli.ledger.audit.notary.NotarySettings;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.service.Health;
import io.pacioli.ledger.service.Metrics;
import io.pacioli.ledger.testkit.TestServices;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Notaries and the audit of what they sign, on a real broker. */
final class NotaryIT {
    private static final int SHARD = 1;
    private static final Duration WAIT_MAX = Duration.ofMinutes(1);
    private static final NotarySettings.Pace PACE = new NotarySettings.Pace(20, Duration.ofMillis(300));

    private final Map<String, String> kafka =
            Map.of("bootstrap.servers", TestServices.kafka().bootstrapServers());
    private final ScratchLedger ledger = ScratchLedger.inUse();
    private final Topics topics = freshTopics();
    private int[] written = new int[ScratchLedger.SHARDS];

    @TempDir
    private Path directory = Path.of("");

    @BeforeEach
    void keys() {
        SigningKey.createIfMissing(directory.resolve("key"), directory.resolve("public"));
    }

    /** A notary in this process. */
    private final class Running implements AutoCloseable {
        private final Health health = new Health();
        private final Metrics metrics = new Metrics();
        private final NotaryService service;

        Running(Topics signed) {
            service = new NotaryService(
                    NotarySettings.of(kafka, signed, directory.resolve("key"), directory.resolve("public"), PACE),
                    health,
                    metrics);
            service.start();
        }

        String said() {
            return health.reports().toString();
        }

        void stop() {
            service.close();
        }

        @Override
        public void close() {
            stop();
            metrics.close();
        }
    }

    private Topics freshTopics() {
        Topics fresh = Topics.withPrefix(TestServices.kafka().freshPrefix() + "ledger");
        try (Admin admin = Admin.create(new HashMap<>(kafka))) {
            LedgerTopics.ensure(admin, fresh, new TopicSettings(ScratchLedger.SHARDS, (short) 1));
        }
        return fresh;
    }

    /** Writes what the journal has and Kafka has not. */
    private void write(Topics to) {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (Producer<byte[], byte[]> producer = producer()) {
            for (int shard = 0; shard < ScratchLedger.SHARDS; shard++) {
                List<byte[]> journal = ledger.journal(shard);
                for (byte[] record : journal.subList(written[shard], journal.size())) {
                    sent.add(producer.send(new ProducerRecord<>(to.journal(), shard, null, record)));
                }
                written[shard] = journal.size();
            }
        }
        assertThat(sent).allSatisfy(record -> assertThat(record).succeedsWithin(Duration.ZERO));
    }

    private Producer<byte[], byte[]> producer() {
        return new KafkaProducer<>(new HashMap<>(kafka), new ByteArraySerializer(), new ByteArraySerializer());
    }

    private void pay(int round) {
        for (int i = 0; i < 30; i++) {
            ledger.submit(new Command.Transfer(
                    "round-" + round + "-" + i, "GOLD", "a" + i, "a" + (i + 1) % 30, Amount.of(1), "", Map.of()));
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> checkpoints(Topics from, int shard) {
        TopicPartition partition = new TopicPartition(from.checkpoints(), shard);
        try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(JournalFold.properties(kafka))) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records;
        }
    }

    private boolean isAllSigned() {
        for (int shard = 0; shard < ScratchLedger.SHARDS; shard++) {
            List<ConsumerRecord<byte[], byte[]>> records = checkpoints(topics, shard);
            if (records.isEmpty()
                    || decoded(records.getLast()).position().sequence()
                            < ledger.journal(shard).size()) {
                return false;
            }
        }
        return true;
    }

    private static Checkpoint decoded(ConsumerRecord<byte[], byte[]> record) {
        return CheckpointCodec.decode(record.value());
    }

    private static void await(Supplier<String> what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + WAIT_MAX.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() >= deadline) {
                fail(what.get());
            }
            LockSupport.parkNanos(50_000_000);
        }
    }

    private AuditReport audit(Topics audited) {
        PublicKeys keys = PublicKeys.read(directory.resolve("public"));
        return Audit.run(new AuditSettings(kafka, audited, false, 2, List.of(), keys, null), Progress.NONE);
    }

    private long signed() {
        long signed = 0;
        for (int shard = 0; shard < ScratchLedger.SHARDS; shard++) {
            signed += checkpoints(topics, shard).size();
        }
        return signed;
    }

    @Test
    void signsAJournalAsItGrowsWhoeverDoesIt() {
        write(topics);
        try (Running first = new Running(topics)) {
            await(() -> "the first signs all: " + first.said(), this::isAllSigned);
            pay(1);
            write(topics);
            try (Running second = new Running(topics)) {
                pay(2);
                write(topics);
                await(() -> "both sign: " + first.said() + second.said(), this::isAllSigned);
                await(() -> "both are ready", () -> first.health.isReady() && second.health.isReady());
                pay(3);
                write(topics);
                // The first one signs what it has, and leaves.
                first.stop();
                await(() -> "the second signs the rest: " + second.said(), this::isAllSigned);
            }
        }
        pay(4);
        write(topics);
        // At once: whoever is stopped signs what it has read.
        try (Running third = new Running(topics)) {
            await(() -> "the third goes on: " + third.said(), this::isAllSigned);
        }

        AuditReport report = audit(topics);
        assertThat(report.findings()).isEmpty();
        assertThat(report.checkpoints())
                .isNotNull()
                .returns(signed(), CheckpointFigures::verified)
                .returns(0L, CheckpointFigures::uncovered);
        assertThat(signed()).isGreaterThanOrEqualTo(3L * ledger.journal(SHARD).size() / 20 / 2);
    }

    @Test
    void refusesAJournalThatWasWrittenAnewAndTheAuditFindsIt() {
        write(topics);
        try (Running notary = new Running(topics)) {
            await(() -> "all is signed: " + notary.said(), this::isAllSigned);
        }
        // The same checkpoints beside another journal, whose forger has recomputed all hashes.
        Topics forged = freshTopics();
        try (Producer<byte[], byte[]> producer = producer()) {
            for (int shard = 0; shard < ScratchLedger.SHARDS; shard++) {
                for (ConsumerRecord<byte[], byte[]> record : checkpoints(topics, shard)) {
                    var _ = producer.send(new ProducerRecord<>(forged.checkpoints(), shard, null, record.value()));
                }
            }
        }
        long before = checkpoints(forged, SHARD).size();
        int place = 0;
        while (!(JournalCodec.decode(ledger.journal(SHARD).get(place)).entry().event()
                instanceof Event.TransferPosted)) {
            place++;
        }
        Forgery.forge(ledger.journal(SHARD), place, Forgery::bribed);
        pay(1);
        written = new int[ScratchLedger.SHARDS];
        // What the shard decides after the forgery follows from it.
        Forgery.forge(ledger.journal(SHARD), place, entry -> entry);
        write(forged);

        try (Running notary = new Running(forged)) {
            await(
                    () -> "the notary says so: " + notary.said(),
                    () -> notary.said().contains("shard " + SHARD + " is not signed: the journal was written anew"));
            assertThat(notary.health.isReady()).isFalse();
            assertThat(notary.metrics
                            .registry()
                            .get("ledger.notary.refused")
                            .tag("shard", Integer.toString(SHARD))
                            .gauge()
                            .value())
                    .isEqualTo(1);
        }
        assertThat(checkpoints(forged, SHARD)).hasSize((int) before);
        Checkpoint first = decoded(checkpoints(forged, SHARD).stream()
                .filter(record -> decoded(record).position().sequence() > 0)
                .findFirst()
                .orElseThrow());
        assertThat(first.number()).isEqualTo(1);
        assertThat(audit(forged).findings())
                .anySatisfy(finding -> assertThat(finding)
                        .returns(Finding.Kind.CHECKPOINT, Finding::kind)
                        .returns(SHARD, Finding::shard));
    }
}
