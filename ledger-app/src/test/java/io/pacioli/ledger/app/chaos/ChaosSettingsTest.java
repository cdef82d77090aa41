package io.pacioli.ledger.app.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChaosSettingsTest {
    private static ChaosSettings with(int brokers) {
        return new ChaosSettings(
                1, Duration.ofMinutes(3), 100, 1, List.of(), 2, 2, 6, brokers, Duration.ofMillis(25), null);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void oneBrokerOrThree(int brokers) {
        assertThat(with(brokers).brokers()).isEqualTo(brokers);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 2, 4})
    void noOtherNumberOfBrokersMakesAQuorum(int brokers) {
        assertThatThrownBy(() -> with(brokers))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("must be 1 or 3: the number of brokers " + brokers);
    }

    @Test
    void theLoadRisesForASixthOfTheTime() {
        assertThat(with(3).rampUp()).isEqualTo(Duration.ofSeconds(30));
    }
}
