package io.pacioli.ledger.app.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class PaceTest {
    private static final Duration DURATION = Duration.ofSeconds(100);
    private static final Duration RAMP_UP = Duration.ofSeconds(20);

    /** 10 a second for 80 s, and half of that on average for 20 s. */
    private final Pace pace = new Pace(900, DURATION, RAMP_UP);

    @Test
    void allAreDueWithinTheTimeAndInOrder() {
        assertThat(LongStream.rangeClosed(0, 900).map(pace::dueNanos).boxed().toList())
                .isSorted()
                .startsWith(0L)
                .endsWith(DURATION.toNanos());
    }

    @Test
    void theRateRisesAndThenStays() {
        assertThat(dueBetween(0, 10)).isBetween(24L, 26L);
        assertThat(dueBetween(10, 20)).isBetween(74L, 76L);
        assertThat(dueBetween(20, 30)).isBetween(99L, 101L);
        assertThat(dueBetween(90, 100)).isBetween(99L, 101L);
    }

    private long dueBetween(long fromSeconds, long toSeconds) {
        return LongStream.range(0, 900)
                .map(pace::dueNanos)
                .filter(due -> due >= fromSeconds * 1_000_000_000L && due < toSeconds * 1_000_000_000L)
                .count();
    }
}
