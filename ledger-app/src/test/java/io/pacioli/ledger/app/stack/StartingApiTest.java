package io.pacioli.ledger.app.stack;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.service.Health;
import io.pacioli.ledger.service.HttpServer;
import io.pacioli.ledger.service.Metrics;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StartingApiTest {
    /** A client must not take "not started" for "no such account". */
    @Test
    void whileTheLedgerIsAwaitedNothingIsSaidToBeMissing() throws Exception {
        Health health = new Health();
        health.component("topics");
        try (Metrics metrics = new Metrics();
                HttpServer server =
                        HttpServer.start(HttpServer.Settings.ofPort(0), health, metrics, List.of(new StartingApi()));
                HttpClient client = HttpClient.newHttpClient()) {
            for (String path : List.of("/v1/accounts/alice/balances", "/v1/assets", "/v1/entries/0:1")) {
                HttpResponse<String> answer = ask(client, server.uri().resolve(path));
                assertThat(answer.statusCode()).as(path).isEqualTo(503);
                assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
                assertThat(answer.body()).contains("STARTING");
            }
            assertThat(ask(client, server.uri().resolve("/healthz")).statusCode())
                    .isEqualTo(200);
            assertThat(ask(client, server.uri().resolve("/readyz")).statusCode())
                    .isEqualTo(503);
        }
    }

    private static HttpResponse<String> ask(HttpClient client, URI uri) throws Exception {
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
