package io.pacioli.ledger.testkit;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Partitions that seem to have lost their leader: a test's only broker leads all of them. Consumers of them are real, and are answered
 * as Kafka's own are: a lookup of offsets fails when one of its partitions has no leader. Thread safe.
 */
public final class LeaderlessPartitions {
    private final Set<TopicPartition> partitions = ConcurrentHashMap.newKeySet();

    /** @param partitions those without a leader */
    public LeaderlessPartitions(Collection<TopicPartition> partitions) {
        this.partitions.addAll(partitions);
    }

    /** All have leaders again. */
    public void elect() {
        partitions.clear();
    }

    /** A consumer that notices, around one that does not. */
    @SuppressWarnings("unchecked")
    public Consumer<byte[], byte[]> seenBy(Consumer<byte[], byte[]> consumer) {
        InvocationHandler handler = (proxy, method, arguments) -> answer(consumer, method, arguments);
        return (Consumer<byte[], byte[]>)
                Proxy.newProxyInstance(Consumer.class.getClassLoader(), new Class<?>[] {Consumer.class}, handler);
    }

    private @Nullable Object answer(Consumer<byte[], byte[]> consumer, Method method, @Nullable Object[] arguments)
            throws Throwable {
        if (method.getName().equals("beginningOffsets") || method.getName().equals("endOffsets")) {
            for (Object partition : (Collection<?>) Objects.requireNonNull(arguments[0])) {
                if (partitions.contains((TopicPartition) partition)) {
                    throw new TimeoutException("it has no leader: " + partition);
                }
            }
        }
        try {
            Object answer = method.invoke(consumer, arguments);
            return method.getName().equals("partitionsFor") ? told((List<?>) Objects.requireNonNull(answer)) : answer;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private List<PartitionInfo> told(List<?> infos) {
        return infos.stream()
                .map(PartitionInfo.class::cast)
                .map(info -> partitions.contains(new TopicPartition(info.topic(), info.partition()))
                        ? new PartitionInfo(info.topic(), info.partition(), null, info.replicas(), new Node[0])
                        : info)
                .toList();
    }
}
