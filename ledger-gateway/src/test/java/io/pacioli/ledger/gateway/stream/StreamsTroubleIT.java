package io.pacioli.ledger.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.embedded.EmbeddedKafka;
import io.pacioli.ledger.embedded.ServerConfig;
import io.pacioli.ledger.gateway.GatewaySettings;
import io.pacioli.ledger.gateway.RunningGateway;
import io.pacioli.ledger.testkit.LeaderlessPartitions;
import io.pacioli.ledger.testkit.TestServices;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams while Kafka, or a part of it, is not there. */
class StreamsTroubleIT {
    private static final StreamSettings QUICK = StreamSettings.DEFAULT.withHeartbeat(Duration.ofMillis(100));

    private static String code(StreamClient client) throws IOException {
        return WrittenJournal.json(client.body().getBytes(StandardCharsets.UTF_8))
                .path("code")
                .asText();
    }

    @Test
    void withoutALedgerThereAreNoStreams() throws IOException {
        GatewaySettings settings =
                RunningGateway.settings("127.0.0.1:1", Topics.DEFAULT).withStreams(QUICK);
        try (RunningGateway gateway = RunningGateway.start(settings);
                StreamClient client = StreamClient.open(gateway.uri(), StreamClient.account("alice"))) {
            assertThat(client.status()).isEqualTo(503);
            assertThat(client.header("Retry-After")).isEqualTo("1");
            assertThat(code(client)).isEqualTo("LEDGER_UNAVAILABLE");
        }
    }

    @Test
    void streamsStayOpenWhileTheBrokerIsAwayAndGoOnWhenItIsBack(@TempDir Path data) throws IOException {
        ServerConfig config = ServerConfig.in(data).withHeapMegabytes(256);
        EmbeddedKafka broker = EmbeddedKafka.start(config);
        String address = broker.bootstrapServers();
        GatewaySettings settings =
                RunningGateway.settings(address, Topics.DEFAULT).withStreams(QUICK);
        try (WrittenJournal journal = new WrittenJournal(address, Topics.DEFAULT, 2, 1);
                RunningGateway gateway = RunningGateway.start(settings).awaitReady();
                StreamClient client = StreamClient.open(gateway.uri(), StreamClient.account("alice"))) {
            Objects.requireNonNull(client.next());
            journal.define("GOLD");
            journal.mint("GOLD", "alice", "1000");
            journal.write();
            StreamClient.Event minted = Objects.requireNonNull(client.next());
            broker.close();
            RunningGateway.await(() -> !gateway.health.isReady());
            for (int i = 0; i < 20; i++) {
                assertThat(client.nextOrComment()).isNull();
            }
            try (StreamClient known = StreamClient.resume(gateway.uri(), StreamClient.account("alice"), minted.id());
                    StreamClient unknown = StreamClient.open(gateway.uri(), StreamClient.account(elsewhere(journal)))) {
                assertThat(known.status()).isEqualTo(200);
                assertThat(unknown.status()).isEqualTo(503);
                assertThat(code(unknown)).isEqualTo("LEDGER_UNAVAILABLE");
            }
            broker = EmbeddedKafka.start(config.withPort(broker.port()));
            journal.transfer("GOLD", "alice", "bob{alice}", "1");
            journal.write();
            StreamClient.Event paid = Objects.requireNonNull(client.next());
            assertThat(paid.json().path("postings").path(0).path("balance").asText())
                    .isEqualTo("999");
            assertThat(paid.id())
                    .isEqualTo(journal.end(journal.router.shardOf("alice")).toString());
        } finally {
            broker.close();
        }
    }

    @Test
    void aShardThatNobodyLeadsKeepsNobodyFromTheOthers() {
        String address = TestServices.kafka().bootstrapServers();
        Topics topics = Topics.withPrefix(TestServices.kafka().freshPrefix() + "leaderless");
        JournalConsumers consumers = new JournalConsumers(Map.of("bootstrap.servers", address), topics.journal());
        LeaderlessPartitions leaderless = new LeaderlessPartitions(List.of(consumers.partition(0)));
        try (WrittenJournal journal = new WrittenJournal(address, topics, 2, 1);
                JournalTail tail = new JournalTail(
                        topics.journal(),
                        () -> leaderless.seenBy(consumers.following()),
                        new StreamMetrics(new SimpleMeterRegistry()))) {
            tail.start();
            View view = new View.OfAccount("alice");
            ShardTail lost = tail.watch(0, 1 << 16, view, new Signal());
            ShardTail led = tail.watch(1, 1 << 16, view, new Signal());
            RunningGateway.await(led::isLive);
            journal.define("GOLD");
            journal.write();
            RunningGateway.await(() -> led.last() == journal.end(1).sequence());
            assertThat(lost.isLive()).isFalse();
            leaderless.elect();
            RunningGateway.await(() -> lost.last() == journal.end(0).sequence());
        }
    }

    /** An account of a shard that nobody watches. */
    private static String elsewhere(WrittenJournal journal) {
        int i = 0;
        while (journal.router.shardOf("a" + i) == journal.router.shardOf("alice")) {
            i++;
        }
        return "a" + i;
    }
}
