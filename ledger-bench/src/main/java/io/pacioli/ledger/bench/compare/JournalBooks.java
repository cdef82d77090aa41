package io.pacioli.ledger.bench.compare;

import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Posting;
import io.pacioli.ledger.core.TransferKind;
import io.pacioli.ledger.core.TransferTerms;
import java.math.BigInteger;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The books as the journal alone has them: each account's balances are those of its last postings. */
final class JournalBooks {
    private static final Duration POLL = Duration.ofMillis(100);

    /** Accounts of the ledger itself, such as those that money passes through between two shards, begin with it. */
    private static final String OWN = "@";

    private final Map<Holding, BigInteger> balances = new HashMap<>();
    private long transfers;

    /** Clearing accounts are on many shards. */
    private record Holding(int shard, String account, String asset, String bucket) {}

    private JournalBooks() {}

    /**
     * Reads all that is committed now.
     *
     * @throws IllegalStateException when the balances of all accounts do not sum to zero
     */
    static Books read(String bootstrapServers) {
        JournalBooks books = new JournalBooks();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class))) {
            List<TopicPartition> shards = consumer.partitionsFor(Topics.DEFAULT.journal()).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(shards);
            consumer.seekToBeginning(shards);
            Map<TopicPartition, Long> ends = consumer.endOffsets(shards);
            while (shards.stream().anyMatch(shard -> consumer.position(shard) < ends.getOrDefault(shard, 0L))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    books.add(JournalCodec.decode(record.value()).entry());
                }
            }
        }
        return books.books();
    }

    private void add(Entry entry) {
        boolean isPayers = entry.event() instanceof Event.TransferPosted || entry.event() instanceof Event.TransferSent;
        TransferTerms terms = entry.event().transfer();
        // Mints are transfers from the issuer.
        if (isPayers && terms != null && terms.kind() == TransferKind.TRANSFER) {
            transfers++;
        }
        for (Posting posting : entry.postings()) {
            balances.put(
                    new Holding(
                            entry.shard(),
                            posting.account(),
                            posting.asset(),
                            posting.bucket().wireName()),
                    posting.balance());
        }
    }

    private Books books() {
        BigInteger all = BigInteger.ZERO;
        BigInteger ofClients = BigInteger.ZERO;
        for (Map.Entry<Holding, BigInteger> holding : balances.entrySet()) {
            all = all.add(holding.getValue());
            if (!holding.getKey().account().startsWith(OWN)) {
                ofClients = ofClients.add(holding.getValue());
            }
        }
        if (all.signum() != 0) {
            throw new IllegalStateException("the books of all accounts must sum to zero: sum=" + all);
        }
        return new Books(transfers, ofClients.longValueExact());
    }
}
