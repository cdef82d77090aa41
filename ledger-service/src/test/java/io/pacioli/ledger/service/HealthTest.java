package io.pacioli.ledger.service;

import static io.pacioli.ledger.service.RunningServer.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class HealthTest {
    @Test
    void isReadyOnceEveryComponentIsUp() {
        try (RunningServer running = RunningServer.of()) {
            Health.Component redis = running.health.component("projection-redis/store");
            Health.Component kafka = running.health.component("projection-redis/consumer");
            assertThat(running.get("/readyz").statusCode()).isEqualTo(503);
            redis.up();
            kafka.down("waiting for topic ledger.journal");

            HttpResponse<String> unready = running.get("/readyz");
            assertThat(unready.statusCode()).isEqualTo(503);
            JsonNode body = json(unready);
            assertThat(body.path("status").asText()).isEqualTo("DOWN");
            JsonNode first = body.path("components").get(0);
            assertThat(first.path("name").asText()).isEqualTo("projection-redis/consumer");
            assertThat(first.path("status").asText()).isEqualTo("DOWN");
            assertThat(first.path("detail").asText()).isEqualTo("waiting for topic ledger.journal");
            assertThat(Instant.parse(first.path("since").asText())).isBeforeOrEqualTo(Instant.now());
            assertThat(running.get("/healthz").statusCode()).isEqualTo(200);

            kafka.up("lag=0");
            assertThat(running.get("/readyz").statusCode()).isEqualTo(200);
            assertThat(json(running.get("/readyz")).path("status").asText()).isEqualTo("UP");
            redis.down("connection refused");
            assertThat(running.get("/readyz").statusCode()).isEqualTo(503);
        }
    }

    @Test
    void isNotAliveOnceAComponentFailedAndStaysSo() {
        try (RunningServer running = RunningServer.of()) {
            Health.Component streams = running.health.component("processor/streams");
            running.health.component("gateway/replies").up();
            streams.up();
            assertThat(running.get("/healthz").body()).isEqualTo("{\"status\":\"UP\",\"components\":[]}");
            streams.fail("the journal has a gap");
            streams.up();

            HttpResponse<String> dead = running.get("/healthz");
            assertThat(dead.statusCode()).isEqualTo(503);
            assertThat(json(dead).path("components")).hasSize(1);
            assertThat(json(dead).path("components").get(0).path("detail").asText())
                    .isEqualTo("the journal has a gap");
            assertThat(json(running.get("/readyz")).path("status").asText()).isEqualTo("FAILED");
            assertThat(running.health.isAlive()).isFalse();
            assertThat(running.health.isReady()).isFalse();
        }
    }

    @Test
    void keepsWhenTheStatusBeganWhileTheDetailChanges() {
        Health.Component component = new Health().component("c");
        component.up("lag=9");
        Instant since = component.report().since();
        component.up("lag=0");
        assertThat(component.report().since()).isEqualTo(since);
        assertThat(component.report().detail()).isEqualTo("lag=0");
    }

    @Test
    void refusesTwoComponentsOfOneName() {
        Health health = new Health();
        health.component("c");
        assertThatThrownBy(() -> health.component("c")).hasMessage("component exists already: name=c");
    }
}
