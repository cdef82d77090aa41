package io.pacioli.ledger.processor;

import io.pacioli.ledger.api.TopicSettings;
import io.pacioli.ledger.api.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * How a processor runs.
 *
 * @param kafka properties of Kafka's clients; must hold {@code bootstrap.servers}
 * @param topics the ledger's topics
 * @param topicSettings how they are created when they do not exist
 * @param applicationId the same for all processors of a ledger: they share its shards
 * @param stateDirectory where the local state is; losing it costs time, never data
 * @param threads how many shards are worked on at a time, 1 or more; each commits transactions of its own
 * @param commitInterval how often transactions commit under light load, at least 1 ms; under full load a quarter as often
 * @param standbyReplicas how many other processors keep a warm copy of each shard, 0 or more
 * @param stateMemoryBytes memory outside the heap for the state that is read and written, over all shards, at least 16 MiB; see
 *     {@link StateMemory}
 * @param accountCache accounts kept in the heap, over all shards
 * @param idempotencyWindow how long command ids are remembered, at least 1 ms
 * @param idempotencyEntriesMax how many journal entries back command ids are remembered at most, in each shard
 * @param replyTopics topics that outcomes may be sent to; a whole name must match
 */
public record ProcessorSettings(
        Map<String, String> kafka,
        Topics topics,
        TopicSettings topicSettings,
        String applicationId,
        Path stateDirectory,
        int threads,
        Duration commitInterval,
        int standbyReplicas,
        long stateMemoryBytes,
        AccountCache accountCache,
        Duration idempotencyWindow,
        long idempotencyEntriesMax,
        Pattern replyTopics) {
    /** How often transactions commit under light load unless they are told otherwise. */
    public static final Duration COMMIT_INTERVAL = Duration.ofMillis(25);

    /** The longest that leaves four of them within the 10 s that a transaction may take. */
    public static final Duration COMMIT_INTERVAL_MAX = Duration.ofMillis(2_500);

    private static final Duration IDEMPOTENCY_WINDOW = Duration.ofDays(7);
    private static final long IDEMPOTENCY_ENTRIES_MAX = 50_000_000;

    /** Memory outside the heap for the state unless it is told otherwise. */
    public static final long STATE_MEMORY_BYTES = 256L << 20;

    /** The least of that, in MiB. */
    public static final int STATE_MEMORY_MIB_MIN = 16;

    private static final long STATE_MEMORY_BYTES_MIN = (long) STATE_MEMORY_MIB_MIN << 20;

    /** @throws IllegalArgumentException when a number is out of its range or there is no bootstrap server */
    public ProcessorSettings {
        if (!kafka.containsKey("bootstrap.servers")) {
            throw new IllegalArgumentException("kafka must hold bootstrap.servers");
        }
        if (threads < 1 || standbyReplicas < 0) {
            throw new IllegalArgumentException(
                    "must not be negative: threads=" + threads + " standbyReplicas=" + standbyReplicas);
        }
        if (stateMemoryBytes < STATE_MEMORY_BYTES_MIN) {
            throw new IllegalArgumentException(
                    "must be at least " + STATE_MEMORY_BYTES_MIN + ": stateMemoryBytes=" + stateMemoryBytes);
        }
        if (commitInterval.toMillis() < 1 || idempotencyWindow.toMillis() < 1 || idempotencyEntriesMax < 1) {
            throw new IllegalArgumentException("must be at least 1: commitInterval=" + commitInterval
                    + " idempotencyWindow=" + idempotencyWindow + " idempotencyEntriesMax=" + idempotencyEntriesMax);
        }
        kafka = Map.copyOf(kafka);
    }

    /** The defaults: {@link #threadsDefault()}, commits every 25 ms to 100 ms, ids remembered for 7 days, replies to {@code ledger.replies*}. */
    public static ProcessorSettings of(Map<String, String> kafka, Topics topics, Path stateDirectory) {
        return new ProcessorSettings(
                kafka,
                topics,
                TopicSettings.SINGLE_BROKER,
                applicationId(topics),
                stateDirectory,
                threadsDefault(),
                COMMIT_INTERVAL,
                0,
                STATE_MEMORY_BYTES,
                AccountCache.ofHeap(),
                IDEMPOTENCY_WINDOW,
                IDEMPOTENCY_ENTRIES_MAX,
                Pattern.compile(Pattern.quote(topics.replies()) + ".*"));
    }

    /**
     * Half of the cores, and one at least. Each thread commits a transaction of its own, so more of them commit smaller ones: with everything
     * on two cores, a second thread made the whole ledger slower.
     */
    public static int threadsDefault() {
        return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }

    /** These settings with another number of threads. */
    public ProcessorSettings withThreads(int number) {
        return with(number, stateMemoryBytes);
    }

    /** These settings with other memory outside the heap for the state, in bytes. */
    public ProcessorSettings withStateMemory(long bytes) {
        return with(threads, bytes);
    }

    private ProcessorSettings with(int newThreads, long newStateMemoryBytes) {
        return new ProcessorSettings(
                kafka,
                topics,
                topicSettings,
                applicationId,
                stateDirectory,
                newThreads,
                commitInterval,
                standbyReplicas,
                newStateMemoryBytes,
                accountCache,
                idempotencyWindow,
                idempotencyEntriesMax,
                replyTopics);
    }

    /** The application id of a ledger's processors, unless they are given another. */
    public static String applicationId(Topics topics) {
        return topics.journal().replaceFirst("\\.journal$", "") + "-processor";
    }
}
