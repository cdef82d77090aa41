package io.pacioli.ledger.audit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Position;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

final class JournalFoldTest {
    private static final String TOPIC = "ledger.journal";

    private final ScratchLedger ledger = ScratchLedger.inUse();

    /** Kafka's own consumer without a broker, behind which the journal grows. */
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");

    private final int[] published = new int[ScratchLedger.SHARDS];

    @Test
    void readsToTheEndAndThenOn() {
        Map<TopicPartition, Long> beginnings = new HashMap<>();
        for (int shard = 0; shard < ScratchLedger.SHARDS; shard++) {
            beginnings.put(new TopicPartition(TOPIC, shard), 0L);
        }
        consumer.updateBeginningOffsets(beginnings);
        List<String> progress = new ArrayList<>();
        try (JournalFold fold = new JournalFold(consumer, TOPIC, ScratchLedger.SHARDS)) {
            publish();
            long total = records();

            Books books = fold.readToEnd((done, of) -> progress.add(done + "/" + of));

            assertThat(books.entries()).isEqualTo(total);
            assertThat(books.balance()).isTrue();
            assertThat(progress).startsWith("0/" + total).endsWith(total + "/" + total);

            ledger.submit(new Command.Mint("late", "GOLD", "a1", Amount.of(1), Map.of()));
            publish();

            assertThat(fold.readToEnd(Progress.NONE).entries()).isEqualTo(records());
        }
        assertThat(consumer.closed()).isTrue();
    }

    @Test
    void showsTheBooksAsTheyWere() {
        int shard = ledger.shardOf("a1");
        Position then = new Position(shard, ledger.journal(shard).size());
        long instant = ledger.nowMillis();
        BigInteger before = ledger.fold().holding(shard, "a1", "GOLD").available();
        BigInteger sum = requireNonNull(ledger.fold().assets().get("GOLD")).supply();
        ledger.pass(1_000);
        ledger.submit(new Command.Mint("late", "GOLD", "a1", Amount.of(99), Map.of()));

        Books atInstant = readTo(new Until.Instant(instant));
        Books atPosition = readTo(Until.Sequences.of(List.of(then)));

        assertThat(atInstant.holding(shard, "a1", "GOLD").available()).isEqualTo(before);
        assertThat(requireNonNull(atInstant.assets().get("GOLD")).supply()).isEqualTo(sum);
        assertThat(atPosition.holding(shard, "a1", "GOLD").available()).isEqualTo(before);
        assertThat(atPosition.positions().get(shard)).isEqualTo(then);
        assertThat(atPosition
                        .positions()
                        .get((shard + 1) % ScratchLedger.SHARDS)
                        .sequence())
                .isZero();
        assertThat(readTo(new Until.Now()).holding(shard, "a1", "GOLD").available())
                .isEqualTo(before.add(BigInteger.valueOf(99)));
    }

    private Books readTo(Until until) {
        try (JournalFold fold = new JournalFold(ScratchTopics.consumer(ledger), TOPIC, ScratchLedger.SHARDS, until)) {
            return fold.readToEnd(Progress.NONE);
        }
    }

    private void publish() {
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (int shard = 0; shard < ScratchLedger.SHARDS; shard++) {
            List<byte[]> journal = ledger.journal(shard);
            for (; published[shard] < journal.size(); published[shard]++) {
                consumer.addRecord(
                        new ConsumerRecord<>(TOPIC, shard, published[shard], null, journal.get(published[shard])));
            }
            ends.put(new TopicPartition(TOPIC, shard), (long) published[shard]);
        }
        consumer.updateEndOffsets(ends);
    }

    private long records() {
        long records = 0;
        for (int count : published) {
            records += count;
        }
        return records;
    }
}
