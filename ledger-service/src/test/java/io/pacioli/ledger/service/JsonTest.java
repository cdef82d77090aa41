package io.pacioli.ledger.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Position;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonTest {
    record Balance(
            String account,
            BigInteger available,
            Amount held,
            Position position,
            Instant at,
            @Nullable String memo) {}

    record Limits(int depth, BigInteger amount) {}

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void writesAmountsAsStringsAndLeavesOutNulls() {
        Balance balance = new Balance(
                "alice",
                new BigInteger("-99999999999999999999999999999999999999"),
                Amount.of(5),
                new Position(3, 1841),
                Instant.parse("2026-11-23T10:15:30.123Z"),
                null);
        assertThat(new String(Json.bytes(balance), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"account\":\"alice\",\"available\":\"-99999999999999999999999999999999999999\",\"held\":\"5\","
                                + "\"position\":\"3:1841\",\"at\":\"2026-11-23T10:15:30.123Z\"}");
    }

    @Test
    void readsIntoTypesAndIgnoresUnknownMembers() {
        assertThat(Json.read(utf8("{\"depth\":3,\"amount\":\"12\",\"new\":true}"), Limits.class))
                .isEqualTo(new Limits(3, BigInteger.valueOf(12)));
        assertThatThrownBy(() -> Json.read(utf8("{\"depth\":\"deep\"}"), Limits.class))
                .isInstanceOf(ProblemException.class)
                .hasMessageStartingWith("the request body does not have the expected shape or breaks a limit: line 1");
        assertThatThrownBy(() -> Json.read(utf8("null"), Limits.class)).isInstanceOf(ProblemException.class);
    }

    @Test
    void turnsAMalformedValueIntoAProblem() {
        Problem problem = Problem.of(new MalformedException("amount", "must be a string of digits", "-1"));
        assertThat(problem.status()).isEqualTo(400);
        assertThat(problem.detail()).isEqualTo("amount must be a string of digits: amount=-1");
        assertThat(problem.extensions())
                .isEqualTo(Map.of(
                        "code", "MALFORMED", "field", "amount", "rule", "must be a string of digits", "value", "-1"));
    }

    @Test
    void refusesProblemsThatAreNone() {
        assertThatThrownBy(() -> Problem.of(200, "FINE", "fine")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Problem.of(400, "BAD", "bad").with("status", 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(new String(
                        Problem.ofStatus(404, "gone").withInstance("urn:uuid:1").toJson(), StandardCharsets.UTF_8))
                .isEqualTo("{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,\"detail\":\"gone\","
                        + "\"instance\":\"urn:uuid:1\"}");
    }
}
