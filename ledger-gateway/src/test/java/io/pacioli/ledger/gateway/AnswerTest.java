package io.pacioli.ledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerTest {
    @ParameterizedTest
    @CsvSource({
        "t-1, /v1/commands/t-1",
        "a/b, /v1/commands/a%2Fb",
        "50%, /v1/commands/50%25",
        "a+b, /v1/commands/a%2Bb",
        "a?b#c, /v1/commands/a%3Fb%23c",
        "ü🪙, /v1/commands/%C3%BC%F0%9F%AA%99",
        "., /v1/commands/%2E",
        ".., /v1/commands/%2E%2E",
        "..., /v1/commands/...",
    })
    void placesEveryIdInOneSegment(String id, String location) {
        assertThat(Answer.location(id)).isEqualTo(location);
        assertThat(URI.create(location).getPath()).isEqualTo("/v1/commands/" + id);
    }
}
