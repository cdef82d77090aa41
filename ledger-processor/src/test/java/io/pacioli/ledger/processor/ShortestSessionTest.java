package io.pacioli.ledger.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.junit.jupiter.api.Test;

class ShortestSessionTest {
    private static Config broker(String millis) {
        return new Config(List.of(new ConfigEntry("group.min.session.timeout.ms", millis)));
    }

    @Test
    void isWhatIsWantedWhereBrokersAllowIt() {
        assertThat(ShortestSession.millis(List.of(broker("3000"), broker("1000"))))
                .isEqualTo(4_000);
    }

    @Test
    void isAsLongAsTheStrictestBrokerWants() {
        assertThat(ShortestSession.millis(List.of(broker("3000"), broker("10000"), broker("6000"))))
                .isEqualTo(10_000);
    }

    @Test
    void isTheUsualLimitWhereABrokerTellsNothingOfUse() {
        assertThat(ShortestSession.millis(List.of(new Config(List.of())))).isEqualTo(6_000);
        assertThat(ShortestSession.millis(List.of(broker("")))).isEqualTo(6_000);
    }
}
