package io.pacioli.ledger.processor;

import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.LedgerTopics;
import io.pacioli.ledger.api.TopicMismatchException;
import io.pacioli.ledger.core.ShardConfiguration;
import io.pacioli.ledger.service.Health;
import io.pacioli.ledger.service.Metrics;
import io.pacioli.ledger.service.Reason;
import io.pacioli.ledger.service.Service;
import io.pacioli.ledger.service.ServiceException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.ThreadMetadata;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides commands: a Kafka Streams application that shares the shards with the others of the same application id.
 *
 * <p>It waits for the cluster, creates the topics when they are missing, and from then on looks after itself: a broken thread is
 * replaced. Only a violated invariant stops it for good, because wrong books must not be continued.
 */
public final class ProcessorService implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessorService.class);
    private static final String TRANSACTION_FEATURE = "transaction.version";
    private static final short TRANSACTION_VERSION_MIN = 2;
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration CLOSE = Duration.ofSeconds(6);
    private static final long ANSWER_TIMEOUT_SECONDS = 30;

    private final ProcessorSettings settings;
    private final Metrics metrics;
    private final Health.Component health;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final Thread starter;
    private volatile boolean closed;
    private volatile @Nullable Running running;

    /** What there is once the cluster could be reached. */
    private record Running(
            Admin admin,
            ClusterReplyTopics replyTopics,
            KafkaStreams streams,
            LeftTransactions left,
            ScheduledExecutorService watch) {
        void close() {
            left.close();
            // Leaving the group lets others, or the next start of this one, take over without waiting for a session to
            // expire.
            streams.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                    .withTimeout(CLOSE));
            watch.shutdownNow();
            replyTopics.close();
            admin.close(Duration.ofMillis(500));
        }
    }

    /** A processor that reports under {@code processor} in health and metrics. */
    public ProcessorService(ProcessorSettings settings, Health health, Metrics metrics) {
        this.settings = settings;
        this.metrics = metrics;
        this.health = health.component("processor");
        starter = Thread.ofPlatform().daemon().name("ledger-processor-start").unstarted(this::run);
    }

    @Override
    public String name() {
        return "processor";
    }

    @Override
    public void start() {
        starter.start();
    }

    @Override
    public CompletableFuture<Void> stopped() {
        return stopped;
    }

    private void run() {
        health.down("waiting for Kafka at " + settings.kafka().get("bootstrap.servers"));
        try {
            while (!closed && !connect()) {
                Thread.sleep(RETRY);
            }
        } catch (InterruptedException e) {
            LOG.debug("interrupted while waiting for the cluster");
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    /** Whether the cluster could be reached; throws when it could and is not fit for a ledger. */
    private boolean connect() {
        Admin admin = null;
        try {
            admin = Admin.create(new HashMap<>(settings.kafka()));
            int shards = LedgerTopics.ensure(admin, settings.topics(), settings.topicSettings());
            requireTransactions(admin);
            requireState(admin, shards);
            launch(admin, shards, ShortestSession.millis(admin));
            return true;
        } catch (TopicMismatchException | ServiceException e) {
            close(admin);
            throw e;
        } catch (KafkaException e) {
            close(admin);
            health.down("waiting for Kafka at " + settings.kafka().get("bootstrap.servers") + ": " + Reason.of(e));
            return false;
        }
    }

    private static void close(@Nullable Admin admin) {
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
    }

    private synchronized void launch(Admin admin, int shards, int sessionMillis) {
        if (closed) {
            admin.close(Duration.ZERO);
            return;
        }
        ClusterReplyTopics replyTopics = new ClusterReplyTopics(admin, settings.replyTopics());
        KafkaStreams streams = streams(shards, replyTopics, sessionMillis);
        replyTopics.start();
        LeftTransactions left = new LeftTransactions(admin, settings.applicationId(), consumerOf(streams));
        left.abortOwn();
        ScheduledExecutorService watch = watch(streams, left);
        streams.setStateListener((now, before) -> {
            report(now);
            if (now == KafkaStreams.State.REBALANCING) {
                watch.execute(left::abort);
            }
        });
        streams.setUncaughtExceptionHandler(this::handle);
        running = new Running(admin, replyTopics, streams, left, watch);
        metrics.bind(new KafkaStreamsMetrics(streams));
        LOG.info("Processing {} shards as {}", shards, settings.applicationId());
        streams.start();
    }

    /** Looks again as long as shards are being restored: whoever dies then changes no state. */
    @SuppressWarnings("FutureReturnValueIgnored") // It ends when the executor does.
    private static ScheduledExecutorService watch(KafkaStreams streams, LeftTransactions left) {
        ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("ledger-left-transactions").factory());
        Runnable look = () -> {
            if (streams.state() == KafkaStreams.State.REBALANCING) {
                left.abort();
            }
        };
        watch.scheduleWithFixedDelay(look, RETRY.toMillis(), RETRY.toMillis(), TimeUnit.MILLISECONDS);
        return watch;
    }

    private static String consumerOf(KafkaStreams streams) {
        return streams.metadataForLocalThreads().stream()
                .map(ThreadMetadata::consumerClientId)
                .findAny()
                .orElse("");
    }

    private KafkaStreams streams(int shards, ReplyTopics replyTopics, int sessionMillis) {
        try {
            return new KafkaStreams(
                    topology(shards, replyTopics), StreamsSettings.of(settings, replyTopics, sessionMillis));
        } catch (StreamsException | ConfigException e) {
            // Waiting would not help: the settings are wrong, or the state directory is somebody else's.
            throw new ServiceException(
                    "cannot run with the state directory " + settings.stateDirectory() + ": " + e.getMessage(), e);
        }
    }

    private Topology topology(int shards, ReplyTopics replyTopics) {
        ShardConfiguration configuration = new ShardConfiguration(
                shards, settings.idempotencyWindow().toMillis(), settings.idempotencyEntriesMax());
        KafkaRouter router = new KafkaRouter(shards);
        ProcessorMetrics processorMetrics = new ProcessorMetrics(metrics.registry());
        ThreadLocal<EarlyCommit> earlyCommits =
                ThreadLocal.withInitial(() -> new EarlyCommit(settings.commitInterval()));
        AccountCache accountCache = settings.accountCache().ofShard(shards);
        Map<String, String> changelog = settings.topicSettings().replicationFactor() >= 3
                ? Map.of(
                        TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
                        Integer.toString(settings.topicSettings().replicationFactor() - 1))
                : Map.of();
        return LedgerTopology.of(
                settings.topics(),
                changelog,
                () -> new LedgerProcessor(
                        settings.topics(),
                        router,
                        configuration,
                        earlyCommits,
                        accountCache,
                        replyTopics,
                        processorMetrics));
    }

    private static void requireTransactions(Admin admin) {
        FinalizedVersionRange version = get(admin.describeFeatures().featureMetadata())
                .finalizedFeatures()
                .get(TRANSACTION_FEATURE);
        if (version == null || version.maxVersionLevel() < TRANSACTION_VERSION_MIN) {
            throw new ServiceException("the brokers must have " + TRANSACTION_FEATURE + "=2 or higher (KIP-890), as"
                    + " transactions could tear before it: "
                    + (version == null ? "not set" : version.maxVersionLevel())
                    + "; run kafka-features.sh upgrade --feature " + TRANSACTION_FEATURE + "=2");
        }
    }

    /** A journal without the state that belongs to it cannot be continued: its sequences would begin again. */
    private void requireState(Admin admin, int shards) {
        String state = RebuiltState.topic(settings.applicationId());
        if (get(admin.listTopics().names()).contains(state)) {
            return;
        }
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (int shard = 0; shard < shards; shard++) {
            ends.put(new TopicPartition(settings.topics().journal(), shard), OffsetSpec.latest());
        }
        if (get(admin.listOffsets(ends).all()).values().stream().anyMatch(end -> end.offset() > 0)) {
            throw new ServiceException("the topic " + settings.topics().journal() + " has entries, and the topic "
                    + state + " with the state that belongs to them does not exist: is the application id "
                    + settings.applicationId() + " the one that the ledger was started with?");
        }
    }

    private static <T> T get(KafkaFuture<T> answer) {
        try {
            return answer.get(ANSWER_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("the brokers do not answer: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while asking the brokers", e);
        }
    }

    private void report(KafkaStreams.State state) {
        switch (state) {
            case RUNNING -> health.up();
            case CREATED -> health.down("starting");
            case REBALANCING -> health.down("shards are being assigned or restored");
            case PENDING_SHUTDOWN, NOT_RUNNING -> health.down("stopped");
            case PENDING_ERROR, ERROR -> {
                health.fail("stopped by an error, see the log");
                stopped.completeExceptionally(new ServiceException("the processor stopped by an error, see the log"));
            }
        }
    }

    private StreamThreadExceptionResponse handle(Throwable failure) {
        if (isDamage(failure)) {
            LOG.error("the books of a shard are damaged, stopping", failure);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        LOG.warn("a processor thread failed and is replaced", failure);
        try {
            Thread.sleep(RETRY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    /**
     * Whether going on would continue wrong books, or fail in the same way for ever: anything thrown by our own code, or by what it
     * calls, rather than by Kafka.
     */
    static boolean isDamage(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RuntimeException && !(cause instanceof KafkaException) && !isThrownByKafka(cause)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isThrownByKafka(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        return trace.length > 0 && trace[0].getClassName().startsWith("org.apache.kafka.");
    }

    private void fail(Throwable e) {
        health.fail(String.valueOf(e.getMessage()));
        stopped.completeExceptionally(
                e instanceof ServiceException ? e : new ServiceException(String.valueOf(e.getMessage()), e));
    }

    /** Stops within 10 s; what is not committed by then is decided again by the next processor, with the same result. */
    @Override
    public void close() {
        Running last;
        synchronized (this) {
            closed = true;
            last = running;
            running = null;
        }
        starter.interrupt();
        if (last != null) {
            last.close();
        }
        stopped.complete(null);
    }
}
