package io.pacioli.ledger.app.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.core.Router;
import io.pacioli.ledger.service.Positions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Read your writes: whoever asks for the position of an outcome finds what he wrote, in every answer of both projections, while
 * others write as fast as they can.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ReadYourWritesIT {
    private static final int SHARDS = 3;
    private static final int WRITERS = 6;
    private static final Duration HAMMER = Duration.ofSeconds(20);
    private static final Duration ARRIVE_MAX = Duration.ofSeconds(60);
    private static final long FUNDS = 1_000_000;
    private static final List<String> SHARED = List.of("shared-a", "shared-b", "shared-c");

    private final EmbeddedStack stack =
            EmbeddedStack.start(StackSettings.fresh().withShards(SHARDS), false, () -> false, text -> {});
    private final RawApi api = new RawApi(stack.uri());
    private final Router router = new KafkaRouter(SHARDS);

    @BeforeAll
    void fund() {
        accepted("{'type':'DefineAsset','id':'gold','asset':'GOLD','name':'Gold','decimals':2}");
        List<Writer> writers = writers();
        Stream.concat(SHARED.stream(), writers.stream().map(writer -> writer.own))
                .forEach(account -> accepted("{'type':'Mint','id':'fund-" + account + "','asset':'GOLD','to':'"
                        + account + "','amount':'" + FUNDS + "'}"));
        long deadlineNanos = System.nanoTime() + ARRIVE_MAX.toNanos();
        for (Writer writer : writers) {
            while (writer.balance(api.get(balances(writer.own))) != FUNDS) {
                assertThat(System.nanoTime()).isLessThan(deadlineNanos);
            }
        }
    }

    @AfterAll
    void stop() {
        api.close();
        stack.close();
    }

    private List<Writer> writers() {
        return IntStream.range(0, WRITERS).mapToObj(Writer::new).toList();
    }

    private JsonNode accepted(String command) {
        return api.command(command.replace('\'', '"')).ok();
    }

    private static String balances(String account) {
        return "/v1/accounts/" + RawApi.segment(account) + "/balances";
    }

    @Test
    void everyAnswerIncludesWhatWasWritten() throws Exception {
        List<Writer> writers = writers();
        long deadlineNanos = System.nanoTime() + HAMMER.toNanos();
        List<Future<Void>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Writer writer : writers) {
                running.add(threads.submit(writer.until(deadlineNanos)));
            }
        }
        for (Future<Void> writer : running) {
            writer.get();
        }
        assertThat(writers).allSatisfy(writer -> {
            assertThat(writer.writes).as("each kind of write, twice").isGreaterThan(10);
            writer.awaitArrivals();
        });
        System.out.printf(
                "%d writes, each followed by its reads: %d answers, none of the past%n",
                writers.stream().mapToInt(writer -> writer.writes).sum(),
                writers.stream().mapToInt(writer -> writer.reads).sum());
    }

    /** Pays from an account of its own, so that it knows what that must have at each moment, and between shared ones. */
    private final class Writer {
        private final String own;

        /** On the same shard, and paid by nobody else. */
        private final String near;

        /** On another shard, and paid by nobody else. */
        private final String far;

        private final String name;
        private long ownBalance = FUNDS;
        private long nearBalance;
        private long farBalance;
        private String tag = "none";
        private int writes;
        private int reads;

        Writer(int number) {
            name = "w" + number;
            own = "own-" + number;
            near = "near{" + own + "}";
            far = IntStream.iterate(0, i -> i + 1)
                    .mapToObj(i -> "far-" + number + "-" + i)
                    .filter(account -> router.shardOf(account) != router.shardOf(own))
                    .findFirst()
                    .orElseThrow();
        }

        Callable<Void> until(long deadlineNanos) {
            return () -> {
                while (System.nanoTime() - deadlineNanos < 0) {
                    switch (writes % 5) {
                        case 0, 3 -> payNear();
                        case 1 -> payFar();
                        case 2 -> payTooMuch();
                        default -> payBetweenShared();
                    }
                    writes++;
                }
                return null;
            };
        }

        private void payNear() {
            Position position = pay(own, near, 7);
            ownBalance -= 7;
            nearBalance += 7;
            checkOwn(position);
            RawApi.Answer answer = get(balances(near), position);
            assertThat(balance(answer)).isEqualTo(nearBalance);
            assertThat(status(position)).isEqualTo("posted");
        }

        private void payFar() {
            Position position = pay(own, far, 3);
            ownBalance -= 3;
            farBalance += 3;
            checkOwn(position);
            assertThat(status(position)).isIn("sent", "received");
        }

        private void payTooMuch() {
            RawApi.Answer answer = api.command(transfer(own, near, FUNDS + 1));
            assertThat(answer.status()).as(answer.text()).isEqualTo(422);
            Position position = Position.parse(answer.json().path("position").asText());
            checkBalances(position);
            assertThat(get("/v1/commands/" + id(), position)
                            .ok()
                            .at("/rejection/code")
                            .asText())
                    .isEqualTo("INSUFFICIENT_FUNDS");
        }

        private void payBetweenShared() {
            String from = SHARED.get(writes % 3);
            Position position = pay(from, SHARED.get((writes + 1) % 3), 1);
            get(balances(from), position).ok();
            assertThat(get("/v1/entries/" + position, position)
                            .ok()
                            .path("commandId")
                            .asText())
                    .isEqualTo(id());
            assertThat(status(position)).isIn("posted", "sent", "received");
        }

        private void checkOwn(Position position) {
            checkBalances(position);
            JsonNode newest = get("/v1/accounts/" + own + "/entries?limit=1", position)
                    .ok()
                    .at("/entries/0");
            assertThat(newest.path("position").asText()).isEqualTo(position.toString());
            assertThat(newest.path("commandId").asText()).isEqualTo(id());
            assertThat(newest.path("balance").asLong()).isEqualTo(ownBalance);
            JsonNode command = get("/v1/commands/" + id(), position).ok();
            assertThat(command.path("outcome").asText()).isEqualTo("accepted");
            assertThat(command.path("position").asText()).isEqualTo(position.toString());
        }

        /** A client that offers the answer that it has gets a new one, because something has happened since. */
        private void checkBalances(Position position) {
            RawApi.Answer live = get(balances(own), position, "If-None-Match", tag);
            assertThat(balance(live)).isEqualTo(ownBalance);
            tag = live.header("ETag");
            assertThat(balance(get(balances(own) + "/" + position, position))).isEqualTo(ownBalance);
        }

        private String status(Position position) {
            JsonNode transfer = get("/v1/transfers/" + id(), position).ok();
            assertThat(transfer.path("entries").findValuesAsText("position")).contains(position.toString());
            return transfer.path("status").asText();
        }

        private String id() {
            return name + "-" + writes;
        }

        private String transfer(String from, String to, long amount) {
            return "{\"type\":\"Transfer\",\"id\":\"" + id() + "\",\"asset\":\"GOLD\",\"from\":\"" + from
                    + "\",\"to\":\"" + to + "\",\"amount\":\"" + amount + "\"}";
        }

        private Position pay(String from, String to, long amount) {
            return Position.parse(api.command(transfer(from, to, amount))
                    .ok()
                    .path("position")
                    .asText());
        }

        /** Asks as of a position, and looks whether the answer is. */
        private RawApi.Answer get(String path, Position position, String... headers) {
            reads++;
            RawApi.Answer answer =
                    api.get(path + (path.contains("?") ? "&" : "?") + "wait=30s&position=" + position, headers);
            assertThat(answer.status()).as(path + " " + answer.text()).isEqualTo(200);
            List<Position> asOf = Positions.parse(answer.json().path("asOf").asText(), SHARDS);
            assertThat(asOf)
                    .as(path)
                    .filteredOn(one -> one.shard() == position.shard())
                    .allSatisfy(one -> assertThat(one.sequence()).isGreaterThanOrEqualTo(position.sequence()));
            return answer;
        }

        long balance(RawApi.Answer answer) {
            return answer.status() == 404
                    ? 0
                    : answer.ok().at("/balances/0/available").asLong();
        }

        /** What was sent to another shard is there in the end, all of it and nothing else. */
        private void awaitArrivals() {
            long deadlineNanos = System.nanoTime() + ARRIVE_MAX.toNanos();
            while (balance(api.get(balances(far))) != farBalance) {
                assertThat(System.nanoTime()).isLessThan(deadlineNanos);
            }
        }
    }
}
