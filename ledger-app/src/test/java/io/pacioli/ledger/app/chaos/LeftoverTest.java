package io.pacioli.ledger.app.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class LeftoverTest {
    private static final Path DIRECTORY = Path.of("/somewhere");

    @Test
    void whatOthersStillUseIsNotLeftOver() {
        assertThat(Leftover.is(DIRECTORY.resolve(Leftover.name("disk")))).isFalse();
    }

    @Test
    void whatAKilledRunHadIsLeftOver() throws IOException, InterruptedException {
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();

        assertThat(Leftover.is(DIRECTORY.resolve("ledger-chaos-" + ended.pid() + "-disk")))
                .isTrue();
    }

    @Test
    void whatIsNotOursIsNotLeftOver() throws IOException, InterruptedException {
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();

        assertThat(Leftover.is(DIRECTORY.resolve("disk-" + ended.pid() + "-disk")))
                .isFalse();
        assertThat(Leftover.is(DIRECTORY.resolve("ledger-chaos-" + ended.pid())))
                .isFalse();
    }
}
