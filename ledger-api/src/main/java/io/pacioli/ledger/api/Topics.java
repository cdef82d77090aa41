package io.pacioli.ledger.api;

/**
 * The names of a ledger's topics.
 *
 * @param commands what clients ask for, keyed by routing key
 * @param journal what happened, one partition a shard: the truth
 * @param transit messages between shards
 * @param deadLetters records that are no commands, with the reason and the origin
 * @param replies outcomes for clients that asked for them
 * @param checkpoints what is signed of the journal now and then, one partition a shard
 */
public record Topics(
        String commands, String journal, String transit, String deadLetters, String replies, String checkpoints) {
    /** The names that a ledger has by default: {@code ledger.commands} and so on. */
    public static final Topics DEFAULT = withPrefix("ledger");

    /** The default names with another first part, for several ledgers on one cluster. */
    public static Topics withPrefix(String prefix) {
        return new Topics(
                prefix + ".commands",
                prefix + ".journal",
                prefix + ".transit",
                prefix + ".dead-letters",
                prefix + ".replies",
                prefix + ".checkpoints");
    }
}
