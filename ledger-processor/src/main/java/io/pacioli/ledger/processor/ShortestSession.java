package io.pacioli.ledger.processor;

import io.pacioli.ledger.service.Reason;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * After which time without a heartbeat a processor is given up, and its shards go to others: 4 s, or as long as its brokers want sessions to
 * be at least. To be given up while only slow loses nothing, and costs a hand-over.
 */
final class ShortestSession {
    /** Four heartbeats, of which three may be missing. */
    static final int WANTED_MILLIS = 4_000;

    /** Kafka's default of {@link #LIMIT}: brokers that do not tell will hardly want more. */
    static final int USUAL_MILLIS = 6_000;

    private static final Logger LOG = LoggerFactory.getLogger(ShortestSession.class);
    private static final String LIMIT = "group.min.session.timeout.ms";
    private static final int ANSWER_MILLIS_MAX = 5_000;

    private ShortestSession() {}

    /** In milliseconds, by what the brokers say. */
    static int millis(Admin admin) {
        try {
            List<ConfigResource> brokers =
                    admin
                            .describeCluster(new DescribeClusterOptions().timeoutMs(ANSWER_MILLIS_MAX))
                            .nodes()
                            .get()
                            .stream()
                            .map(node -> new ConfigResource(ConfigResource.Type.BROKER, node.idString()))
                            .toList();
            int millis =
                    millis(admin.describeConfigs(brokers, new DescribeConfigsOptions().timeoutMs(ANSWER_MILLIS_MAX))
                            .all()
                            .get()
                            .values());
            if (millis > WANTED_MILLIS) {
                LOG.info(
                        "The brokers allow no session below {} ms ({}): a processor that is killed is replaced the later",
                        millis,
                        LIMIT);
            }
            return millis;
        } catch (ExecutionException | KafkaException e) {
            LOG.info("The brokers do not tell {}, so it is taken for {}: {}", LIMIT, USUAL_MILLIS, Reason.of(e));
            return USUAL_MILLIS;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return USUAL_MILLIS;
        }
    }

    /** As one of them will coordinate the group, nobody knows which, the strictest counts. */
    static int millis(Collection<Config> brokers) {
        return brokers.stream()
                .map(broker -> broker.get(LIMIT))
                .mapToInt(ShortestSession::limit)
                .reduce(WANTED_MILLIS, Math::max);
    }

    private static int limit(@Nullable ConfigEntry entry) {
        String value = entry == null ? null : entry.value();
        return value != null && value.matches("[0-9]{1,9}") ? Integer.parseInt(value) : USUAL_MILLIS;
    }
}
