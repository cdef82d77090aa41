package io.pacioli.ledger.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ProcessorTimeTest {
    @Test
    void ticksAreThoseOfTheProcessAndOfItsChildrenThatHaveEnded() {
        String stat = "123 (post) gres (1) S 1 123 123 0 -1 4194560 100 200 0 0 11 22 33 44 20 0 1 0 5000 1000 100\n";

        assertThat(ProcessorTime.ticks(stat, ProcessorTime.ALL_TIMES)).isEqualTo(11 + 22 + 33 + 44);
        assertThat(ProcessorTime.ticks("", ProcessorTime.ALL_TIMES)).isZero();
    }

    @Test
    void whoseThreadItIsTellsItsName() {
        assertThat(ProcessorTime.partOfThread("ledger-processor-1234-StreamThread-1"))
                .isEqualTo("decisions");
        assertThat(ProcessorTime.partOfThread(
                        "kafka-producer-network-thread | ledger-processor-1234-StreamThread-1-producer"))
                .isEqualTo("processor's producer");
        assertThat(ProcessorTime.partOfThread("kafka-producer-network-thread | producer-1"))
                .isEqualTo("client");
        assertThat(ProcessorTime.partOfThread("bench-journal")).isEqualTo("reader of the benchmark");
        assertThat(ProcessorTime.partOfThread("main")).isEqualTo("client");
    }

    @Test
    void threadsThatJavaDoesNotKnowAreToldApartByTheirNames() {
        assertThat(ProcessorTime.partOfNativeThread("7 (rocksdb:low) S 1")).isEqualTo("RocksDB in the background");
        assertThat(ProcessorTime.partOfNativeThread("7 (GC Thread#1) S 1")).isEqualTo("garbage collector");
        assertThat(ProcessorTime.partOfNativeThread("7 (G1 Conc#0) S 1")).isEqualTo("garbage collector");
        assertThat(ProcessorTime.partOfNativeThread("7 (C2 CompilerThre) S 1")).isEqualTo("compilers");
        assertThat(ProcessorTime.partOfNativeThread("7 (main) S 1")).isNull();
        assertThat(ProcessorTime.partOfNativeThread("")).isNull();
    }

    @Test
    void whatAProcessIsTellsItsCommandLine() {
        assertThat(ProcessorTime.part("/opt/java\0-Xmx1g\0io.pacioli.ledger.embedded.KafkaBroker\0/tmp/x/postgres"))
                .isEqualTo("broker");
        assertThat(ProcessorTime.part("postgres: ledger ledger 127.0.0.1(41234) COMMIT"))
                .isEqualTo("PostgreSQL");
        assertThat(ProcessorTime.part("sync")).isEqualTo("other processes");
    }

    @Test
    void theTimeOfThreadsThatHaveEndedIsNotLost() {
        ProcessorTime earlier = new ProcessorTime(Map.of("client", 4.0, "rest of this process", 1.0));
        ProcessorTime later = new ProcessorTime(Map.of("client", 3.0, "rest of this process", 5.0));

        ProcessorTime since = later.since(earlier);

        assertThat(since.seconds()).isEqualTo(Map.of("rest of this process", 3.0));
        assertThat(since.total()).isEqualTo(3);
    }

    @Test
    void eachThingIsToldInMicrosecondsTheLargestPartFirst() {
        ProcessorTime time = new ProcessorTime(Map.of("broker", 2.0, "decisions", 3.0, "client", 0.001));

        assertThat(time.each(100_000)).isEqualTo("50.0 µs: decisions 30.0, broker 20.0");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whatThisThreadDoesIsCountedAsItsPart() {
        ProcessorTime before = ProcessorTime.now();
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(500);
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }

        ProcessorTime since = ProcessorTime.now().since(before);

        double client = since.seconds().getOrDefault("client", 0.0);
        assertThat(client).isGreaterThan(0.02);
        assertThat(since.total()).isGreaterThan(client - 0.02);
    }
}
