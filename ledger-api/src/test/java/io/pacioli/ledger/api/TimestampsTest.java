package io.pacioli.ledger.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pacioli.ledger.core.InvariantViolation;
import io.pacioli.ledger.core.MalformedException;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampsTest {
    private static final long LAST = 253_402_300_799_999L;

    @ParameterizedTest
    @CsvSource({
        "0, 1970-01-01T00:00:00.000Z",
        "1795428930123, 2026-11-23T10:15:30.123Z",
        "951782399999, 2000-02-28T23:59:59.999Z",
        "951825600000, 2000-02-29T12:00:00.000Z",
        "253402300799999, 9999-12-31T23:59:59.999Z",
    })
    void readsWhatItWrites(long millis, String text) {
        assertThat(Timestamps.format(millis)).isEqualTo(text);
        assertThat(Timestamps.parse("at", text)).isEqualTo(millis);
    }

    @Test
    void agreesWithTheRuntime() {
        Random random = new Random(5);
        for (int i = 0; i < 50_000; i++) {
            long millis = random.nextLong(LAST + 1);
            String text = Timestamps.format(millis);
            assertThat(Instant.parse(text).toEpochMilli()).isEqualTo(millis);
            assertThat(Timestamps.parse("at", text)).isEqualTo(millis);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026-11-23T10:15:30Z",
                "2026-11-23T10:15:30.12Z",
                "2026-11-23T10:15:30.1234Z",
                "2026-11-23t10:15:30.123z",
                "2026-11-23T10:15:30.123z",
                "2026-11-23T24:00:00.000Z",
                "2026-11-23T23:60:00.000Z",
                "2016-12-31T23:59:60.000Z",
                "2026-02-29T00:00:00.000Z",
                "2026-13-01T00:00:00.000Z",
                "2026-00-01T00:00:00.000Z",
                "2026-11-00T00:00:00.000Z",
                "1969-12-31T23:59:59.999Z",
                "0000-01-01T00:00:00.000Z",
                "+10000-01-01T00:00:00.0Z",
                "2026-11-23 10:15:30.123Z",
                "2026-11-23T10:15:30,123Z",
                "2026-11-23T10:15:30+0100",
                "2026-11-23T10:15:30.+12Z",
                "2026-11-23T-1:15:30.123Z",
                "\u0662026-11-23T10:15:30.12Z"
            })
    void refusesEveryOtherForm(String text) {
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> Timestamps.parse("at", text))
                .satisfies(e -> assertThat(e.field()).isEqualTo("at"));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-23T10:15:30Z, 1795428930000",
        "2026-11-23T10:15:30.1Z, 1795428930100",
        "2026-11-23T10:15:30.12Z, 1795428930120",
        "2026-11-23T10:15:30.123Z, 1795428930123",
        "1970-01-01T00:00:00Z, 0",
        "9999-12-31T23:59:59.999Z, 253402300799999"
    })
    void readsTheTimesOfClientsWithUpToThreeDecimals(String text, long millis) {
        assertThat(Timestamps.parseLenient("at", text)).isEqualTo(millis);
        assertThat(Instant.parse(text).toEpochMilli()).isEqualTo(millis);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Z",
                "2026-11-23T10:15:30",
                "2026-11-23T10:15:3Z",
                "2026-11-23T10:15Z",
                "2026-11-23T10:15:30.Z",
                "2026-11-23T10:15:30,5Z",
                "2026-11-23T10:15:30z",
                "2026-11-23T10:15:30.1234Z",
                "2026-11-23T10:15:30.123456789Z",
                "2026-11-23T10:15:30.1 Z",
                "2026-11-23T10:15:30+00:00",
                "2026-11-23T11:15:30+01:00",
                "2026-11-23T24:00:00Z",
                "2016-12-31T23:59:60Z",
                "2026-02-29T00:00:00Z",
                "1969-12-31T23:59:59Z",
                "+10000-01-01T00:00:00Z",
                "2026-11-23"
            })
    void refusesOtherTimesOfClientsAsTheyWereGiven(String text) {
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> Timestamps.parseLenient("at", text))
                .withMessage("at must be a UTC time such as 2026-11-23T10:15:30.123Z: " + text);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, LAST + 1, Long.MIN_VALUE, Long.MAX_VALUE})
    void refusesToWriteATimeThatItCouldNotRead(long millis) {
        assertThatExceptionOfType(InvariantViolation.class).isThrownBy(() -> Timestamps.format(millis));
    }
}
