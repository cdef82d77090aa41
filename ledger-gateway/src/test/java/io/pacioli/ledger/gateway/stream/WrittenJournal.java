package io.pacioli.ledger.gateway.stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.LedgerTopics;
import io.pacioli.ledger.api.SealedEntry;
import io.pacioli.ledger.api.TopicSettings;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Decision;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.InMemoryShard;
import io.pacioli.ledger.core.Input;
import io.pacioli.ledger.core.Ledger;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.core.ShardConfiguration;
import io.pacioli.ledger.core.Transit;
import io.pacioli.ledger.service.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The topics of a ledger, and a journal that is written to in transactions as a processor would, some of them aborted: decided with
 * the real core on the heap. One thread writes; any may ask what was written.
 */
final class WrittenJournal implements AutoCloseable {
    private static final long START_MILLIS = 1_700_000_000_000L;
    private static final int TRANSACTION_RECORDS_MAX = 40;
    private static final int ABORTED_PER_THOUSAND = 300;
    private static final int THOUSAND = 1_000;

    final String bootstrapServers;
    final Topics topics;
    final KafkaRouter router;
    private final Ledger ledger;
    private final List<InMemoryShard> shards = new ArrayList<>();
    private final List<Hash> hashes = new ArrayList<>();
    private final List<List<JsonNode>> written = new ArrayList<>();
    private final List<ProducerRecord<byte[], byte[]>> unwritten = new ArrayList<>();
    private final KafkaProducer<byte[], byte[]> producer;
    private final SplittableRandom random;
    private long inputs;

    WrittenJournal(String bootstrapServers, Topics topics, int shardCount, long seed) {
        this.bootstrapServers = bootstrapServers;
        this.topics = topics;
        random = new SplittableRandom(seed);
        router = new KafkaRouter(shardCount);
        ledger = new Ledger(router);
        createTopics();
        Map<String, Object> properties = new HashMap<>(Map.of("bootstrap.servers", bootstrapServers));
        properties.put("transactional.id", topics.journal());
        producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        producer.initTransactions();
        for (int shard = 0; shard < shardCount; shard++) {
            shards.add(new InMemoryShard(shard));
            hashes.add(Hash.ZERO);
            written.add(new ArrayList<>());
            ShardConfiguration configuration = new ShardConfiguration(shardCount, 60_000, 1_000);
            decide(shard, new Input.ConfigurationInput(configuration, "configuration", START_MILLIS));
        }
        write();
    }

    void createTopics() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            LedgerTopics.ensure(admin, topics, new TopicSettings(router.shards(), (short) 1));
        }
    }

    /** A clock that ticks once for each input. */
    long nowMillis() {
        return START_MILLIS + inputs;
    }

    void define(String asset) {
        Asset defined = new Asset(asset, asset, "", "", 0, null);
        submit(new Command.DefineAsset(nextId(), defined, Amount.ZERO, null, Map.of()));
    }

    void mint(String asset, String to, String amount) {
        submit(new Command.Mint(nextId(), asset, to, Amount.parse("amount", amount), Map.of()));
    }

    void transfer(String asset, String from, String to, String amount) {
        transfer(asset, from, to, amount, "");
    }

    void transfer(String asset, String from, String to, String amount, String memo) {
        submit(new Command.Transfer(nextId(), asset, from, to, Amount.parse("amount", amount), memo, Map.of()));
    }

    String nextId() {
        return "c" + inputs;
    }

    /** Decides a command and all that follows from it; written by the next {@link #write}. */
    void submit(Command command) {
        String cause = "test@" + inputs++;
        decide(
                router.shardOfKey(command.routingKey()),
                new Input.CommandInput(command, CommandCodec.fingerprint(command), cause, nowMillis()));
    }

    /** Messages are delivered in the order in which they were sent. */
    private void decide(int shard, Input input) {
        Deque<Transit> underway = new ArrayDeque<>(journaled(shard, input));
        while (!underway.isEmpty()) {
            Transit next = underway.remove();
            underway.addAll(journaled(next.to(), new Input.TransitInput(next, "transit@" + inputs++, nowMillis())));
        }
    }

    private List<Transit> journaled(int shard, Input input) {
        InMemoryShard state = shards.get(shard);
        if (!(ledger.decide(input, state) instanceof Decision.Journaled journaled)) {
            return List.of();
        }
        for (Entry entry : journaled.entries()) {
            ledger.evolve(state, entry);
            SealedEntry sealed = JournalCodec.encode(entry, hashes.get(shard));
            hashes.set(shard, sealed.hash());
            unwritten.add(new ProducerRecord<>(topics.journal(), shard, null, sealed.bytes()));
        }
        return journaled.transit();
    }

    /** Writes what has been decided since the last time, in transactions of random size, with aborted ones between them. */
    void write() {
        int first = 0;
        while (first < unwritten.size()) {
            int size = Math.min(1 + random.nextInt(TRANSACTION_RECORDS_MAX), unwritten.size() - first);
            List<ProducerRecord<byte[], byte[]>> some = unwritten.subList(first, first + size);
            if (random.nextInt(THOUSAND) < ABORTED_PER_THOUSAND) {
                transact(some.subList(0, 1 + random.nextInt(size)), false);
            }
            transact(some, true);
            first += size;
        }
        synchronized (written) {
            unwritten.forEach(record -> written.get(record.partition()).add(json(record.value())));
        }
        unwritten.clear();
    }

    /** Writes a record that does not belong there. */
    void writeDamage(int shard, byte[] value) {
        transact(List.of(new ProducerRecord<>(topics.journal(), shard, null, value)), true);
    }

    private void transact(List<ProducerRecord<byte[], byte[]>> records, boolean commit) {
        producer.beginTransaction();
        List<Future<RecordMetadata>> sent = records.stream().map(producer::send).toList();
        producer.flush();
        try {
            for (Future<RecordMetadata> one : sent) {
                one.get();
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
        if (commit) {
            producer.commitTransaction();
        } else {
            producer.abortTransaction();
        }
    }

    /** The records of a shard that are committed, from sequence 1 on. */
    List<JsonNode> written(int shard) {
        synchronized (written) {
            return List.copyOf(written.get(shard));
        }
    }

    /** The last position of a shard. */
    Position end(int shard) {
        synchronized (written) {
            return new Position(shard, written.get(shard).size());
        }
    }

    static JsonNode json(byte[] bytes) {
        try {
            return Json.mapper().readTree(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
