package io.pacioli.ledger.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class EarlyCommitTest {
    private static final Duration INTERVAL = Duration.ofMillis(100);
    private static final long LONG_AGO = INTERVAL.toNanos();

    private final EarlyCommit earlyCommit = new EarlyCommit(INTERVAL);

    @Test
    void asksOnceForWhatHasCome() {
        assertThat(earlyCommit.isDue(LONG_AGO)).isFalse();
        earlyCommit.add(1);
        assertThat(earlyCommit.isDue(LONG_AGO)).isTrue();
        assertThat(earlyCommit.isDue(LONG_AGO)).isFalse();
    }

    /** A look that was late is followed by one soon after the commit. */
    @Test
    void whatComesTooSoonAfterACommitIsNotForgotten() {
        earlyCommit.add(1);
        assertThat(earlyCommit.isDue(LONG_AGO / 2)).isFalse();
        assertThat(earlyCommit.isDue(LONG_AGO)).isTrue();
    }

    @Test
    void leavesALoadToKafkaStreams() {
        earlyCommit.add(EarlyCommit.LIGHT_LOAD_MAX);
        earlyCommit.add(1);
        assertThat(earlyCommit.isDue(LONG_AGO)).isFalse();
        earlyCommit.add(EarlyCommit.LIGHT_LOAD_MAX);
        assertThat(earlyCommit.isDue(LONG_AGO)).isTrue();
    }

    @Test
    void whatHasWaitedIsNoLoad() {
        earlyCommit.add(EarlyCommit.LIGHT_LOAD_MAX);
        assertThat(earlyCommit.isDue(0)).isFalse();
        earlyCommit.add(1);
        assertThat(earlyCommit.isDue(LONG_AGO)).isTrue();
    }

    @Test
    void aLoadTakesAlongWhatHasWaited() {
        earlyCommit.add(1);
        assertThat(earlyCommit.isDue(0)).isFalse();
        earlyCommit.add(EarlyCommit.LIGHT_LOAD_MAX + 1);
        assertThat(earlyCommit.isDue(LONG_AGO)).isFalse();
        assertThat(earlyCommit.isDue(LONG_AGO)).isFalse();
    }
}
