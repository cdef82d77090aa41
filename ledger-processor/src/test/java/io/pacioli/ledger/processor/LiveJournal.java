package io.pacioli.ledger.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.JournalRecord;
import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.core.Account;
import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.core.InMemoryShard;
import io.pacioli.ledger.core.Ledger;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The committed journal, read from its beginning and folded as it comes: a gap, a broken chain or a balance that does not follow
 * fails the test at once. Not thread safe.
 */
final class LiveJournal implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Ledger ledger;
    private final List<TopicPartition> partitions;
    private final List<InMemoryShard> shards = new ArrayList<>();
    private final List<Hash> heads = new ArrayList<>();
    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, List<Entry>> outcomes = new HashMap<>();

    LiveJournal(LiveLedger live) {
        Map<String, Object> properties = new HashMap<>(live.kafka);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        ledger = new Ledger(new KafkaRouter(live.shards));
        partitions = IntStream.range(0, live.shards)
                .mapToObj(shard -> new TopicPartition(live.topics.journal(), shard))
                .toList();
        for (int shard = 0; shard < live.shards; shard++) {
            shards.add(new InMemoryShard(shard));
            heads.add(Hash.ZERO);
        }
        consumer.assign(partitions);
    }

    /** Reads on to where the journal ends now. */
    LiveJournal readOn() {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
            consumer.poll(POLL).forEach(this::apply);
        }
        return this;
    }

    /** Reads on until something is there. */
    void await(String what, BooleanSupplier condition) {
        Await.until(what, () -> {
            readOn();
            return condition.getAsBoolean();
        });
    }

    private void apply(ConsumerRecord<byte[], byte[]> record) {
        int shard = record.partition();
        JournalRecord decoded = JournalCodec.decode(record.value());
        assertThat(JournalCodec.isIntact(record.value())).isTrue();
        assertThat(decoded.previous()).as("chain of shard " + shard).isEqualTo(heads.get(shard));
        ledger.evolve(shards.get(shard), decoded.entry());
        heads.set(shard, decoded.hash());
        entries.add(decoded.entry());
        String commandId = decoded.entry().commandId();
        if (decoded.entry().fingerprint() != null && commandId != null && !isPending(decoded.entry())) {
            outcomes.computeIfAbsent(commandId, id -> new ArrayList<>()).add(decoded.entry());
        }
    }

    private static boolean isPending(Entry entry) {
        return entry.event() instanceof Event.TransactionBegun || entry.event() instanceof Event.CommandDeferred;
    }

    /** All entries, those of one shard in their order. */
    List<Entry> entries() {
        return entries;
    }

    /** The types of the events that go back to a command, those of one shard in their order. */
    List<String> events(String commandId) {
        return entries.stream()
                .filter(entry -> commandId.equals(entry.commandId()))
                .map(entry -> entry.event().type())
                .toList();
    }

    /** The entries that are the outcome of a command, by command. */
    Map<String, List<Entry>> outcomes() {
        return outcomes;
    }

    BigInteger balance(String account, String asset) {
        for (InMemoryShard shard : shards) {
            Account known = shard.account(account);
            if (known != null) {
                return known.holding(asset).available();
            }
        }
        return BigInteger.ZERO;
    }

    /** Whether nothing is on its way between shards. */
    boolean isSettled() {
        for (int from = 0; from < shards.size(); from++) {
            for (int to = 0; to < shards.size(); to++) {
                if (shards.get(from).channel(to).sent()
                        != shards.get(to).channel(from).received()) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Fails unless each of these commands, and no other, has exactly one outcome, and all money is accounted for. */
    void assertComplete(Set<String> commandIds) {
        assertThat(outcomes.keySet()).containsExactlyInAnyOrderElementsOf(commandIds);
        assertThat(outcomes.entrySet().stream()
                        .filter(outcome -> outcome.getValue().stream()
                                        .map(Entry::cause)
                                        .distinct()
                                        .count()
                                != 1)
                        .map(outcome -> outcome.getKey() + ": " + outcome.getValue())
                        .limit(3)
                        .collect(Collectors.toList()))
                .as("commands that were decided more than once")
                .isEmpty();
        Map<String, BigInteger> sums = new TreeMap<>();
        Map<String, BigInteger> clearing = new TreeMap<>();
        for (InMemoryShard shard : shards) {
            for (Account account : shard.accounts()) {
                for (Holding holding : account.holdings()) {
                    sums.merge(holding.asset(), holding.total(), BigInteger::add);
                    if (AccountId.isClearing(account.id())) {
                        clearing.merge(holding.asset(), holding.total(), BigInteger::add);
                    }
                }
            }
        }
        assertThat(sums.values()).allMatch(sum -> sum.signum() == 0);
        assertThat(clearing.values()).allMatch(sum -> sum.signum() == 0);
        assertThat(isSettled()).isTrue();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
