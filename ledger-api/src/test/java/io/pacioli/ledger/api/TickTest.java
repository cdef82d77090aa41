package io.pacioli.ledger.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pacioli.ledger.core.MalformedException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TickTest {
    @Test
    void knowsItsOwnBytes() {
        assertThat(new String(Tick.bytes(), StandardCharsets.UTF_8)).isEqualTo("{\"type\":\"Tick\"}");
        assertThat(Tick.is(Tick.bytes())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{}", "{\"type\": \"Tick\"}", "{\"type\":\"Tick\"} ", "{\"type\":\"Tick\",\"id\":\"t-1\"}"})
    void isSpelledInOneWayOnly(String value) {
        assertThat(Tick.is(value.getBytes(StandardCharsets.UTF_8))).isFalse();
    }

    @Test
    void isNotNothing() {
        assertThat(Tick.is(null)).isFalse();
    }

    @Test
    void isNoCommand() {
        assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> CommandCodec.decode(Tick.bytes()));
    }

    @Test
    void cannotBeChangedByWhoeverAsksForIt() {
        Tick.bytes()[0] = 0;
        assertThat(Tick.is(Tick.bytes())).isTrue();
    }
}
