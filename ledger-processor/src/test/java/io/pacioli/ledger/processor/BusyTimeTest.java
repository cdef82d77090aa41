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
        time.add(START, START + 20);
        time.add(START + 20, START + 40);

        assertThat(time.isLight(START + 99)).isFalse();
        assertThat(time.isLight(START + 100)).isTrue();
    }

    @Test
    void whatWasBeforeACommitAndTheCommitItselfDoNotCount() {
        time.add(START, START + 90);
        time.committed(START + 95);
        time.add(START + 200, START + 210);

        assertThat(time.isLight(START + 211)).isFalse();
        assertThat(time.isLight(START + 225)).isTrue();
    }

    @Test
    void aLoneInputOfAThreadThatWasIdleLeavesItTime() {
        time.committed(START + 10);
        assertThat(time.isLight(START + 20)).isTrue();

        time.add(START + 1_000, START + 1_100);

        assertThat(time.isLight(START + 1_100)).isTrue();
    }

    @Test
    void theTimeSinceACommitIsThatOfAllShards() {
        assertThat(time.nanosSinceCommit(START + 70)).isEqualTo(70);

        time.committed(START + 50);

        assertThat(time.nanosSinceCommit(START + 70)).isEqualTo(20);
    }

    @Test
    void eachThreadHasItsOwn() throws InterruptedException {
        BusyTime[] other = new BusyTime[1];
        Thread thread = Thread.ofPlatform().start(() -> other[0] = BusyTime.ofThisThread());
        thread.join();

        assertThat(BusyTime.ofThisThread()).isSameAs(BusyTime.ofThisThread()).isNotSameAs(other[0]);
    }
}
