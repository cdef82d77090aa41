package io.pacioli.ledger.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.api.Headers;
import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.LedgerClient;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.service.ServiceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Processors that come and go. */
final class ProcessorLifecycleIT {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessorLifecycleIT.class);

    /** Long enough for a processor to stop. */
    private static final long HOLD_MILLIS = 12_000;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(ints = {1, 48})
    void anyNumberOfShards(int shards) {
        LiveLedger ledger = LiveLedger.fresh(shards);
        long started = System.nanoTime();
        try (RunningProcessor processor =
                        RunningProcessor.start(ledger.settings(directory).withThreads(2));
                LedgerClient client = ledger.client()) {
            List<Outcome> outcomes = LiveLedger.outcomes(client, onePerShard("first", shards));
            LOG.info("{} shards have decided after {} ms", shards, millisSince(started));
            assertThat(outcomes).allMatch(Outcome.Accepted.class::isInstance);
            assertThat(outcomes).extracting(o -> o.position().shard()).doesNotHaveDuplicates();
            assertThat(processor.health.isAlive()).isTrue();
        }
    }

    /** By itself, Kafka Streams commits when four times the interval has passed. */
    @Test
    void aLoneCommandIsNotKeptForTheTimeThatAFullLoadHas() {
        Duration interval = Duration.ofSeconds(2);
        LiveLedger ledger = LiveLedger.fresh(2);
        try (RunningProcessor processor = RunningProcessor.start(ledger.committing(directory, interval));
                LedgerClient client = ledger.client()) {
            LiveLedger.outcome(client, Sample.define("GOLD"));
            List<Duration> took = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                long startNanos = System.nanoTime();
                assertThat(LiveLedger.outcome(client, Sample.mint("lone-" + i, "GOLD", "alice", 1)))
                        .isInstanceOf(Outcome.Accepted.class);
                took.add(Duration.ofNanos(System.nanoTime() - startNanos));
            }
            assertThat(took.stream().sorted().toList().get(1)).isLessThan(interval.multipliedBy(3));
            assertThat(processor.health.isAlive()).isTrue();
        }
    }

    @Test
    void aRestartGoesOnWithOrWithoutItsLocalState() {
        LiveLedger ledger = LiveLedger.fresh(6);
        Payments payments = new Payments(ledger, 1);
        List<Command> commands = onePerShard("first", 6);
        List<Outcome> first;
        try (RunningProcessor processor = RunningProcessor.start(ledger.settings(directory));
                LedgerClient client = ledger.client()) {
            assertThat(processor.health.isReady()).isTrue();
            first = LiveLedger.outcomes(client, commands);
            LiveLedger.outcome(client, payments.define());
            LiveLedger.outcomes(client, payments.mints());
            ledger.produce(payments.next(200));
        }
        for (boolean keepsState : new boolean[] {true, false, true}) {
            if (!keepsState) {
                delete(directory);
            }
            ledger.produce(payments.next(200));
            long started = System.nanoTime();
            try (RunningProcessor processor = RunningProcessor.starting(ledger.settings(directory));
                    LedgerClient client = ledger.client()) {
                assertThat(LiveLedger.outcomes(client, commands)).isEqualTo(first);
                LOG.info("keeps state {}: decides again after {} ms", keepsState, millisSince(started));
                assertThat(processor.health.isAlive()).isTrue();
            }
        }
        try (RunningProcessor processor = RunningProcessor.starting(ledger.settings(directory));
                LiveJournal journal = new LiveJournal(ledger)) {
            commands.forEach(command -> payments.ids().add(command.id()));
            journal.await(
                    "all is decided",
                    () -> journal.outcomes().size() >= payments.ids().size() && journal.isSettled());
            journal.assertComplete(payments.ids());
            assertThat(processor.health.isAlive()).isTrue();
        }
    }

    @Test
    void lostOffsetsOfTheGroupChangeNothing() {
        LiveLedger ledger = LiveLedger.fresh(2);
        Payments payments = new Payments(ledger, 2);
        ProcessorSettings forgetful = ledger.forgetful(directory);
        List<Outcome> first;
        try (RunningProcessor processor = RunningProcessor.start(forgetful);
                LedgerClient client = ledger.client()) {
            LiveLedger.outcome(client, payments.define());
            first = LiveLedger.outcomes(client, payments.mints());
            assertThat(processor.health.isAlive()).isTrue();
        }
        try (Admin admin = ledger.admin()) {
            Await.until("the group is empty and gone", () -> isDeleted(admin, forgetful.applicationId()));
        }
        try (RunningProcessor processor = RunningProcessor.start(forgetful);
                LedgerClient client = ledger.client();
                LiveJournal journal = new LiveJournal(ledger)) {
            List<Command> next = onePerShard("after", 2);
            assertThat(LiveLedger.outcomes(client, next)).allMatch(Outcome.Accepted.class::isInstance);
            next.forEach(command -> payments.ids().add(command.id()));
            journal.await("money has arrived", journal::isSettled);
            journal.assertComplete(payments.ids());
            assertThat(first).allMatch(Outcome.Accepted.class::isInstance);
            assertThat(processor.health.isAlive()).isTrue();
        }
    }

    /** What counts is when the broker got a command, not when a processor reads it; and time passes without commands too. */
    @Test
    void holdsExpireWhileNoProcessorRuns() {
        LiveLedger ledger = LiveLedger.fresh(2);
        KafkaRouter router = new KafkaRouter(2);
        String asset = Sample.asset(router, 0);
        String busy = Sample.account(router, "busy", 0);
        String quiet = Sample.account(router, "quiet", 1);
        String shop = Sample.account(router, "shop", 0);
        long expiresAt;
        try (LiveJournal journal = new LiveJournal(ledger)) {
            try (RunningProcessor processor = RunningProcessor.start(ledger.settings(directory));
                    LedgerClient client = ledger.client()) {
                LiveLedger.outcome(client, Sample.define(asset));
                List<Command> mints =
                        List.of(Sample.mint("m-busy", asset, busy, 100), Sample.mint("m-quiet", asset, quiet, 100));
                assertThat(LiveLedger.outcomes(client, mints)).allMatch(Outcome.Accepted.class::isInstance);
                journal.await(
                        "the money is there",
                        () -> journal.balance(quiet, asset).signum() > 0);
                expiresAt = System.currentTimeMillis() + HOLD_MILLIS;
                List<Command> holds = List.of(
                        Sample.hold("h-early", asset, busy, 10, expiresAt),
                        Sample.hold("h-late", asset, busy, 20, expiresAt),
                        Sample.hold("h-quiet", asset, quiet, 30, expiresAt));
                assertThat(LiveLedger.outcomes(client, holds)).allMatch(Outcome.Accepted.class::isInstance);
                assertThat(processor.health.isAlive()).isTrue();
            }
            ledger.produce(List.of(record(ledger, Sample.capture("c-early", "h-early", busy, shop))));
            assertThat(System.currentTimeMillis())
                    .as("the first capture is early")
                    .isLessThan(expiresAt);
            Await.until("the time is up", () -> System.currentTimeMillis() > expiresAt);
            ledger.produce(List.of(record(ledger, Sample.capture("c-late", "h-late", busy, shop))));

            try (RunningProcessor processor = RunningProcessor.start(ledger.settings(directory))) {
                journal.await(
                        "all is decided",
                        () -> journal.outcomes().containsKey("c-late")
                                && journal.events("h-quiet").contains("HoldExpired"));
                assertThat(processor.health.isAlive()).isTrue();
            }
            assertThat(journal.events("c-early")).containsExactly("TransferPosted");
            assertThat(journal.events("h-early")).containsExactly("HoldPlaced");
            assertThat(journal.events("c-late")).containsExactly("CommandRejected");
            assertThat(journal.events("h-late")).containsExactly("HoldPlaced", "HoldExpired");
            assertThat(journal.entries())
                    .filteredOn(entry -> entry.event().type().equals("HoldExpired"))
                    .extracting(Entry::atMillis)
                    .containsOnly(expiresAt);
            assertThat(journal.balance(shop, asset)).isEqualTo(10);
            assertThat(journal.balance(quiet, asset)).isEqualTo(100);
        }
    }

    private static ProducerRecord<byte[], byte[]> record(LiveLedger ledger, Command command) {
        return new ProducerRecord<>(
                ledger.topics.commands(), Headers.text(command.routingKey()), CommandCodec.encode(command));
    }

    @Test
    void theStateThatBelongsToAJournalIsRequired() throws InterruptedException {
        LiveLedger ledger = LiveLedger.fresh(1);
        ProcessorSettings settings = ledger.settings(directory.resolve("one"));
        try (RunningProcessor processor = RunningProcessor.start(settings);
                LedgerClient client = ledger.client()) {
            LiveLedger.outcomes(client, onePerShard("first", 1));
            try (RunningProcessor second = RunningProcessor.starting(settings)) {
                assertThatThrownBy(second.service::awaitStop)
                        .isInstanceOf(ServiceException.class)
                        .hasMessageContaining(settings.stateDirectory().toString());
            }
            assertThat(processor.health.isReady()).isTrue();
        }
        ProcessorSettings other = ledger.settings(directory.resolve("two"), "another-application");
        try (RunningProcessor second = RunningProcessor.starting(other)) {
            assertThatThrownBy(second.service::awaitStop)
                    .isInstanceOf(ServiceException.class)
                    .hasMessageContaining("another-application")
                    .hasMessageContaining(ledger.topics.journal());
        }
    }

    @Test
    void twoShareTheShardsEvenlyAndOneTakesOver() {
        LiveLedger ledger = LiveLedger.fresh(6);
        RunningProcessor one = RunningProcessor.start(ledger.settings(directory.resolve("one")));
        try (RunningProcessor two = RunningProcessor.start(ledger.settings(directory.resolve("two")));
                LedgerClient client = ledger.client()) {
            double decidedByOne;
            double decidedByTwo;
            int round = 0;
            do {
                assertThat(round).as("rounds until each decides half").isLessThan(200);
                double beforeOne = one.count("ledger.entries");
                double beforeTwo = two.count("ledger.entries");
                LiveLedger.outcomes(client, onePerShard("shared" + round++ + "-", 6));
                decidedByOne = one.count("ledger.entries") - beforeOne;
                decidedByTwo = two.count("ledger.entries") - beforeTwo;
            } while (decidedByOne != 3 || decidedByTwo != 3);
            List<CompletableFuture<Outcome>> underWay = new ArrayList<>();
            onePerShard("under-way", 6).forEach(command -> underWay.add(client.submit(command)));
            long closing = System.nanoTime();

            one.close();

            long closed = System.nanoTime();
            List<Outcome> after = LiveLedger.outcomes(client, onePerShard("after", 6));
            LOG.info(
                    "closed in {} ms, all shards taken over after {} ms",
                    Duration.ofNanos(closed - closing).toMillis(),
                    millisSince(closed));
            assertThat(after).hasSize(6).allMatch(Outcome.Accepted.class::isInstance);
            assertThat(underWay).allMatch(outcome -> LiveLedger.get(outcome) instanceof Outcome.Accepted);
            try (LiveJournal journal = new LiveJournal(ledger)) {
                journal.await(
                        "all is there",
                        () -> journal.events("open-" + account("after", 0, 6)).size() == 1);
            }
        }
    }

    @Test
    void oneTakesOverFromAnotherThatWasKilled() {
        LiveLedger ledger = LiveLedger.fresh(6);
        try (ForkedProcessor one = ForkedProcessor.start(ledger, directory.resolve("one"));
                RunningProcessor two = RunningProcessor.start(ledger.settings(directory.resolve("two")));
                LedgerClient client = ledger.client()) {
            double before = -1;
            int round = 0;
            // Until a whole round is decided without the second one having a hand in all of it.
            while (two.count("ledger.entries") - before >= 6 || before < 0) {
                before = two.count("ledger.entries");
                LiveLedger.outcomes(client, onePerShard("shared" + round++ + "-", 6));
                assertThat(round).as("rounds until both decide").isLessThan(500);
            }
            assertThat(one.alive()).isTrue();

            one.kill();

            long killed = System.nanoTime();
            List<Outcome> after = LiveLedger.outcomes(client, onePerShard("after", 6));
            LOG.info("all shards taken over from the dead after {} ms", millisSince(killed));
            assertThat(after).hasSize(6).allMatch(Outcome.Accepted.class::isInstance);
        }
    }

    private static List<Command> onePerShard(String prefix, int shards) {
        return IntStream.range(0, shards)
                .mapToObj(shard -> Sample.open(account(prefix, shard, shards)))
                .toList();
    }

    private static String account(String prefix, int shard, int shards) {
        return Sample.account(new KafkaRouter(shards), prefix, shard);
    }

    private static boolean isDeleted(Admin admin, String group) {
        try {
            admin.deleteConsumerGroups(List.of(group)).all().get(30, TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException e) {
            LOG.debug("not yet", e);
            return e.getCause() instanceof GroupIdNotFoundException;
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long millisSince(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos).toMillis();
    }
}
