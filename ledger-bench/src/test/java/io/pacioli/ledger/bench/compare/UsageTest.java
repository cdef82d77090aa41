package io.pacioli.ledger.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class UsageTest {
    @Test
    void ticksAreThoseOfTheProcessAndOfItsChildrenThatHaveEnded() {
        String stat = "123 (post) gres (1) S 1 123 123 0 -1 4194560 100 200 0 0 11 22 33 44 20 0 1 0 5000 1000 100\n";

        assertThat(Usage.ticks(stat)).isEqualTo(11 + 22 + 33 + 44);
    }

    @Test
    void writtenBytesAreThoseOfTheSectors() {
        assertThat(Usage.written(
                        " 1242204    52920 77356898   926784  7078518  1112975 20 6763133  0 983796  8256391\n"))
                .isEqualTo(20 * 512);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whatThisProcessDoesIsCounted() {
        Usage before = Usage.now();
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(500);
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }

        assertThat(Usage.now().since(before).cpuSeconds()).isGreaterThan(0.02);
    }

    @Test
    void whatIsUsedSinceIsTheDifference() {
        assertThat(new Usage(5, 500).since(new Usage(2, 100))).isEqualTo(new Usage(3, 400));
    }
}
