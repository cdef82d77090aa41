package io.pacioli.ledger.service;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.errors.InvalidSessionTimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * After which time without a heartbeat a group of consumers gives up a member, and shares out what it had.
 *
 * <p>3 s, or three heartbeats when the operator wants these to be rarer, and 6 s once brokers have refused that: their own default is to allow no less. Another time that the operator has set is left alone. For
 * groups whose members may overlap, because one that was only slow is given up as well. Not thread safe.
 */
public final class GroupSession {
    private static final Logger LOG = LoggerFactory.getLogger(GroupSession.class);
    private static final int SHORT_MILLIS = 3_000;

    /** Kafka's default of {@code group.min.session.timeout.ms}. */
    private static final int ALLOWED_MILLIS = 6_000;

    /** The other members learn by their own heartbeats that one was given up, so these count as well. */
    private static final int HEARTBEAT_MILLIS = 750;

    /** How many may be missing before a member is given up, as Kafka advises. */
    private static final int HEARTBEATS = 3;

    private final boolean isOperators;
    private int millis;

    /** @param kafka the operator's settings of the consumer */
    public GroupSession(Map<String, String> kafka) {
        isOperators = kafka.containsKey(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG);
        millis = Math.max(SHORT_MILLIS, HEARTBEATS * heartbeatMillis(kafka));
    }

    /** What is no number is for Kafka to refuse. */
    private static int heartbeatMillis(Map<String, String> kafka) {
        String given = kafka.getOrDefault(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, "");
        return given.matches("[0-9]{1,8}") ? Integer.parseInt(given) : HEARTBEAT_MILLIS;
    }

    /** Settings of the next consumer, for those of the operator to replace. */
    public Map<String, Object> settings() {
        return Map.of(
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                millis,
                ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                HEARTBEAT_MILLIS);
    }

    /**
     * Makes the session longer if a consumer has failed because it was too short.
     *
     * @return whether it is longer now, so that the next consumer need not fail
     */
    public boolean lengthenAfter(RuntimeException failure) {
        if (!(failure instanceof InvalidSessionTimeoutException) || isOperators || millis >= ALLOWED_MILLIS) {
            return false;
        }
        int refused = millis;
        millis = ALLOWED_MILLIS;
        LOG.warn(
                "The brokers allow no session of {} ms (group.min.session.timeout.ms); going on with {} ms: a member that is killed is"
                        + " replaced that much later",
                refused,
                ALLOWED_MILLIS);
        return true;
    }
}
