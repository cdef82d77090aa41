package io.pacioli.ledger.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Map;
import java.util.PrimitiveIterator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LagWatchTest {
    private static final long JOURNAL = 100;

    @Test
    void theMostThatItWasBehindCounts() throws InterruptedException {
        assertThat(watched(90, 40, 80)).containsExactly(Map.entry(Stage.STORED, 60L));
    }

    @Test
    void whatDoesNotSayHowFarItIsDoesNotCount() throws InterruptedException {
        assertThat(watched(90, 0, 80)).containsExactly(Map.entry(Stage.STORED, 20L));
    }

    @Test
    void whatCannotBeAskedIsTold() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        LagWatch watch = watch(asked, () -> {
            throw new IllegalStateException("gone");
        });

        assertThatThrownBy(watch::entriesMax).hasRootCauseMessage("gone");
    }

    /** @param entries what the projection says when it is asked, one after the other */
    private static Map<Stage, Long> watched(long... entries) throws InterruptedException {
        PrimitiveIterator.OfLong answers = Arrays.stream(entries).iterator();
        return watch(new CountDownLatch(entries.length), () -> answers.hasNext() ? answers.nextLong() : JOURNAL)
                .entriesMax();
    }

    /** Returns once it was asked often enough, and is not asked any more. */
    private static LagWatch watch(CountDownLatch asked, LongSupplier projection) throws InterruptedException {
        LagWatch watch = new LagWatch(() -> JOURNAL, Map.of(Stage.STORED, () -> {
            asked.countDown();
            return projection.getAsLong();
        }));
        try (watch) {
            assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
        }
        return watch;
    }
}
