package io.pacioli.ledger.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.gateway.RunningGateway;
import io.pacioli.ledger.service.Positions;
import io.pacioli.ledger.testkit.TestServices;
import io.pacioli.ledger.testkit.workload.Workload;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Streams of a journal of everything that the workload can think of, with aborted transactions between. One gateway has room for all
 * recent entries, the other for next to none, so that it goes back to the journal for nearly everything.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StreamsIT {
    private static final int SHARDS = 3;
    private static final int COMMANDS = 1_500;
    private static final Duration HEARTBEAT = Duration.ofMillis(50);
    private static final StreamSettings ROOMY = StreamSettings.DEFAULT.withHeartbeat(HEARTBEAT);

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final Workload workload = new Workload(random.nextLong());
    private final String kafka = TestServices.kafka().bootstrapServers();
    private final Topics topics = Topics.withPrefix(TestServices.kafka().freshPrefix() + "streams");
    private final WrittenJournal journal = new WrittenJournal(kafka, topics, SHARDS, random.nextLong());
    private final RunningGateway roomy = gateway(ROOMY);
    private final RunningGateway narrow = gateway(ROOMY.withRecentBytes(1));

    private RunningGateway gateway(StreamSettings settings) {
        System.out.println("seed: " + seed);
        return RunningGateway.start(RunningGateway.settings(kafka, topics).withStreams(settings))
                .awaitReady();
    }

    @AfterAll
    void stop() {
        roomy.close();
        narrow.close();
        journal.close();
    }

    private void work(int commands) {
        for (int i = 0; i < commands; i++) {
            journal.submit(workload.next(journal.nowMillis()));
        }
        journal.write();
    }

    private static String account(String account) {
        return "/v1/accounts/" + java.net.URLEncoder.encode(account, java.nio.charset.StandardCharsets.UTF_8) + "/stream";
    }

    private static String asset(String asset) {
        return "/v1/assets/" + asset + "/stream";
    }

    private int home(String account) {
        return journal.router.shardOf(account);
    }

    private List<ToldEntry> expected(String account, long after) {
        return ToldEntry.ofAccount(journal.written(home(account)), account, after);
    }

    /** The positions in the form of an asset's stream. */
    private String ends() {
        return Positions.text(IntStream.range(0, SHARDS).mapToObj(journal::end).toList());
    }

    /** The accounts that the journal knows, but for clearing accounts. */
    private TreeSet<String> values(String member) {
        TreeSet<String> values = new TreeSet<>();
        for (int shard = 0; shard < SHARDS; shard++) {
            for (JsonNode entry : journal.written(shard)) {
                entry.path("postings").forEach(posting -> values.add(posting.path(member).asText()));
            }
        }
        values.removeIf(value -> value.startsWith("@clearing/"));
        return values;
    }

    private static List<ToldEntry> told(List<StreamClient.Event> events) {
        return events.stream()
                .filter(event -> !event.type().equals("position"))
                .map(ToldEntry::of)
                .toList();
    }

    /** Each shard's events must be complete and in order, in whatever order the shards come. */
    private void assertAsset(List<ToldEntry> told, String asset, long[] after) {
        for (int shard = 0; shard < SHARDS; shard++) {
            String prefix = shard + ":";
            ToldEntry.assertSame(
                    told.stream()
                            .filter(event -> event.position().startsWith(prefix))
                            .toList(),
                    ToldEntry.ofAsset(journal.written(shard), asset, after[shard]),
                    "asset " + asset + ", shard " + shard + ", seed " + seed);
        }
    }

    @Test
    void everyChangeIsToldAsItHappens() throws IOException {
        work(COMMANDS);
        long[] before = IntStream.range(0, SHARDS)
                .mapToLong(shard -> journal.end(shard).sequence())
                .toArray();
        Map<String, StreamClient> accounts = new LinkedHashMap<>();
        Map<String, StreamClient> assets = new LinkedHashMap<>();
        values("account").stream().limit(60).forEach(name ->
                accounts.put(name, StreamClient.open(roomy.uri(), account(name))));
        values("asset").forEach(name -> assets.put(name, StreamClient.open(roomy.uri(), asset(name))));
        for (Map.Entry<String, StreamClient> open : accounts.entrySet()) {
            Position start = journal.end(home(open.getKey()));
            StreamClient.Event first = open.getValue().next();
            assertThat(first).isEqualTo(new StreamClient.Event("position", start.toString(), "{\"position\":\"" + start + "\"}"));
        }
        work(COMMANDS);
        int events = 0;
        for (Map.Entry<String, StreamClient> open : accounts.entrySet()) {
            String name = open.getKey();
            try (StreamClient client = open.getValue()) {
                List<ToldEntry> told = told(client.readTo(journal.end(home(name)).toString()));
                ToldEntry.assertSame(told, expected(name, before[home(name)]), "account " + name + ", seed " + seed);
                events += told.size();
            }
        }
        for (Map.Entry<String, StreamClient> open : assets.entrySet()) {
            try (StreamClient client = open.getValue()) {
                assertAsset(told(client.readTo(ends())), open.getKey(), before);
            }
        }
        assertThat(events).isGreaterThan(COMMANDS / 4);
        assertThat(roomy.figure("ledger.streams.overflows")).isZero();
    }

    @Test
    void aStreamGoesOnFromAnyPosition() throws IOException {
        work(COMMANDS);
        for (RunningGateway gateway : List.of(roomy, narrow)) {
            for (String name : List.of("alice", "@GOLD", "till-1{acme}")) {
                long end = journal.end(home(name)).sequence();
                for (long after = 0; after <= end; after += 1 + random.nextLong(end / 30)) {
                    Position from = new Position(home(name), after);
                    try (StreamClient client = StreamClient.resume(gateway.uri(), account(name), from.toString())) {
                        List<StreamClient.Event> events = client.readTo(journal.end(home(name)).toString());
                        assertThat(events.getFirst().id()).isEqualTo(from.toString());
                        ToldEntry.assertSame(told(events), expected(name, after), name + " from " + from + ", seed " + seed);
                    }
                }
            }
        }
        assertThat(narrow.figure("ledger.streams.catch.ups")).isPositive();
    }

    @Test
    void everyEventsIdLeadsToTheNext() throws IOException {
        work(COMMANDS / 4);
        long[] zero = new long[SHARDS];
        List<ToldEntry> told = new ArrayList<>();
        String id = "0:0,1:0,2:0";
        while (!id.equals(ends()) && told.size() < 200) {
            try (StreamClient client = StreamClient.resume(narrow.uri(), asset("GOLD"), id)) {
                client.next();
                StreamClient.Event event = client.next();
                told.add(ToldEntry.of(java.util.Objects.requireNonNull(event)));
                id = event.id();
                assertThat(id).contains(told.getLast().position());
            }
        }
        for (StreamClient client = StreamClient.resume(narrow.uri(), asset("GOLD"), id); client != null; client = null) {
            told.addAll(told(client.readTo(ends())));
            client.close();
        }
        assertAsset(told, "GOLD", zero);
    }

    @Test
    void whoeverLosesTheConnectionOftenMissesNothing() throws Exception {
        work(COMMANDS / 4);
        String alice = account("alice");
        String start = journal.end(home("alice")).toString();
        long[] before = IntStream.range(0, SHARDS)
                .mapToLong(shard -> journal.end(shard).sequence())
                .toArray();
        String startOfAll = ends();
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 60; i++) {
                work(50);
            }
        });
        List<CompletableFuture<List<ToldEntry>>> readers = new ArrayList<>();
        for (RunningGateway gateway : List.of(roomy, narrow)) {
            long readerSeed = random.nextLong();
            readers.add(CompletableFuture.supplyAsync(() -> unsteady(
                    gateway, alice, start, writing, () -> journal.end(home("alice")).toString(), readerSeed)));
            readers.add(CompletableFuture.supplyAsync(
                    () -> unsteady(gateway, asset("GOLD"), startOfAll, writing, this::ends, readerSeed + 1)));
        }
        writing.get();
        for (int i = 0; i < readers.size(); i += 2) {
            ToldEntry.assertSame(readers.get(i).get(), expected("alice", before[home("alice")]), "seed " + seed);
            assertAsset(readers.get(i + 1).get(), "GOLD", before);
        }
    }

    /** Reads a few events, cuts the connection, comes back at this or the other gateway, until it has everything. */
    private List<ToldEntry> unsteady(
            RunningGateway first,
            String path,
            String start,
            CompletableFuture<Void> writing,
            java.util.function.Supplier<String> end,
            long readerSeed) {
        SplittableRandom dice = new SplittableRandom(readerSeed);
        List<ToldEntry> told = new ArrayList<>();
        String id = start;
        int connections = 0;
        RunningGateway gateway = first;
        while (!writing.isDone() || !id.equals(end.get())) {
            connections++;
            int events = dice.nextInt(60);
            try (StreamClient client = StreamClient.resume(gateway.uri(), path, id)) {
                for (int i = 0; i < events; i++) {
                    StreamClient.Event event = client.nextOrComment();
                    id = client.lastEventId().isEmpty() ? id : client.lastEventId();
                    if (event != null && !event.type().equals("position")) {
                        told.add(ToldEntry.of(event));
                    }
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            gateway = dice.nextInt(4) > 0 ? first : gateway == roomy ? narrow : roomy;
        }
        assertThat(connections).isGreaterThan(3);
        return told;
    }

    @Test
    void aSlowReaderHoldsNobodyUpAndMissesNothing() throws IOException {
        journal.define("SLOW");
        journal.mint("SLOW", "payer{slow}", "1000000");
        journal.write();
        int shard = home("payer{slow}");
        long before = journal.end(shard).sequence();
        double overflows = narrow.figure("ledger.streams.overflows");
        try (StreamClient slow = StreamClient.open(narrow.uri(), account("payer{slow}"), null, 4_096);
                StreamClient quick = StreamClient.open(narrow.uri(), account("payer{slow}"))) {
            assertThat(slow.next()).isNotNull();
            // More than the buffers of the socket take, which grow to some megabytes.
            CompletableFuture<List<ToldEntry>> read = CompletableFuture.supplyAsync(() -> {
                try {
                    List<ToldEntry> told = new ArrayList<>();
                    while (told.size() < 24_000) {
                        StreamClient.Event event = quick.next();
                        if (event != null && event.type().equals("change")) {
                            told.add(ToldEntry.of(event));
                        }
                    }
                    return told;
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            for (int i = 0; i < 24_000; i++) {
                journal.transfer("SLOW", "payer{slow}", "payee{slow}", "1");
                if (i % 2_000 == 0) {
                    journal.write();
                }
            }
            journal.write();
            ToldEntry.assertSame(read.join(), expected("payer{slow}", before), "quick");
            ToldEntry.assertSame(told(slow.readTo(journal.end(shard).toString())), expected("payer{slow}", before), "slow");
        }
        assertThat(narrow.figure("ledger.streams.overflows")).isGreaterThan(overflows);
    }
}
