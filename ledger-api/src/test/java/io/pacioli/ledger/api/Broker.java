package io.pacioli.ledger.api;

import io.pacioli.ledger.embedded.EmbeddedKafka;
import io.pacioli.ledger.embedded.ServerConfig;
import java.util.concurrent.atomic.AtomicInteger;

/** One real broker for all tests of this module, started when it is first asked for; tests keep apart by fresh topics. */
final class Broker {
    private static final AtomicInteger LAST = new AtomicInteger();

    private Broker() {}

    static String bootstrapServers() {
        return Holder.KAFKA.bootstrapServers();
    }

    static Topics freshTopics() {
        return Topics.withPrefix("test" + LAST.incrementAndGet());
    }

    private static final class Holder {
        static final EmbeddedKafka KAFKA =
                EmbeddedKafka.start(ServerConfig.fresh().withHeapMegabytes(256));

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(KAFKA::close, "close-broker"));
        }
    }
}
