package io.pacioli.ledger.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "250ms, 250, 250ms",
        "0s, 0, 0s",
        "5s, 5000, 5s",
        "90s, 90000, 90s",
        "2m, 120000, 2m",
        "60m, 3600000, 1h",
        "7d, 604800000, 7d",
        "PT1.5S, 1500, 1500ms",
        "PT1H, 3600000, 1h"
    })
    void readsAndWrites(String text, long millis, String written) {
        Duration duration = Durations.parse(text);
        assertThat(duration).isEqualTo(Duration.ofMillis(millis));
        assertThat(Durations.format(duration)).isEqualTo(written);
        assertThat(Durations.parse(written)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "5",
                "s",
                "-5s",
                "1.5s",
                "5 s",
                "5S",
                "PT-1S",
                "9999999999999s",
                "P99999999999999999999D",
                "PT0.0000000000000000000000000000000000000001S"
            })
    void refusesAnythingElse(String text) {
        assertThatThrownBy(() -> Durations.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(Durations.RULE);
    }
}
