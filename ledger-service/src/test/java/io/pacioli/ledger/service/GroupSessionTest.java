package io.pacioli.ledger.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidSessionTimeoutException;
import org.junit.jupiter.api.Test;

class GroupSessionTest {
    private static final String SESSION = "session.timeout.ms";

    private static InvalidSessionTimeoutException refused() {
        return new InvalidSessionTimeoutException("out of range");
    }

    @Test
    void isShortUntilBrokersRefuseIt() {
        GroupSession session = new GroupSession(Map.of("client.id", "projector"));
        assertThat(session.settings()).containsEntry(SESSION, 3_000).containsEntry("heartbeat.interval.ms", 750);
        assertThat(session.lengthenAfter(new KafkaException("out of reach"))).isFalse();
        assertThat(session.settings()).containsEntry(SESSION, 3_000);

        assertThat(session.lengthenAfter(refused())).isTrue();
        assertThat(session.settings()).containsEntry(SESSION, 6_000).containsEntry("heartbeat.interval.ms", 750);
        assertThat(session.lengthenAfter(refused())).isFalse();
        assertThat(session.settings()).containsEntry(SESSION, 6_000);
    }

    @Test
    void isTheOperatorsIfThereIsOne() {
        Map<String, String> operators = Map.of(SESSION, "2000");
        GroupSession session = new GroupSession(operators);
        assertThat(session.lengthenAfter(refused())).isFalse();
        Map<String, Object> config = new HashMap<>(session.settings());
        config.putAll(operators);
        assertThat(config).containsEntry(SESSION, "2000").containsEntry("heartbeat.interval.ms", 750);
    }

    /** Kafka's client refuses a heartbeat that is no shorter than the session. */
    @Test
    void isLongerThanTheOperatorsHeartbeats() {
        assertThat(new GroupSession(Map.of("heartbeat.interval.ms", "3000")).settings())
                .containsEntry(SESSION, 9_000);
        assertThat(new GroupSession(Map.of("heartbeat.interval.ms", "500")).settings())
                .containsEntry(SESSION, 3_000);
        assertThat(new GroupSession(Map.of("heartbeat.interval.ms", "often")).settings())
                .containsEntry(SESSION, 3_000);
    }
}
