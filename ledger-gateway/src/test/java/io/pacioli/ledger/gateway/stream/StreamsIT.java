package io.pacioli.ledger.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.gateway.RunningGateway;
import io.pacioli.ledger.gateway.stream.StreamClient.Event;
import io.pacioli.ledger.service.Positions;
import io.pacioli.ledger.testkit.TestServices;
import io.pacioli.ledger.testkit.workload.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
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
    private static final int COMMANDS = 1_000;
    private static final int ACCOUNTS_MAX = 60;
    private static final int SLOW_TRANSFERS = 24_000;
    private static final StreamSettings ROOMY = StreamSettings.DEFAULT.withHeartbeat(Duration.ofMillis(50));

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final Workload workload = new Workload(random.nextLong());
    private final String kafka = TestServices.kafka().bootstrapServers();
    private final Topics topics = Topics.withPrefix(TestServices.kafka().freshPrefix() + "streams");
    private final WrittenJournal journal = new WrittenJournal(kafka, topics, SHARDS, random.nextLong());
    private final RunningGateway roomy = gateway(ROOMY);
    private final RunningGateway narrow = gateway(ROOMY.withRecentBytes(1));

    private RunningGateway gateway(StreamSettings settings) {
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

    private int home(String account) {
        return journal.router.shardOf(account);
    }

    private List<ToldEntry> expected(String account, long after) {
        return ToldEntry.ofAccount(journal.written(home(account)), account, after);
    }

    private String end(String account) {
        return journal.end(home(account)).toString();
    }

    /** The ends of all shards, in the form of an asset's stream. */
    private String ends() {
        return Positions.text(IntStream.range(0, SHARDS).mapToObj(journal::end).toList());
    }

    /** The accounts or assets that the journal has postings of, but for clearing accounts. */
    private Set<String> values(String member) {
        Set<String> values = new TreeSet<>();
        for (int shard = 0; shard < SHARDS; shard++) {
            for (JsonNode entry : journal.written(shard)) {
                entry.path("postings")
                        .forEach(posting -> values.add(posting.path(member).asText()));
            }
        }
        values.removeIf(value -> value.startsWith("@clearing/"));
        return values;
    }

    private static List<ToldEntry> told(List<Event> events) {
        return events.stream()
                .filter(event -> !event.type().equals("position"))
                .map(ToldEntry::of)
                .toList();
    }

    /** Each shard's events must be complete and in order, however the shards come. */
    private void assertAsset(List<ToldEntry> told, String asset, List<Position> after) {
        for (Position from : after) {
            String prefix = from.shard() + ":";
            ToldEntry.assertSame(
                    told.stream()
                            .filter(event -> event.position().startsWith(prefix))
                            .toList(),
                    ToldEntry.ofAsset(journal.written(from.shard()), asset, from.sequence()),
                    asset + " from " + from + ", seed " + seed);
        }
    }

    /** Where a stream says that it begins. */
    private static List<Position> start(StreamClient client) throws IOException {
        Event first = Objects.requireNonNull(client.next());
        assertThat(first.type()).isEqualTo("position");
        assertThat(first.json().path("position").asText()).isEqualTo(first.id());
        return Positions.parse(first.id(), SHARDS);
    }

    @Test
    void everyChangeIsToldAsItHappens() throws IOException {
        work(COMMANDS);
        Map<String, StreamClient> accounts = new LinkedHashMap<>();
        Map<String, StreamClient> assets = new LinkedHashMap<>();
        values("account").stream()
                .limit(ACCOUNTS_MAX)
                .forEach(name -> accounts.put(name, StreamClient.open(roomy.uri(), StreamClient.account(name))));
        values("asset").forEach(name -> assets.put(name, StreamClient.open(roomy.uri(), StreamClient.asset(name))));
        Map<String, List<Position>> starts = new LinkedHashMap<>();
        for (Map.Entry<String, StreamClient> open : accounts.entrySet()) {
            starts.put(open.getKey(), start(open.getValue()));
        }
        for (Map.Entry<String, StreamClient> open : assets.entrySet()) {
            starts.put(open.getKey(), start(open.getValue()));
        }
        work(COMMANDS);
        int events = 0;
        for (Map.Entry<String, StreamClient> open : accounts.entrySet()) {
            String name = open.getKey();
            Position start = Objects.requireNonNull(starts.get(name)).getFirst();
            assertThat(start.shard()).isEqualTo(home(name));
            try (StreamClient client = open.getValue()) {
                List<ToldEntry> told = told(client.readTo(end(name)));
                ToldEntry.assertSame(told, expected(name, start.sequence()), name + ", seed " + seed);
                events += told.size();
            }
        }
        for (Map.Entry<String, StreamClient> open : assets.entrySet()) {
            try (StreamClient client = open.getValue()) {
                assertAsset(
                        told(client.readTo(ends())), open.getKey(), Objects.requireNonNull(starts.get(open.getKey())));
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
                for (long after = 0; after <= end; after += 1 + random.nextLong(1 + end / 15)) {
                    goesOn(gateway, name, after);
                }
                goesOn(gateway, name, end);
            }
        }
        assertThat(narrow.figure("ledger.streams.catch.ups")).isPositive();
    }

    private void goesOn(RunningGateway gateway, String account, long after) throws IOException {
        String from = new Position(home(account), after).toString();
        boolean header = random.nextBoolean();
        String path = StreamClient.account(account);
        try (StreamClient client = header
                ? StreamClient.resume(gateway.uri(), path, from)
                : StreamClient.open(gateway.uri(), path + "?position=" + from)) {
            List<Event> events = client.readTo(end(account));
            assertThat(events.getFirst().id()).isEqualTo(from);
            ToldEntry.assertSame(told(events), expected(account, after), account + " from " + from + ", seed " + seed);
        }
    }

    @Test
    void everyEventsIdLeadsToTheNext() throws IOException {
        work(COMMANDS / 4);
        String path = StreamClient.asset("GOLD");
        List<ToldEntry> told = new ArrayList<>();
        String id = "0:0,1:0,2:0";
        for (int i = 0; i < 60; i++) {
            try (StreamClient client = StreamClient.resume(narrow.uri(), path, id)) {
                start(client);
                Event event = Objects.requireNonNull(client.next());
                told.add(ToldEntry.of(event));
                id = event.id();
                assertThat(id).contains(told.getLast().position());
            }
        }
        try (StreamClient client = StreamClient.resume(narrow.uri(), path, id)) {
            told.addAll(told(client.readTo(ends())));
        }
        assertAsset(told, "GOLD", Positions.parse("0:0,1:0,2:0", SHARDS));
    }

    @Test
    void whoeverLosesTheConnectionOftenMissesNothing() throws Exception {
        work(COMMANDS / 4);
        String alice = end("alice");
        String all = ends();
        CompletableFuture<Void> writing = CompletableFuture.runAsync(
                () -> {
                    for (int i = 0; i < 60; i++) {
                        work(25);
                    }
                },
                Thread::startVirtualThread);
        List<CompletableFuture<List<ToldEntry>>> readers = new ArrayList<>();
        for (RunningGateway gateway : List.of(roomy, narrow)) {
            SplittableRandom ofAccount = random.split();
            SplittableRandom ofAsset = random.split();
            readers.add(CompletableFuture.supplyAsync(
                    () -> unsteady(
                            gateway, StreamClient.account("alice"), alice, writing, () -> end("alice"), ofAccount),
                    Thread::startVirtualThread));
            readers.add(CompletableFuture.supplyAsync(
                    () -> unsteady(gateway, StreamClient.asset("GOLD"), all, writing, this::ends, ofAsset),
                    Thread::startVirtualThread));
        }
        writing.get();
        for (int i = 0; i < readers.size(); i += 2) {
            long after = Position.parse(alice).sequence();
            ToldEntry.assertSame(readers.get(i).get(), expected("alice", after), "seed " + seed);
            assertAsset(readers.get(i + 1).get(), "GOLD", Positions.parse(all, SHARDS));
        }
    }

    /** Reads a few events, cuts the connection, comes back at this or the other gateway, until it has everything. */
    private List<ToldEntry> unsteady(
            RunningGateway usual,
            String path,
            String start,
            CompletableFuture<Void> writing,
            Supplier<String> end,
            SplittableRandom dice) {
        List<ToldEntry> told = new ArrayList<>();
        String id = start;
        RunningGateway gateway = usual;
        int connections = 0;
        while (!writing.isDone() || !id.equals(end.get()) || connections < 10) {
            connections++;
            int reads = dice.nextInt(40);
            try (StreamClient client = StreamClient.resume(gateway.uri(), path, id)) {
                for (int i = 0; i < reads; i++) {
                    Event event = client.nextOrComment();
                    if (event != null && !event.type().equals("position")) {
                        told.add(ToldEntry.of(event));
                    }
                    id = client.lastEventId();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            gateway = dice.nextInt(4) > 0 ? usual : dice.nextBoolean() ? roomy : narrow;
        }
        return told;
    }

    @Test
    void aSlowReaderHoldsNobodyUpAndMissesNothing() throws IOException {
        journal.define("SLOW");
        journal.mint("SLOW", "payer{slow}", "1000000");
        journal.write();
        String path = StreamClient.account("payer{slow}");
        String start = end("payer{slow}");
        double overflows = narrow.figure("ledger.streams.overflows");
        try (StreamClient slow = StreamClient.open(narrow.uri(), path, start, 4_096);
                StreamClient quick = StreamClient.resume(narrow.uri(), path, start)) {
            start(slow);
            CompletableFuture<List<ToldEntry>> read =
                    CompletableFuture.supplyAsync(() -> changes(quick, SLOW_TRANSFERS), Thread::startVirtualThread);
            // More than the buffers of the socket take, which grow to some megabytes.
            for (int i = 1; i <= SLOW_TRANSFERS; i++) {
                journal.transfer("SLOW", "payer{slow}", "payee{slow}", "1");
                if (i % 2_000 == 0) {
                    journal.write();
                }
            }
            List<ToldEntry> expected =
                    expected("payer{slow}", Position.parse(start).sequence());
            ToldEntry.assertSame(read.join(), expected, "quick");
            RunningGateway.await(() -> narrow.figure("ledger.streams.overflows") > overflows);
            ToldEntry.assertSame(told(slow.readTo(end("payer{slow}"))), expected, "slow");
        }
    }

    private static List<ToldEntry> changes(StreamClient client, int count) {
        try {
            List<ToldEntry> told = new ArrayList<>();
            while (told.size() < count) {
                Event event = Objects.requireNonNull(client.next());
                if (event.type().equals("change")) {
                    told.add(ToldEntry.of(event));
                }
            }
            return told;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
