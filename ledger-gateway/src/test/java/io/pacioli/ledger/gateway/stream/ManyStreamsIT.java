package io.pacioli.ledger.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.gateway.RunningGateway;
import io.pacioli.ledger.service.Positions;
import io.pacioli.ledger.testkit.TestServices;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** 2,000 streams at a time, of accounts and of an asset, each of which hears all that concerns it. */
class ManyStreamsIT {
    private static final int SHARDS = 6;
    private static final int ACCOUNT_STREAMS = 1_500;
    private static final int ASSET_STREAMS = 500;
    private static final int TRANSFERS = 150;

    /** Of the server, the client and Kafka's clients; none belongs to a stream. */
    private static final int THREADS_MAX = 100;

    /** A stream that a client has open, and what must come of it. */
    private record Open(StreamClient client, String end, List<ToldEntry> expected) {
        private List<ToldEntry> read() {
            try (client) {
                return client.readTo(end).stream()
                        .filter(event -> !event.type().equals("position"))
                        .map(ToldEntry::of)
                        .toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static String account(int number) {
        return "u" + number % ACCOUNT_STREAMS;
    }

    private static List<Position> ends(WrittenJournal journal) {
        return IntStream.range(0, SHARDS).mapToObj(journal::end).toList();
    }

    @Test
    void everyOneOfThemHearsWhatConcernsIt() throws Exception {
        String kafka = TestServices.kafka().bootstrapServers();
        Topics topics = Topics.withPrefix(TestServices.kafka().freshPrefix() + "many");
        StreamSettings settings = StreamSettings.DEFAULT.withHeartbeat(Duration.ofSeconds(2));
        try (WrittenJournal journal = new WrittenJournal(kafka, topics, SHARDS, 1);
                RunningGateway gateway = RunningGateway.start(
                                RunningGateway.settings(kafka, topics).withStreams(settings))
                        .awaitReady()) {
            journal.define("GOLD");
            for (int i = 0; i < ACCOUNT_STREAMS; i++) {
                journal.mint("GOLD", account(i), "1000");
            }
            journal.write();
            List<Position> start = ends(journal);
            List<StreamClient> clients = open(gateway, journal, start);
            assertThat(gateway.figure("ledger.streams.open")).isEqualTo(ACCOUNT_STREAMS + ASSET_STREAMS);
            for (int i = 0; i < TRANSFERS; i++) {
                journal.transfer("GOLD", account(7 * i), account(7 * i + 1), "1");
            }
            journal.write();
            assertThat(ManagementFactory.getThreadMXBean().getThreadCount()).isLessThan(THREADS_MAX);
            assertThat(verify(journal, start, clients)).isGreaterThan(ASSET_STREAMS * TRANSFERS);
            assertThat(gateway.figure("ledger.streams.overflows")).isZero();
            RunningGateway.await(() -> gateway.figure("ledger.streams.open") == 0);
        }
    }

    /** Those of the accounts, then those of the asset. */
    private static List<StreamClient> open(RunningGateway gateway, WrittenJournal journal, List<Position> start) {
        List<StreamClient> clients = new ArrayList<>();
        for (int i = 0; i < ACCOUNT_STREAMS; i++) {
            Position from = start.get(journal.router.shardOf(account(i)));
            clients.add(StreamClient.resume(gateway.uri(), StreamClient.account(account(i)), from.toString()));
        }
        for (int i = 0; i < ASSET_STREAMS; i++) {
            clients.add(StreamClient.resume(gateway.uri(), StreamClient.asset("GOLD"), Positions.text(start)));
        }
        return clients;
    }

    /** Reads all streams at the same time. */
    private static int verify(WrittenJournal journal, List<Position> start, List<StreamClient> clients)
            throws Exception {
        List<ToldEntry> ofAsset = new ArrayList<>();
        for (Position from : start) {
            ofAsset.addAll(ToldEntry.ofAsset(journal.written(from.shard()), "GOLD", from.sequence()));
        }
        int events = 0;
        try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<ToldEntry>>> told = new ArrayList<>();
            List<Open> streams = new ArrayList<>();
            for (int i = 0; i < clients.size(); i++) {
                int home = journal.router.shardOf(account(i));
                streams.add(
                        i < ACCOUNT_STREAMS
                                ? new Open(
                                        clients.get(i),
                                        journal.end(home).toString(),
                                        ToldEntry.ofAccount(
                                                journal.written(home),
                                                account(i),
                                                start.get(home).sequence()))
                                : new Open(clients.get(i), Positions.text(ends(journal)), ofAsset));
                told.add(readers.submit(streams.getLast()::read));
            }
            for (int i = 0; i < streams.size(); i++) {
                List<ToldEntry> heard = told.get(i).get();
                List<ToldEntry> expected = streams.get(i).expected();
                assertThat(heard).as("stream %s", i).hasSameSizeAs(expected);
                assertThat(new HashSet<>(heard)).as("stream %s", i).isEqualTo(new HashSet<>(expected));
                events += heard.size();
            }
        }
        return events;
    }
}
