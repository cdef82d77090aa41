package io.pacioli.ledger.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.service.Health;
import io.pacioli.ledger.service.HttpServer;
import io.pacioli.ledger.service.Metrics;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Refusals that need no ledger. */
class StreamRoutesTest {
    private static final int SHARDS = 401;

    /** A ledger of so many shards that cannot be reached. */
    private static final LedgerState LARGE = new LedgerState() {
        @Override
        public OptionalInt shards() {
            return OptionalInt.of(SHARDS);
        }

        @Override
        public String trouble() {
            return "nobody is there";
        }
    };

    @Test
    void anAssetOfALedgerOfTooManyShardsCannotBeStreamedAndAnAccountCould() throws IOException {
        try (Metrics metrics = new Metrics();
                EventStreams streams = new EventStreams(
                        Map.of("bootstrap.servers", "127.0.0.1:1"),
                        Topics.DEFAULT,
                        StreamSettings.DEFAULT,
                        LARGE,
                        metrics.registry());
                HttpServer server = HttpServer.start(
                        HttpServer.Settings.ofPort(0), new Health(), metrics, List.of(streams.module()));
                StreamClient asset = StreamClient.open(server.uri(), StreamClient.asset("GOLD"));
                StreamClient account = StreamClient.open(server.uri(), StreamClient.account("alice"))) {
            assertThat(asset.status()).isEqualTo(501);
            assertThat(asset.body()).contains("TOO_MANY_SHARDS");
            assertThat(account.status()).isEqualTo(503);
            assertThat(account.body()).contains("LEDGER_UNAVAILABLE", "nobody is there");
        }
    }
}
