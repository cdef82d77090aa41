package io.pacioli.ledger.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EarlyCommitTest {
    private static final Duration INTERVAL = Duration.ofMillis(100);
    private static final long LONG_AGO = INTERVAL.toNanos();

    private final EarlyCommit earlyCommit = new EarlyCommit(INTERVAL);
    private long nowNanos = System.nanoTime();

    @Test
    void asksOnceForWhatHasCome() {
        assertThat(isDue(LONG_AGO)).isFalse();
        earlyCommit.add(1);
        assertThat(isDue(LONG_AGO)).isTrue();
        assertThat(isDue(LONG_AGO)).isFalse();
    }

    /** A look that was late is followed by one soon after the commit. */
    @Test
    void whatComesTooSoonAfterACommitIsNotForgotten() {
        earlyCommit.add(1);
        assertThat(isDue(LONG_AGO / 2)).isFalse();
        assertThat(isDue(LONG_AGO)).isTrue();
    }

    /** It does not wait for the next look either. */
    @Test
    void whatCameTooSoonIsAskedForAsSoonAsItIsTime() {
        earlyCommit.add(1);
        assertThat(isDue(LONG_AGO / 2)).isFalse();
        assertThat(earlyCommit.isDue(nowNanos + 1, LONG_AGO)).isTrue();
    }

    @Test
    void leavesALoadToKafkaStreams() {
        earlyCommit.add(EarlyCommit.LIGHT_LOAD_MAX);
        earlyCommit.add(1);
        assertThat(isDue(LONG_AGO)).isFalse();
        earlyCommit.add(EarlyCommit.LIGHT_LOAD_MAX);
        assertThat(isDue(LONG_AGO)).isTrue();
    }

    @Test
    void whatHasWaitedIsNoLoad() {
        earlyCommit.add(EarlyCommit.LIGHT_LOAD_MAX);
        assertThat(isDue(0)).isFalse();
        earlyCommit.add(1);
        assertThat(isDue(LONG_AGO)).isTrue();
    }

    @Test
    void aLoadTakesAlongWhatHasWaited() {
        earlyCommit.add(1);
        assertThat(isDue(0)).isFalse();
        earlyCommit.add(EarlyCommit.LIGHT_LOAD_MAX + 1);
        assertThat(isDue(LONG_AGO)).isFalse();
        assertThat(isDue(LONG_AGO)).isFalse();
    }

    /** The other shards of the thread look at nearly the same time: they must not take what has just come for all that comes. */
    @Test
    void oneLookInAnIntervalIsForAllShards() {
        earlyCommit.add(EarlyCommit.LIGHT_LOAD_MAX + 1);
        assertThat(isDue(LONG_AGO)).isFalse();
        earlyCommit.add(1);
        assertThat(earlyCommit.isDue(nowNanos + 1, LONG_AGO)).isFalse();
        earlyCommit.add(EarlyCommit.LIGHT_LOAD_MAX);
        assertThat(isDue(LONG_AGO)).isFalse();
    }

    /** Whichever shard looks first asks for what has come to the others. */
    @Test
    void oneShardAsksForAllOfTheThread(@TempDir Path directory) {
        ThreadLocal<EarlyCommit> earlyCommits = ThreadLocal.withInitial(() -> new EarlyCommit(Duration.ofMillis(1)));
        try (LoneShard busy = new LoneShard(0, 2, directory, earlyCommits);
                LoneShard idle = new LoneShard(1, 2, directory, earlyCommits)) {
            busy.tick();
            Await.until("a commit", () -> {
                idle.look();
                return idle.hasAskedForCommit();
            });
        }
    }

    @Test
    void aShardThatIsGivenUpDoesNotLook(@TempDir Path directory) {
        try (LoneShard shard = new LoneShard(0, 2, directory)) {
            shard.giveUp();
            assertThat(shard.isScheduled()).isFalse();
        }
    }

    /** The next look, an interval after the one before. */
    private boolean isDue(long nanosSinceCommit) {
        nowNanos += INTERVAL.toNanos();
        return earlyCommit.isDue(nowNanos, nanosSinceCommit);
    }
}
