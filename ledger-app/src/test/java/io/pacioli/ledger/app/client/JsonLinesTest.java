package io.pacioli.ledger.app.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class JsonLinesTest {
    @Test
    void linesEndWithALineBreakOrTheFile() throws IOException {
        try (JsonLines lines = lines("one\r\n\nthree")) {
            assertThat(lines.next()).asString().isEqualTo("one");
            assertThat(lines.number()).isEqualTo(1);
            assertThat(lines.next()).isEmpty();
            assertThat(lines.next()).asString().isEqualTo("three");
            assertThat(lines.number()).isEqualTo(3);
            assertThat(lines.next()).isNull();
        }
    }

    @Test
    void anEndlessLineIsCutAndTheNextOneIsNot() throws IOException {
        try (JsonLines lines = lines("x".repeat(1_000) + "\nnext\n")) {
            assertThat(lines.next()).hasSize(10);
            assertThat(lines.next()).asString().isEqualTo("next");
            assertThat(lines.next()).isNull();
        }
    }

    private static JsonLines lines(String text) {
        return new JsonLines(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), 10);
    }
}
