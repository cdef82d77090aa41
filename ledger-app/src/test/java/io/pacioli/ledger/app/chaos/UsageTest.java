package io.pacioli.ledger.app.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
final class UsageTest {
    private static final List<Long> OWN = List.of(ProcessHandle.current().pid());

    @TempDir
    private Path directory;

    @Test
    void aThreadMoreIsSeen() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        long before = Usage.of(OWN).threads();
        List<Thread> more = Stream.generate(() -> Thread.ofPlatform().start(() -> await(end)))
                .limit(20)
                .toList();
        try {
            assertThat(Usage.of(OWN).threads()).isGreaterThanOrEqualTo(before + 10);
        } finally {
            end.countDown();
            for (Thread thread : more) {
                thread.join();
            }
        }
    }

    @Test
    void memoryAndFilesAreThoseOfTheProcess() {
        Usage usage = Usage.of(OWN);

        assertThat(usage.residentBytes()).isBetween(20L << 20, 64L << 30);
        assertThat(usage.files()).isGreaterThan(5);
    }

    @Test
    void aProcessThatHasEndedTakesNothing() {
        assertThat(Usage.of(List.of(1L << 40))).isEqualTo(new Usage(0, 0, 0));
    }

    @Test
    void filesOnDiskCountWithThoseInDirectories() throws IOException {
        Files.write(directory.resolve("a"), new byte[1_000]);
        Files.write(Files.createDirectory(directory.resolve("b")).resolve("c"), new byte[234]);

        assertThat(Usage.diskBytes(directory)).isEqualTo(1_234);
        assertThat(Usage.diskBytes(directory.resolve("none"))).isZero();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
