package io.pacioli.ledger.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ServiceGroupTest {
    private static final Duration CLOSE_MAX = Duration.ofSeconds(10);

    private final List<String> calls = new CopyOnWriteArrayList<>();

    private class Recorded implements Service {
        private final String name;
        private final CompletableFuture<Void> stopped = new CompletableFuture<>();

        Recorded(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public List<HttpModule> modules() {
            return List.of(routes -> {});
        }

        @Override
        public void start() {
            calls.add("start " + name);
        }

        @Override
        public CompletableFuture<Void> stopped() {
            return stopped;
        }

        @Override
        public void close() {
            calls.add("close " + name);
            stopped.complete(null);
        }
    }

    private ServiceGroup group(Service... services) {
        return new ServiceGroup("all", List.of(services), CLOSE_MAX);
    }

    @Test
    void startsInOrderAndClosesInReverse() throws InterruptedException {
        ServiceGroup group = group(new Recorded("a"), new Recorded("b"));
        assertThat(group.modules()).hasSize(2);
        group.start();
        group.close();
        group.close();
        group.awaitStop();
        assertThat(calls).containsExactly("start a", "start b", "close b", "close a");
        assertThatThrownBy(group::start).isInstanceOf(ServiceException.class);
    }

    @Test
    void closesWhatRunsWhenOneCannotStart() {
        Recorded failing = new Recorded("b") {
            @Override
            public void start() {
                throw new ServiceException("no broker at localhost:9092");
            }
        };
        ServiceGroup group = group(new Recorded("a"), failing, new Recorded("c"));
        assertThatThrownBy(group::start).hasMessage("no broker at localhost:9092");
        assertThat(calls).containsExactly("start a", "close b", "close a");
    }

    @Test
    void isClosedByAnotherThreadWhileItStarts() throws Exception {
        CountDownLatch starting = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Recorded slow = new Recorded("b") {
            @Override
            public void start() {
                starting.countDown();
                try {
                    go.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        };
        ServiceGroup group = group(new Recorded("a"), slow, new Recorded("c"));
        CompletableFuture<Void> started = CompletableFuture.runAsync(group::start);
        assertThat(starting.await(10, TimeUnit.SECONDS)).isTrue();
        group.close();
        go.countDown();
        assertThatThrownBy(() -> started.get(10, TimeUnit.SECONDS)).hasMessageContaining("was closed while it started");
        assertThat(calls).containsExactly("start a", "close b", "close a", "close b");
    }

    @Test
    void tellsWhenOneCannotGoOn() {
        Recorded failing = new Recorded("b");
        try (ServiceGroup group = group(new Recorded("a"), failing)) {
            group.start();
            failing.stopped.completeExceptionally(new IllegalStateException("gap at 3:7"));
            assertThatThrownBy(group::awaitStop)
                    .isInstanceOf(ServiceException.class)
                    .hasMessage("b stopped: java.lang.IllegalStateException: gap at 3:7");
        }
        assertThat(calls).contains("close a", "close b");
    }

    @Test
    void leavesBehindWhatDoesNotCloseInTime() throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        Recorded hanging = new Recorded("b") {
            @Override
            public void close() {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    interrupted.countDown();
                }
            }
        };
        ServiceGroup group = new ServiceGroup("all", List.of(new Recorded("a"), hanging), Duration.ofMillis(20));
        group.start();
        group.close();
        assertThat(calls).containsExactly("start a", "start b", "close a");
        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    }
}
