package io.pacioli.ledger.service;

import static io.pacioli.ledger.service.RunningServer.contentType;
import static io.pacioli.ledger.service.RunningServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiDocsTest {
    private static final Pattern LINK = Pattern.compile("(?:href|src)=\"([^\"]+)\"");

    private final RunningServer running = RunningServer.of();

    @AfterAll
    void stop() {
        running.close();
    }

    @Test
    void servesTheDocumentAndNotAgainToWhoHasIt() {
        HttpResponse<String> response = running.get("/openapi.json");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(contentType(response)).isEqualTo("application/json");
        assertThat(json(response).path("paths").properties().stream().map(Map.Entry::getKey))
                .containsExactly("/healthz", "/readyz", "/metrics");
        String tag = response.headers().firstValue("ETag").orElseThrow();
        assertThat(running.get("/openapi.json", "If-None-Match", tag).statusCode())
                .isEqualTo(304);
        assertThat(running.get("/openapi.json", "If-None-Match", "W/\"other\"").statusCode())
                .isEqualTo(200);
    }

    @Test
    void servesAPageWhosePartsAreAllThere() {
        HttpResponse<String> page = running.get("/docs");
        assertThat(contentType(page)).startsWith("text/html");
        List<String> links =
                LINK.matcher(page.body()).results().map(match -> match.group(1)).toList();
        assertThat(links).hasSize(4).allSatisfy(link -> {
            URI uri = page.uri().resolve(link);
            assertThat(uri.getAuthority()).isEqualTo(page.uri().getAuthority());
            HttpResponse<String> part = running.get(uri.getPath());
            assertThat(part.statusCode()).isEqualTo(200);
            assertThat(part.body()).isNotEmpty();
            assertThat(part.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        });
        assertThat(running.get("/docs/initializer.js").body()).contains("\"./openapi.json\"");
    }

    @Test
    void allowsThePageNothingFromElsewhere() {
        String policy = running.get("/docs")
                .headers()
                .firstValue("Content-Security-Policy")
                .orElse("");
        assertThat(policy).contains("default-src 'none'", "script-src 'self';", "style-src 'self';");
        assertThat(policy).doesNotContain("unsafe").doesNotContain("http").doesNotContain("*");
    }

    @Test
    void leadsToThePageFromTheSameWithASlash() {
        HttpResponse<String> response = running.get("/docs/");
        assertThat(response.statusCode()).isEqualTo(308);
        String location = response.headers().firstValue("Location").orElseThrow();
        assertThat(response.uri().resolve(location).getPath()).isEqualTo("/docs");
    }

    @Test
    void servesNoOtherFiles() {
        for (String path : List.of("/docs/index.html", "/docs/swagger-ui.js", "/docs/..%2finitializer.js")) {
            assertThat(running.get(path).statusCode()).as(path).isEqualTo(404);
        }
    }
}
