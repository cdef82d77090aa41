package io.pacioli.ledger.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class CommandIdsTest {
    @Test
    void areUuidsOfVersionSevenWithTheTimeInFront() {
        UUID id = UUID.fromString(CommandIds.next());

        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        Instant made = Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16);
        assertThat(Duration.between(made, Instant.now()).abs()).isLessThan(Duration.ofMinutes(1));
    }

    @Test
    void areAllDifferent() {
        assertThat(Stream.generate(CommandIds::next).limit(10_000).collect(Collectors.toSet()))
                .hasSize(10_000);
    }
}
