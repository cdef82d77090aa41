package io.pacioli.ledger.app.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class SteadyLoadTest {
    private static final int ENOUGH = 20;

    @Test
    void answersAndFailuresAreCounted() throws InterruptedException {
        AtomicInteger sent = new AtomicInteger();
        SteadyLoad load = run(() -> sent.incrementAndGet() % 2 == 0
                ? CompletableFuture.completedFuture("answer")
                : CompletableFuture.failedFuture(new IllegalStateException()));

        assertThat(load.takeFailures()).isEqualTo((sent.get() + 1) / 2);
        assertThat(load.takeLatencies().getTotalCount()).isEqualTo(sent.get() / 2);
        assertThat(load.takeLatencies().getTotalCount()).isZero();
    }

    /** A server that stands still delays all requests that were due meanwhile, not only the one that it holds. */
    @Test
    void aPauseShowsInAllRequestsThatItDelayed() throws InterruptedException {
        Duration pause = Duration.ofMillis(300);
        AtomicInteger sent = new AtomicInteger();
        SteadyLoad[] holder = new SteadyLoad[1];
        SteadyLoad load = new SteadyLoad(
                () -> {
                    if (sent.incrementAndGet() > 250) {
                        holder[0].stop();
                    }
                    return sent.get() == 2 ? later(pause) : CompletableFuture.completedFuture("answer");
                },
                1_000,
                1);
        holder[0] = load;
        load.run();

        Histogram latencies = load.takeLatencies();
        assertThat(latencies.getTotalCount()).isEqualTo(251);
        assertThat(latencies.getValueAtPercentile(50))
                .isGreaterThan(pause.dividedBy(3).toNanos() / 1_000);
    }

    @Test
    void noMoreAreOnTheirWayThanMayBe() throws InterruptedException {
        Queue<CompletableFuture<String>> onTheirWay = new ConcurrentLinkedQueue<>();
        CountDownLatch full = new CountDownLatch(3);
        SteadyLoad load = new SteadyLoad(
                () -> {
                    CompletableFuture<String> answer = new CompletableFuture<>();
                    onTheirWay.add(answer);
                    full.countDown();
                    return answer;
                },
                1e6,
                3);
        Thread sending = Thread.ofPlatform().start(load);
        full.await();
        load.stop();
        sending.join(Duration.ofMillis(50));

        assertThat(onTheirWay).hasSize(3);
        assertThat(sending.isAlive()).as("what is on its way is waited for").isTrue();
        while (sending.isAlive()) {
            onTheirWay.forEach(answer -> answer.complete("answer"));
            sending.join(Duration.ofMillis(10));
        }
        assertThat(load.takeLatencies().getTotalCount()).isBetween(3L, 4L);
    }

    private static CompletableFuture<String> later(Duration pause) {
        return new CompletableFuture<String>().completeOnTimeout("answer", pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static SteadyLoad run(Supplier<CompletableFuture<?>> request) throws InterruptedException {
        CountDownLatch enough = new CountDownLatch(ENOUGH);
        SteadyLoad load = new SteadyLoad(
                () -> {
                    enough.countDown();
                    return request.get();
                },
                2_000,
                8);
        Thread sending = Thread.ofPlatform().start(load);
        enough.await();
        load.stop();
        sending.join();
        return load;
    }
}
