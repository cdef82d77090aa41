package io.pacioli.ledger.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PositionGateTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(20);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private Future<Boolean> waiter(PositionGate gate, int shard, long sequence) {
        return threads.submit(() -> gate.await(shard, sequence, LONG));
    }

    private static void awaitWaiting(PositionGate gate, int count) {
        while (gate.waiting() < count) {
            Thread.onSpinWait();
        }
    }

    @Test
    void passesWhatIsReachedAlreadyAndTimesOutOnWhatIsNot() throws InterruptedException {
        PositionGate gate = PositionGate.updated(2, 10);
        gate.update(1, 7);
        assertThat(gate.await(1, 7, Duration.ZERO)).isTrue();
        assertThat(gate.await(0, 0, Duration.ZERO)).isTrue();
        assertThat(gate.await(1, 8, Duration.ZERO)).isFalse();
        assertThat(gate.await(0, 7, SHORT)).isFalse();
        assertThat(gate.waiting()).isZero();
    }

    @Test
    void wakesThoseWhosePositionIsReachedAndNoOthers() throws Exception {
        PositionGate gate = PositionGate.updated(2, 10);
        Future<Boolean> five = waiter(gate, 0, 5);
        Future<Boolean> six = waiter(gate, 0, 6);
        Future<Boolean> other = waiter(gate, 1, 5);
        awaitWaiting(gate, 3);
        gate.update(0, 5);
        assertThat(five.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(gate.waiting()).isEqualTo(2);
        gate.update(0, 4);
        assertThat(gate.sequence(0)).isEqualTo(5);
        gate.update(0, 100);
        gate.update(1, 100);
        assertThat(six.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(other.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void goesOnWaitingThroughAReset() throws Exception {
        PositionGate gate = PositionGate.updated(1, 10);
        gate.update(0, 50);
        Future<Boolean> waiter = waiter(gate, 0, 60);
        awaitWaiting(gate, 1);
        gate.reset(0, 0);
        assertThat(gate.sequence(0)).isZero();
        assertThat(gate.await(0, 50, SHORT)).isFalse();
        gate.update(0, 59);
        assertThat(waiter.isDone()).isFalse();
        gate.update(0, 60);
        assertThat(waiter.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void refusesOneWaiterTooMany() throws Exception {
        PositionGate gate = PositionGate.updated(1, 2);
        Future<Boolean> first = waiter(gate, 0, 1);
        Future<Boolean> second = waiter(gate, 0, 2);
        awaitWaiting(gate, 2);
        assertThatThrownBy(() -> gate.await(0, 3, LONG))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessage("too many requests wait for a position: at most 2");
        assertThat(gate.await(0, 0, LONG)).isTrue();
        gate.update(0, 2);
        assertThat(first.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(second.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(gate.await(0, 3, SHORT)).isFalse();
    }

    @Test
    void releasesWaitersWithoutTheirPositionWhenItCloses() throws Exception {
        PositionGate gate = PositionGate.updated(1, 10);
        Future<Boolean> waiter = waiter(gate, 0, 5);
        awaitWaiting(gate, 1);
        gate.close();
        assertThat(waiter.get(10, TimeUnit.SECONDS)).isFalse();
        assertThat(gate.await(0, 5, LONG)).isFalse();
    }

    @Test
    void carriesFiveThousandWaitersOnVirtualThreads() throws Exception {
        int waiters = 5_000;
        int shards = 6;
        PositionGate gate = PositionGate.updated(shards, waiters);
        List<Future<Boolean>> futures = new ArrayList<>(waiters);
        for (int i = 0; i < waiters; i++) {
            futures.add(waiter(gate, i % shards, 1 + ThreadLocalRandom.current().nextLong(1_000)));
        }
        awaitWaiting(gate, waiters);
        for (long sequence = 1; sequence <= 1_000; sequence++) {
            for (int shard = 0; shard < shards; shard++) {
                gate.update(shard, sequence);
            }
        }
        for (Future<Boolean> future : futures) {
            assertThat(future.get(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(gate.waiting()).isZero();
    }

    @Test
    void neverMissesAnUpdateThatComesWhileSomebodyStartsToWait() throws Exception {
        PositionGate gate = PositionGate.updated(1, 10);
        for (long sequence = 1; sequence <= 5_000; sequence++) {
            Future<Boolean> waiter = waiter(gate, 0, sequence);
            gate.update(0, sequence);
            assertThat(waiter.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void pollsTheStoreOnlyWhileSomebodyWaits() throws Exception {
        AtomicLong stored = new AtomicLong(3);
        AtomicInteger reads = new AtomicInteger();
        CountDownLatch polled = new CountDownLatch(10);
        PositionSource source = shard -> {
            reads.incrementAndGet();
            polled.countDown();
            return stored.get();
        };
        try (PositionGate gate = PositionGate.polling(1, 1_000, source, Duration.ofMillis(5))) {
            assertThat(reads).hasValue(0);
            assertThat(gate.await(0, 3, Duration.ZERO)).isTrue();
            List<Future<Boolean>> waiters = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                waiters.add(waiter(gate, 0, 4));
            }
            assertThat(polled.await(10, TimeUnit.SECONDS)).isTrue();
            stored.set(4);
            for (Future<Boolean> waiter : waiters) {
                assertThat(waiter.get(10, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(reads.get()).isLessThan(1_000);
        }
    }

    @Test
    void seesAStoreThatWentBackOnceTheLastReadIsOld() throws Exception {
        AtomicLong stored = new AtomicLong(9);
        try (PositionGate gate = PositionGate.polling(1, 10, shard -> stored.get(), Duration.ofNanos(1))) {
            assertThat(gate.await(0, 9, Duration.ZERO)).isTrue();
            stored.set(0);
            assertThat(gate.await(0, 9, SHORT)).isFalse();
            assertThat(gate.sequence(0)).isZero();
        }
    }

    @Test
    void waitsThroughAStoreThatIsAway() throws Exception {
        AtomicInteger reads = new AtomicInteger();
        PositionSource source = shard -> {
            int read = reads.incrementAndGet();
            if (read < 5) {
                throw new IllegalStateException("connection refused");
            }
            return 1;
        };
        try (PositionGate gate = PositionGate.polling(1, 10, source, Duration.ofMillis(2))) {
            assertThat(gate.await(0, 1, LONG)).isTrue();
            assertThat(reads.get()).isGreaterThanOrEqualTo(5);
        }
    }
}
