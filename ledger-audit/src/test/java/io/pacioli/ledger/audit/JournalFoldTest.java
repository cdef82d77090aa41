package io.pacioli.ledger.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Command;
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
