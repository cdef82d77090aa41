package io.pacioli.ledger.projection.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Somebody who listens to all channels of a namespace. */
final class Subscriber implements AutoCloseable {
    private static final String MARKER = "marker";

    private final RedisClient client;
    private final String namespace;
    private final StatefulRedisPubSubConnection<String, String> connection;
    private final List<Message> received = new CopyOnWriteArrayList<>();

    /** A message and the channel that it came over, without the namespace. */
    record Message(String channel, String text) {}

    Subscriber(String uri, String namespace) {
        this.namespace = namespace;
        client = RedisClient.create(uri);
        connection = client.connectPubSub();
        connection.addListener(new RedisPubSubAdapter<>() {
            @Override
            public void message(String pattern, String channel, String message) {
                received.add(new Message(channel.substring(namespace.length()), message));
            }
        });
        connection.sync().psubscribe(namespace + "*");
    }

    /** What has been received so far, in order. */
    List<Message> received() {
        return received.stream()
                .filter(message -> !message.channel().equals(MARKER))
                .toList();
    }

    /** What has been received of all that was published before this call, be it nothing. */
    List<Message> receivedUntilNow() {
        Message marker = new Message(MARKER, Long.toString(System.nanoTime()));
        try (StatefulRedisConnection<String, String> publishing = client.connect()) {
            publishing.sync().publish(namespace + MARKER, marker.text());
        }
        Eventually.holds(() -> assertThat(received).contains(marker));
        return received();
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown(0, 2, TimeUnit.SECONDS);
    }
}
