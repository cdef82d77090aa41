package io.pacioli.ledger.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.gateway.RunningGateway;
import io.pacioli.ledger.gateway.stream.StreamClient.Event;
import io.pacioli.ledger.testkit.TestServices;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients get besides the events: headers, heartbeats, problems, the end. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StreamsApiIT {
    private static final int SHARDS = 2;
    private static final StreamSettings QUICK = StreamSettings.DEFAULT.withHeartbeat(Duration.ofMillis(50));

    private final String kafka = TestServices.kafka().bootstrapServers();
    private final WrittenJournal journal = journal();
    private final RunningGateway gateway = gateway(journal, QUICK);
    private final int home = journal.router.shardOf("alice");

    private WrittenJournal journal() {
        Topics topics = Topics.withPrefix(TestServices.kafka().freshPrefix() + "api");
        WrittenJournal made = new WrittenJournal(kafka, topics, SHARDS, 1);
        made.define("GOLD");
        made.mint("GOLD", "alice", "1000");
        made.write();
        return made;
    }

    private RunningGateway gateway(WrittenJournal of, StreamSettings settings) {
        return RunningGateway.start(RunningGateway.settings(kafka, of.topics).withStreams(settings))
                .awaitReady();
    }

    @AfterAll
    void stop() {
        gateway.close();
        journal.close();
    }

    private StreamClient open(String path) {
        return StreamClient.open(gateway.uri(), path);
    }

    private static JsonNode problem(StreamClient client, int status, String code) throws IOException {
        try (client) {
            String body = client.body();
            assertThat(client.status()).as(body).isEqualTo(status);
            assertThat(client.header("Content-Type")).isEqualTo("application/problem+json");
            JsonNode problem = WrittenJournal.json(body.getBytes(StandardCharsets.UTF_8));
            assertThat(problem.path("code").asText()).isEqualTo(code);
            return problem;
        }
    }

    @Test
    void aStreamHasTheHeadersThatItNeedsAndSaysWhenToComeBack() throws IOException {
        try (StreamClient client = open(StreamClient.account("alice"))) {
            assertThat(client.status()).isEqualTo(200);
            assertThat(client.header("Content-Type")).isEqualTo("text/event-stream");
            assertThat(client.header("Cache-Control")).isEqualTo("no-store");
            assertThat(client.header("X-Accel-Buffering")).isEqualTo("no");
            assertThat(Objects.requireNonNull(client.next()).type()).isEqualTo("position");
            assertThat(Integer.parseInt(client.retry())).isBetween(1_000, 3_000);
        }
    }

    @Test
    void heartbeatsComeInSilenceAndMoveTheIdOn() throws IOException {
        String other = somebodyElse();
        try (StreamClient client = open(StreamClient.account("alice"))) {
            String start = Objects.requireNonNull(client.next()).id();
            assertThat(client.nextOrComment()).isNull();
            assertThat(client.nextOrComment()).isNull();
            assertThat(client.lastEventId()).isEqualTo(start);
            journal.submit(new Command.OpenAccount(journal.nextId(), other, AccountLimits.DEFAULT, Map.of()));
            journal.write();
            assertThat(client.readTo(journal.end(home).toString())).isEmpty();
            assertThat(client.lastEventId()).isNotEqualTo(start);
        }
    }

    /** Another account of the same shard. */
    private String somebodyElse() {
        int i = 0;
        while (journal.router.shardOf("other-" + i) != home) {
            i++;
        }
        return "other-" + i;
    }

    @Test
    void anEntryIsOneEventWithAllThatConcernsTheView() throws IOException {
        String bob = somebodyElse();
        try (StreamClient account = open(StreamClient.account("alice"));
                StreamClient asset = open(StreamClient.asset("GOLD"))) {
            account.next();
            asset.next();
            journal.submit(new Command.PlaceHold(
                    "hold-1",
                    "GOLD",
                    "alice",
                    null,
                    new Amount(BigInteger.valueOf(5)),
                    null,
                    "a \"room\" 🏨",
                    Map.of()));
            journal.transfer("GOLD", "alice", bob, "3");
            journal.write();
            JsonNode held = Objects.requireNonNull(account.next()).json();
            assertThat(held.path("type").asText()).isEqualTo("HoldPlaced");
            assertThat(held.path("memo").asText()).isEqualTo("a \"room\" 🏨");
            assertThat(held.path("commandId").asText()).isEqualTo("hold-1");
            assertThat(held.has("kind")).isFalse();
            assertThat(held.path("postings")).hasSize(2).allSatisfy(posting -> {
                assertThat(posting.path("account").asText()).isEqualTo("alice");
                assertThat(posting.has("counterparty")).isFalse();
            });
            JsonNode paid = Objects.requireNonNull(account.next()).json();
            assertThat(paid.path("kind").asText()).isEqualTo("transfer");
            assertThat(paid.path("at").asText()).matches("2023-.*T.*\\.[0-9]{3}Z");
            assertThat(paid.path("postings")).singleElement().satisfies(posting -> {
                assertThat(posting.path("amount").textValue()).isEqualTo("-3");
                assertThat(posting.path("counterparty").asText()).isEqualTo(bob);
            });
            asset.next();
            JsonNode both = Objects.requireNonNull(asset.next()).json();
            assertThat(both.path("postings")).hasSize(2);
            assertThat(both.path("position")).isEqualTo(paid.path("position"));
        }
    }

    @Test
    void anAccountThatIsNotThereYetTellsWhenItIsOpenedFrozenAndClosed() throws IOException {
        try (StreamClient client = open(StreamClient.account("newcomer"))) {
            client.next();
            Map<String, String> none = Map.of();
            journal.submit(new Command.OpenAccount(journal.nextId(), "newcomer", AccountLimits.DEFAULT, none));
            journal.submit(new Command.FreezeAccount(journal.nextId(), "newcomer", "review", none));
            journal.submit(new Command.UnfreezeAccount(journal.nextId(), "newcomer", "", none));
            journal.submit(new Command.CloseAccount(journal.nextId(), "newcomer", "", none));
            journal.write();
            List<String> types = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Event event = Objects.requireNonNull(client.next());
                assertThat(event.type()).isEqualTo("status");
                assertThat(event.json().path("account").asText()).isEqualTo("newcomer");
                types.add(event.json().path("type").asText());
            }
            assertThat(types).containsExactly("AccountOpened", "AccountFrozen", "AccountUnfrozen", "AccountClosed");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "/v1/accounts/two%20words/stream account",
                "/v1/accounts/%40clearing%2F1%2FGOLD/stream account",
                "/v1/assets/gold/stream asset",
                "/v1/accounts/alice/stream?position=x position",
                "/v1/accounts/alice/stream?position=7:1 position",
                "/v1/accounts/alice/stream?position=0:1,0:2 position",
                "/v1/accounts/alice/stream?position=0:1&position=0:1 position",
            })
    void whatIsMalformedIsRefused(String path, String field) throws IOException {
        JsonNode problem = problem(open(path), 400, "INVALID_PARAMETER");
        assertThat(problem.path("field").asText()).isEqualTo(field);
    }

    @Test
    void aPositionMustNameTheAccountsShard() throws IOException {
        String path = StreamClient.account("alice") + "?position=" + (1 - home) + ":1";
        assertThat(problem(open(path), 400, "INVALID_PARAMETER").path("rule").asText())
                .contains("must name shard " + home);
    }

    @Test
    void aMalformedLastEventIdIsRefusedAndABlankOneIsNone() throws IOException {
        String path = StreamClient.account("alice");
        JsonNode problem = problem(StreamClient.resume(gateway.uri(), path, "0-17"), 400, "INVALID_PARAMETER");
        assertThat(problem.path("field").asText()).isEqualTo("Last-Event-ID");
        try (StreamClient client = StreamClient.resume(gateway.uri(), path, " ")) {
            assertThat(client.status()).isEqualTo(200);
        }
    }

    @Test
    void theHeaderCountsMoreThanTheAddress() throws IOException {
        String path = StreamClient.account("alice") + "?position=" + home + ":0";
        try (StreamClient client = StreamClient.resume(gateway.uri(), path, home + ":1")) {
            assertThat(Objects.requireNonNull(client.next()).id()).isEqualTo(home + ":1");
        }
    }

    @Test
    void anIssuerCanBeWatchedAndShardsThatAreNotNamedBeginAtTheirEnd() throws IOException {
        try (StreamClient client =
                open("/v1/accounts/%40GOLD/stream?position=" + journal.router.shardOf("@GOLD") + ":0")) {
            client.next();
            assertThat(Objects.requireNonNull(client.next())
                            .json()
                            .path("postings")
                            .path(0)
                            .path("account")
                            .asText())
                    .isEqualTo("@GOLD");
        }
        Position other = journal.end(1 - home);
        try (StreamClient client = open(StreamClient.asset("NOBODY") + "?position=" + home + ":0")) {
            assertThat(Objects.requireNonNull(client.next()).id()).contains(home + ":0", other.toString());
        }
    }

    @Test
    void aPositionAheadOfTheJournalIsRefusedAfterAWhile() throws IOException {
        Position end = journal.end(home);
        String path = StreamClient.account("alice") + "?position=" + home + ":" + (end.sequence() + 100);
        JsonNode problem = problem(open(path), 409, "POSITION_AHEAD");
        assertThat(Position.parse(problem.path("position").asText()).shard()).isEqualTo(home);
    }

    @Test
    void aPositionThatIsAboutToComeIsWaitedFor() throws Exception {
        String path = StreamClient.account("alice");
        Position next = new Position(home, journal.end(home).sequence() + 1);
        Thread writer = Thread.ofVirtual().start(() -> {
            RunningGateway.await(() -> gateway.figure("ledger.streams.open") > 0);
            journal.transfer("GOLD", "alice", "bob{alice}", "1");
            journal.write();
        });
        try (StreamClient client = StreamClient.resume(gateway.uri(), path, next.toString())) {
            assertThat(client.status()).isEqualTo(200);
            assertThat(Objects.requireNonNull(client.next()).id()).isEqualTo(next.toString());
        }
        writer.join();
    }

    @Test
    void whoeverIsTooFarBehindIsToldHowFarItCanGoBack() throws IOException {
        try (RunningGateway strict = gateway(journal, QUICK.withResumeMax(1))) {
            String path = StreamClient.account("alice") + "?position=" + home + ":0";
            JsonNode problem = problem(StreamClient.open(strict.uri(), path), 410, "RESUME_TOO_OLD");
            String oldest = problem.path("oldest").asText();
            try (StreamClient client = StreamClient.resume(strict.uri(), StreamClient.account("alice"), oldest)) {
                assertThat(client.status()).isEqualTo(200);
            }
        }
    }

    @Test
    void thereAreOnlySoManyStreamsAndEachThatEndsMakesRoom() throws IOException {
        String path = StreamClient.account("alice");
        try (RunningGateway small = gateway(journal, QUICK.withStreamsMax(2));
                StreamClient first = StreamClient.open(small.uri(), path)) {
            assertThat(first.status()).isEqualTo(200);
            try (StreamClient second = StreamClient.open(small.uri(), path)) {
                assertThat(second.status()).isEqualTo(200);
                StreamClient third = StreamClient.open(small.uri(), path);
                assertThat(third.header("Retry-After")).isEqualTo("1");
                problem(third, 503, "TOO_MANY_STREAMS");
                assertThat(small.figure("ledger.streams.open")).isEqualTo(2);
            }
            RunningGateway.await(() -> small.figure("ledger.streams.open") == 1);
            try (StreamClient again = StreamClient.open(small.uri(), path)) {
                assertThat(again.status()).isEqualTo(200);
            }
        }
    }

    @Test
    void otherMethodsAreRefusedAndHeadIsNoStream() {
        URI uri = gateway.uri().resolve(StreamClient.account("alice"));
        HttpResponse<String> posted = gateway.send(
                HttpRequest.newBuilder(uri).POST(BodyPublishers.noBody()).build());
        assertThat(posted.statusCode()).isEqualTo(405);
        assertThat(posted.headers().firstValue("Allow")).hasValue("GET");
        assertThat(gateway.send(HttpRequest.newBuilder(uri)
                                .HEAD()
                                .timeout(Duration.ofSeconds(30))
                                .build())
                        .body())
                .isEmpty();
        RunningGateway.await(() -> gateway.figure("ledger.streams.open") == 0);
    }

    @Test
    void aServerThatStopsEndsItsStreamsAtOnceEvenThoseThatNobodyReads() throws IOException {
        try (WrittenJournal busy = journal();
                RunningGateway stopping = gateway(busy, QUICK)) {
            List<StreamClient> clients = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                clients.add(StreamClient.open(stopping.uri(), StreamClient.account("quiet-" + i)));
            }
            StreamClient stalled = StreamClient.open(stopping.uri(), StreamClient.account("alice"), null, 4_096);
            fill(busy, stopping);
            long startNanos = System.nanoTime();
            stopping.stopServing();
            assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(Duration.ofSeconds(4));
            for (StreamClient client : clients) {
                Event last = client.next();
                while (last != null) {
                    last = client.next();
                }
                assertThat(client.hasEnded()).isTrue();
                client.close();
            }
            stalled.close();
        }
    }

    /** Writes until a stream that is not read no longer takes anything. */
    private void fill(WrittenJournal busy, RunningGateway filled) {
        for (int i = 0; i < 15_000; i++) {
            busy.transfer("GOLD", "alice", "bob{alice}", "1");
            busy.transfer("GOLD", "bob{alice}", "alice", "1");
        }
        busy.write();
        assertThat(filled.figure("ledger.streams.open")).isEqualTo(21);
    }

    @Test
    void aDamagedJournalEndsItsStreamsAndSaysSo() throws IOException {
        try (WrittenJournal damaged = journal();
                RunningGateway watching = gateway(damaged, QUICK)) {
            try (StreamClient client = StreamClient.open(watching.uri(), StreamClient.account("alice"))) {
                client.next();
                damaged.writeDamage(home, "{}".getBytes(StandardCharsets.UTF_8));
                Event problem = Objects.requireNonNull(client.next());
                assertThat(problem.type()).isEqualTo("problem");
                assertThat(problem.id()).isEqualTo(damaged.end(home).toString());
                assertThat(problem.json().path("code").asText()).isEqualTo("JOURNAL_UNREADABLE");
                assertThat(client.next()).isNull();
                assertThat(client.hasEnded()).isTrue();
            }
            problem(StreamClient.open(watching.uri(), StreamClient.account("alice")), 503, "JOURNAL_UNREADABLE");
            try (StreamClient other =
                    StreamClient.open(watching.uri(), "/v1/accounts/" + accountOf(damaged, 1 - home) + "/stream")) {
                assertThat(other.status()).isEqualTo(200);
            }
        }
    }

    private static String accountOf(WrittenJournal of, int shard) {
        int i = 0;
        while (of.router.shardOf("a" + i) != shard) {
            i++;
        }
        return "a" + i;
    }
}
