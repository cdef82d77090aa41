package io.pacioli.ledger.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.bench.ProcessorTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class UsageTest {
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

        assertThat(Usage.now().since(before).time().total()).isGreaterThan(0.02);
    }

    @Test
    void whatIsUsedSinceIsTheDifference() {
        ProcessorTime earlier = new ProcessorTime(Map.of("broker", 2.0));
        ProcessorTime later = new ProcessorTime(Map.of("broker", 5.0));

        assertThat(new Usage(later, 500).since(new Usage(earlier, 100)))
                .isEqualTo(new Usage(new ProcessorTime(Map.of("broker", 3.0)), 400));
    }
}
