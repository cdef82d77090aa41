package io.pacioli.ledger.processor;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reply topics as the cluster has them, looked up in the background so that no shard ever waits for a name in a header. */
final class ClusterReplyTopics implements ReplyTopics, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterReplyTopics.class);
    private static final long CHECK_MILLIS = 200;
    private static final long REFRESH_MILLIS = 5_000;
    private static final long TIMEOUT_SECONDS = 10;
    private static final long REFUSED_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final Admin admin;
    private final Pattern allowed;
    private final ScheduledExecutorService background = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("ledger-reply-topics").factory());
    private final AtomicBoolean isWanted = new AtomicBoolean(true);
    private final Map<String, Long> refusedAtNanos = new ConcurrentHashMap<>();
    private volatile Map<String, Integer> known = Map.of();
    private long lookedUpMillis;

    ClusterReplyTopics(Admin admin, Pattern allowed) {
        this.admin = admin;
        this.allowed = allowed;
    }

    /** Looks them up in the background from now on. */
    @SuppressWarnings("FutureReturnValueIgnored") // It ends with close() only: the task catches whatever it can meet.
    void start() {
        background.scheduleWithFixedDelay(this::refresh, 0, CHECK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public int partitions(String topic) {
        if (!refusedAtNanos.isEmpty() && isRefused(topic)) {
            return FORBIDDEN;
        }
        Integer partitions = known.get(topic);
        if (partitions != null) {
            return partitions;
        }
        if (!allowed.matcher(topic).matches()) {
            return FORBIDDEN;
        }
        isWanted.set(true);
        return UNKNOWN;
    }

    @Override
    public boolean refused(String topic) {
        boolean isReplyTopic = allowed.matcher(topic).matches();
        if (isReplyTopic) {
            refusedAtNanos.put(topic, System.nanoTime());
        }
        return isReplyTopic;
    }

    private boolean isRefused(String topic) {
        Long sinceNanos = refusedAtNanos.get(topic);
        if (sinceNanos == null) {
            return false;
        }
        if (System.nanoTime() - sinceNanos < REFUSED_NANOS) {
            return true;
        }
        refusedAtNanos.remove(topic, sinceNanos);
        return false;
    }

    private void refresh() {
        long now = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
        if (!isWanted.getAndSet(false) && now - lookedUpMillis < REFRESH_MILLIS) {
            return;
        }
        lookedUpMillis = now;
        try {
            Set<String> names = admin.listTopics().names().get(TIMEOUT_SECONDS, TimeUnit.SECONDS).stream()
                    .filter(name -> allowed.matcher(name).matches())
                    .collect(Collectors.toSet());
            Map<String, Integer> found = new ConcurrentHashMap<>();
            for (TopicDescription topic : admin.describeTopics(names)
                    .allTopicNames()
                    .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    .values()) {
                found.put(topic.name(), topic.partitions().size());
            }
            known = Map.copyOf(found);
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            LOG.warn("cannot look up reply topics, keeping what is known: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        background.shutdownNow();
    }
}
