package io.pacioli.ledger.testkit;

/**
 * A Kafka broker for tests.
 *
 * @param bootstrapServers the address for clients, {@code host:port}
 */
public record TestKafka(String bootstrapServers) {
    /** A prefix for topics, groups and transactional ids that nobody else uses, such as {@code t3-8m2k1x.}. */
    public String freshPrefix() {
        return FreshNames.next("t", "-") + ".";
    }
}
