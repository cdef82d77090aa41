package io.pacioli.ledger.processor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BusyTimeTest {
    private static final long START = 1_000;

    /** When a shard committed that has not done so since the time began. */
    private static final long BEFORE = START - 1;

    private final BusyTime time = new BusyTime(START);

    @Test
    void aThreadWithoutInputsHasTime() {
        assertThat(time.isLight(START, BEFORE)).isTrue();
    }

    @Test
    void inputsOfAllShardsAddUp() {
        time.add(START, START + 30, BEFORE);
        time.add(START + 30, START + 60, BEFORE - 1);

        assertThat(time.isLight(START + 99, BEFORE)).isFalse();
        assertThat(time.isLight(START + 100, BEFORE)).isTrue();
    }

    @Test
    void whatWasBeforeACommitAndTheCommitItselfDoNotCount() {
        long committed = START + 95;
        time.add(START, START + 90, BEFORE);
        time.add(START + 200, START + 210, committed);

        assertThat(time.isLight(START + 211, committed)).isFalse();
        assertThat(time.isLight(START + 220, committed)).isTrue();
    }

    @Test
    void aLoneInputOfAThreadThatWasIdleLeavesItTime() {
        long committed = START + 10;
        assertThat(time.isLight(START + 20, committed)).isTrue();

        time.add(START + 1_000, START + 1_100, committed);

        assertThat(time.isLight(START + 1_100, committed)).isTrue();
    }

    @Test
    void aShardThatCommittedBeforeTheOthersBeginsNothingAnew() {
        time.add(START + 200, START + 290, START + 95);
        time.add(START + 290, START + 295, START + 90);

        assertThat(time.isLight(START + 300, START + 90)).isFalse();
    }

    @Test
    void eachThreadHasItsOwn() throws InterruptedException {
        BusyTime[] other = new BusyTime[1];
        Thread thread = Thread.ofPlatform().start(() -> other[0] = BusyTime.ofThisThread());
        thread.join();

        assertThat(BusyTime.ofThisThread()).isSameAs(BusyTime.ofThisThread()).isNotSameAs(other[0]);
    }
}
