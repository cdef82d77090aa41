package io.pacioli.ledger.processor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BusyTimeTest {
    private static final long START = 1_000;

    private final BusyTime time = new BusyTime(START);

    @Test
    void aThreadWithoutInputsHasTime() {
        assertThat(time.isLight(START)).isTrue();
    }

    @Test
    void inputsOfAllShardsAddUp() {
        time.add(START, START + 30, START - 1);
        time.add(START + 30, START + 60, START - 2);

        assertThat(time.isLight(START + 99)).isFalse();
        assertThat(time.isLight(START + 100)).isTrue();
    }

    @Test
    void whatWasBeforeACommitAndTheCommitItselfDoNotCount() {
        time.add(START, START + 90, START - 1);
        time.add(START + 200, START + 210, START + 95);

        assertThat(time.isLight(START + 220)).isTrue();
        time.add(START + 210, START + 220, START + 95);
        assertThat(time.isLight(START + 220)).isFalse();
    }

    @Test
    void aShardThatCommittedBeforeTheOthersBeginsNothingAnew() {
        time.add(START + 200, START + 290, START + 95);
        time.add(START + 290, START + 295, START + 90);

        assertThat(time.isLight(START + 300)).isFalse();
    }

    @Test
    void eachThreadHasItsOwn() throws InterruptedException {
        BusyTime[] other = new BusyTime[1];
        Thread thread = Thread.ofPlatform().start(() -> other[0] = BusyTime.ofThisThread());
        thread.join();

        assertThat(BusyTime.ofThisThread()).isSameAs(BusyTime.ofThisThread()).isNotSameAs(other[0]);
    }
}
