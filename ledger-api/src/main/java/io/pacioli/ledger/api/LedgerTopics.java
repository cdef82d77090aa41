package io.pacioli.ledger.api;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates a ledger's topics, or checks the ones that are there. Safe to run from several processes at once. */
public final class LedgerTopics {
    /** Partitions of the dead letters. */
    public static final int DEAD_LETTER_PARTITIONS = 1;

    /** Partitions of the shared reply topic; each client reads one of them. */
    public static final int REPLY_PARTITIONS = 4;

    /** Largest record of the command topic in bytes. Larger than a command may be, so that an oversized one can be told apart. */
    public static final int COMMAND_RECORD_BYTES_MAX = 1024 * 1024;

    /** Largest record of the other topics in bytes: room for an oversized command with the headers of a dead letter. */
    public static final int RECORD_BYTES_MAX = 2 * COMMAND_RECORD_BYTES_MAX;

    /** Batches may have been compressed better than they are now. */
    private static final int RESTORED_BYTES_MAX = 16 * COMMAND_RECORD_BYTES_MAX;

    private static final String ANY_TIME = Long.toString(Long.MAX_VALUE);
    private static final String FOREVER = "-1";
    private static final String REPLY_RETENTION_MILLIS = "3600000";
    private static final short REPLICAS_FOR_QUORUM = 3;
    private static final long TIMEOUT_SECONDS = 30;
    private static final long VISIBLE_RETRY_MILLIS = 50;

    private LedgerTopics() {}

    /**
     * Makes sure that all topics exist.
     *
     * @return the number of shards that the ledger has
     * @throws TopicMismatchException when topics that exist have other partitions or settings than the ledger needs
     * @throws KafkaException when the cluster cannot be reached or refuses, after 30 s at most for each of its calls
     */
    public static int ensure(Admin admin, Topics topics, TopicSettings settings) {
        short replicas = settings.replicationFactor();
        int wanted = Objects.requireNonNullElse(settings.shards(), TopicSettings.SHARDS_DEFAULT);
        NewTopic commands =
                topic(topics.commands(), wanted, replicas, COMMAND_RECORD_BYTES_MAX, FOREVER, "LogAppendTime");
        // First and alone: who creates it decides the number of shards for all who start at the same time.
        create(admin, List.of(commands));
        int shards = awaitPartitions(admin, List.of(topics.commands())).getOrDefault(topics.commands(), wanted);
        if (settings.shards() != null && shards != wanted) {
            throw wrongPartitions(topics.commands(), wanted, shards);
        }
        create(
                admin,
                List.of(
                        topic(topics.journal(), shards, replicas, RECORD_BYTES_MAX, FOREVER, "CreateTime"),
                        topic(topics.transit(), shards, replicas, RECORD_BYTES_MAX, FOREVER, "LogAppendTime"),
                        topic(topics.checkpoints(), shards, replicas, RECORD_BYTES_MAX, FOREVER, "LogAppendTime"),
                        topic(
                                topics.deadLetters(),
                                DEAD_LETTER_PARTITIONS,
                                replicas,
                                RECORD_BYTES_MAX,
                                FOREVER,
                                "LogAppendTime"),
                        topic(
                                topics.replies(),
                                REPLY_PARTITIONS,
                                replicas,
                                RECORD_BYTES_MAX,
                                REPLY_RETENTION_MILLIS,
                                "LogAppendTime")));
        return verify(admin, topics, shards, awaitPartitions(admin, sharded(topics)));
    }

    /**
     * The number of shards of a ledger that exists.
     *
     * @throws TopicMismatchException when its topics are missing or do not fit together
     */
    public static int shards(Admin admin, Topics topics) {
        Integer partitions = partitions(admin, List.of(topics.commands())).get(topics.commands());
        if (partitions == null) {
            throw TopicMismatchException.missing(topics.commands());
        }
        return verify(admin, topics, partitions, partitions(admin, sharded(topics)));
    }

    /**
     * What tells a ledger from every other, one that had its name before it included: the id that Kafka has given its journal.
     *
     * @throws TopicMismatchException when it has no journal
     * @throws KafkaException when the cluster cannot be reached or refuses
     */
    public static String identity(Admin admin, Topics topics) {
        TopicDescription journal =
                descriptions(admin, List.of(topics.journal())).get(topics.journal());
        if (journal == null) {
            throw TopicMismatchException.missing(topics.journal());
        }
        return journal.topicId().toString();
    }

    /**
     * Creates topics for records that come from elsewhere with their own times, until {@link #finishRestoring}. No processor works with
     * them before that.
     *
     * @param partitions how many each topic has
     * @throws TopicMismatchException when one of them exists
     */
    public static void createForRestoring(Admin admin, Map<String, Integer> partitions, short replicas) {
        Map<String, Integer> there = partitions(admin, List.copyOf(partitions.keySet()));
        if (!there.isEmpty()) {
            throw TopicMismatchException.wrong("topic " + new TreeSet<>(there.keySet()).getFirst()
                    + " exists: an import needs a cluster without this ledger's topics");
        }
        List<NewTopic> topics = partitions.entrySet().stream()
                .map(topic ->
                        topic(topic.getKey(), topic.getValue(), replicas, RESTORED_BYTES_MAX, FOREVER, "CreateTime"))
                .peek(topic -> topic.configs().put(TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, ANY_TIME))
                .toList();
        create(admin, topics);
    }

    /** Gives topics that {@link #createForRestoring} made the settings that a ledger needs, and makes those that are still missing. */
    public static void finishRestoring(
            Admin admin, Topics topics, Collection<String> restored, TopicSettings settings) {
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
        for (String name : restored) {
            boolean isCommands = name.equals(topics.commands());
            int recordBytesMax = isCommands ? COMMAND_RECORD_BYTES_MAX : RECORD_BYTES_MAX;
            String timestampType = name.equals(topics.journal()) ? "CreateTime" : "LogAppendTime";
            changes.put(
                    new ConfigResource(ConfigResource.Type.TOPIC, name),
                    List.of(
                            set(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, timestampType),
                            set(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(recordBytesMax)),
                            new AlterConfigOp(
                                    new ConfigEntry(TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, ""),
                                    AlterConfigOp.OpType.DELETE)));
        }
        get(admin.incrementalAlterConfigs(changes).all());
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        while (!isTimeData(admin, topics)) {
            awaitVisible(deadlineNanos, List.of(topics.commands(), topics.transit()));
        }
        ensure(admin, topics, settings);
    }

    private static AlterConfigOp set(String name, String value) {
        return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
    }

    private static boolean isTimeData(Admin admin, Topics topics) {
        return Stream.of(topics.commands(), topics.transit())
                .allMatch(name -> timestampType(admin, name).equals("LogAppendTime"));
    }

    private static String timestampType(Admin admin, String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config config = getOfExisting(
                        List.of(topic),
                        () -> admin.describeConfigs(List.of(resource)).all())
                .getOrDefault(resource, new Config(List.of()));
        ConfigEntry entry = config.get(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG);
        return entry == null ? "nothing" : entry.value();
    }

    /** Creates those that are missing, and returns when the cluster shows and serves all. */
    private static void create(Admin admin, List<NewTopic> topics) {
        List<String> names = topics.stream().map(NewTopic::name).toList();
        Map<String, Integer> there = partitions(admin, names);
        List<NewTopic> missing = topics.stream()
                .filter(topic -> !there.containsKey(topic.name()))
                .toList();
        if (!missing.isEmpty()) {
            CreateTopicsOptions options = new CreateTopicsOptions().timeoutMs((int) TIMEOUT_SECONDS * 1000);
            admin.createTopics(missing, options).values().forEach((name, future) -> ignoreExisting(future));
            awaitLeaders(admin, awaitPartitions(admin, names));
        }
    }

    /**
     * The partitions of topics that exist. A broker may take a while to hear of what the controller has created, and each question may go to
     * another one: that one has shown a topic does not mean that the next one knows it.
     */
    private static Map<String, Integer> awaitPartitions(Admin admin, List<String> names) {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        Map<String, Integer> partitions = partitions(admin, names);
        while (partitions.size() < names.size()) {
            awaitVisible(deadlineNanos, names);
            partitions = partitions(admin, names);
        }
        return partitions;
    }

    /**
     * A broker shows a topic before it leads its partitions. An idempotent producer that began in between could have its first batch refused
     * and its second one accepted, and would never get rid of the first again (KAFKA-15591).
     */
    private static void awaitLeaders(Admin admin, Map<String, Integer> partitions) {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        partitions.forEach((name, count) -> IntStream.range(0, count)
                .forEach(partition -> ends.put(new TopicPartition(name, partition), OffsetSpec.latest())));
        getOfExisting(
                List.copyOf(partitions.keySet()), () -> admin.listOffsets(ends).all());
    }

    private static void awaitVisible(long deadlineNanos, List<String> names) {
        if (System.nanoTime() > deadlineNanos) {
            throw new KafkaException("the cluster does not show what was done to " + names + " after " + TIMEOUT_SECONDS
                    + " s, although it has done it");
        }
        try {
            TimeUnit.MILLISECONDS.sleep(VISIBLE_RETRY_MILLIS);
        } catch (InterruptedException e) {
            throw interruptedOrLate(e);
        }
    }

    /** Topics with one partition for each shard. */
    private static List<String> sharded(Topics topics) {
        return List.of(topics.commands(), topics.journal(), topics.transit(), topics.checkpoints());
    }

    private static int verify(Admin admin, Topics topics, int shards, Map<String, Integer> partitions) {
        for (String name : List.of(topics.commands(), topics.journal(), topics.transit())) {
            Integer count = partitions.get(name);
            if (count == null) {
                throw TopicMismatchException.missing(name);
            }
            if (count != shards) {
                throw wrongPartitions(name, shards, count);
            }
        }
        // A ledger of an older release has none, until its processor is the newer one and creates it.
        Integer checkpoints = partitions.get(topics.checkpoints());
        if (checkpoints != null && checkpoints != shards) {
            throw wrongPartitions(topics.checkpoints(), shards, checkpoints);
        }
        for (String name : List.of(topics.commands(), topics.transit())) {
            String type = timestampType(admin, name);
            if (!"LogAppendTime".equals(type)) {
                throw TopicMismatchException.wrong(
                        "topic " + name + " must have " + TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG
                                + "=LogAppendTime, as time is data: it has " + type);
            }
        }
        return shards;
    }

    private static TopicMismatchException wrongPartitions(String name, int shards, int count) {
        return TopicMismatchException.wrong("topic " + name + " must have " + shards
                + " partitions, one a shard, fixed at creation: it has " + count);
    }

    private static Map<String, Integer> partitions(Admin admin, List<String> names) {
        Map<String, Integer> partitions = new HashMap<>();
        descriptions(admin, names)
                .forEach((name, description) ->
                        partitions.put(name, description.partitions().size()));
        return partitions;
    }

    /** Of those that exist. */
    private static Map<String, TopicDescription> descriptions(Admin admin, List<String> names) {
        Map<String, TopicDescription> descriptions = new HashMap<>();
        admin.describeTopics(names).topicNameValues().forEach((name, future) -> {
            try {
                descriptions.put(name, future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS));
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw failure(e);
                }
            } catch (InterruptedException | TimeoutException e) {
                throw interruptedOrLate(e);
            }
        });
        return descriptions;
    }

    private static NewTopic topic(
            String name, int partitions, short replicas, int recordBytesMax, String retention, String timestampType) {
        Map<String, String> config = new HashMap<>();
        config.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
        config.put(TopicConfig.RETENTION_MS_CONFIG, retention);
        config.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, timestampType);
        config.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(recordBytesMax));
        if (replicas >= REPLICAS_FOR_QUORUM) {
            config.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(replicas - 1));
        }
        return new NewTopic(name, partitions, replicas).configs(config);
    }

    private static void ignoreExisting(KafkaFuture<Void> created) {
        try {
            created.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw failure(e);
            }
        } catch (InterruptedException | TimeoutException e) {
            throw interruptedOrLate(e);
        }
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw failure(e);
        } catch (InterruptedException | TimeoutException e) {
            throw interruptedOrLate(e);
        }
    }

    /** The answer about topics that exist, although a broker that is asked may not have heard of them yet. */
    private static <T> T getOfExisting(List<String> names, Supplier<KafkaFuture<T>> question) {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        while (true) {
            try {
                return get(question.get());
            } catch (UnknownTopicOrPartitionException e) {
                awaitVisible(deadlineNanos, names);
            }
        }
    }

    private static KafkaException failure(ExecutionException e) {
        return e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e);
    }

    private static KafkaException interruptedOrLate(Exception e) {
        if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            return new KafkaException("interrupted while looking after topics", e);
        }
        return new KafkaException("the cluster did not answer within " + TIMEOUT_SECONDS + " s", e);
    }
}
