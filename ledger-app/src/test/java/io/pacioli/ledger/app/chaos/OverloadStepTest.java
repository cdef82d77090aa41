package io.pacioli.ledger.app.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

final class OverloadStepTest {
    private static final Duration BOUND = Duration.ofMillis(100);

    @Test
    void itIsFastFromTheSecondOnAfterWhichNoneIsSlow() {
        assertThat(step(500, 90, 300, 80, 70).fastAfter(BOUND)).isEqualTo(3);
        assertThat(step(50, 60).fastAfter(BOUND)).isZero();
        assertThat(step(50, 500).fastAfter(BOUND)).isEqualTo(2);
    }

    /** A second in which nothing was decided is as slow as can be. */
    @Test
    void aSecondWithoutADecisionIsNotFast() {
        assertThat(step(50, 0, 60).fastAfter(BOUND)).isEqualTo(2);
    }

    @Test
    void theLatenciesOfAStepAreThoseOfItsSeconds() {
        OverloadStep step = step(10, 20, 30);

        assertThat(step.latencies().getTotalCount()).isEqualTo(3);
        assertThat(step.p99()).isBetween(Duration.ofMillis(30), Duration.ofMillis(31));
        assertThat(step.rate(step.counts().decided())).isEqualTo(200);
    }

    /** One batch in each second, or none for 0. */
    private static OverloadStep step(long... millis) {
        List<Histogram> seconds = LongStream.of(millis)
                .mapToObj(latency -> {
                    Histogram second = new Histogram(3);
                    if (latency > 0) {
                        second.recordValue(latency * 1_000);
                    }
                    return second;
                })
                .toList();
        return new OverloadStep(
                "step", true, Duration.ofSeconds(2), new BatchSender.Counts(500, 400, 0, 100, 0), seconds);
    }
}
