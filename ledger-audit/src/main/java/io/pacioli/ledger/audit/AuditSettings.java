package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.PublicKeys;
import io.pacioli.ledger.api.Topics;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is audited, and how.
 *
 * @param kafka properties of Kafka's clients; must hold {@code bootstrap.servers}; the user needs to read, and nothing else
 * @param topics the ledger's topics
 * @param decides whether every entry is decided again; else the journal alone is read: chain, balances and rules
 * @param threads how many threads read, 1 to {@link #THREADS_MAX}; no more than there are shards are used
 * @param projections what is compared with the journal
 * @param keys by which signed checkpoints are verified; none to leave them out
 * @param stateDirectory where the state of a passed audit is kept and the next one goes on from; null to begin at the beginning and
 *     keep nothing
 */
public record AuditSettings(
        Map<String, String> kafka,
        Topics topics,
        boolean decides,
        int threads,
        List<BalanceSource> projections,
        PublicKeys keys,
        @Nullable Path stateDirectory) {
    /** Most threads. */
    public static final int THREADS_MAX = 64;

    /** Copies the map and the list. */
    public AuditSettings {
        kafka = Map.copyOf(kafka);
        projections = List.copyOf(projections);
        if (threads < 1 || threads > THREADS_MAX) {
            throw new IllegalArgumentException("must be 1 to " + THREADS_MAX + ": threads=" + threads);
        }
    }

    /** An audit of all that the topics show, by one thread a core, of no projection. */
    public static AuditSettings of(Map<String, String> kafka, Topics topics) {
        int threads = Math.min(Runtime.getRuntime().availableProcessors(), THREADS_MAX);
        return new AuditSettings(kafka, topics, true, threads, List.of(), PublicKeys.NONE, null);
    }

    /** These, with keys to verify signed checkpoints by. */
    public AuditSettings withKeys(PublicKeys verifying) {
        return new AuditSettings(kafka, topics, decides, threads, projections, verifying, stateDirectory);
    }

    /** These, with projections to compare. */
    public AuditSettings withProjections(List<BalanceSource> compared) {
        return new AuditSettings(kafka, topics, decides, threads, compared, keys, stateDirectory);
    }
}
