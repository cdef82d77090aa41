package io.pacioli.ledger.projection.redis;

import io.lettuce.core.RedisURI;
import io.pacioli.ledger.service.ConfigurationException;
import java.time.Duration;

/**
 * Where the store is.
 *
 * @param uri {@code redis://}, {@code rediss://} (TLS) or {@code redis-sentinel://}, with user and password if needed; may be
 *     secret, so {@link #toString()} leaves it out
 * @param cluster whether it is a Redis Cluster, of which the URI names a node
 * @param namespace stands before every key, for several ledgers in one Redis; empty for none; without braces
 * @param timeout how long a command may take, more than zero
 */
public record RedisSettings(String uri, boolean cluster, String namespace, Duration timeout) {
    /** How long a command may take unless said otherwise. */
    public static final Duration TIMEOUT = Duration.ofSeconds(3);

    /** @throws ConfigurationException when a value is out of its range or malformed */
    public RedisSettings {
        try {
            RedisURI.create(uri);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(
                    "the Redis URI must be redis://, rediss:// or redis-sentinel:// with a host", e);
        }
        if (namespace.indexOf('{') >= 0 || namespace.indexOf('}') >= 0) {
            throw new ConfigurationException("the Redis namespace must not contain braces: namespace=" + namespace);
        }
        if (timeout.isZero() || timeout.isNegative()) {
            throw new ConfigurationException("the Redis timeout must be more than zero: timeout=" + timeout);
        }
    }

    /** A single server, or what a Sentinel knows as one; no namespace. */
    public static RedisSettings of(String uri) {
        return new RedisSettings(uri, false, "", TIMEOUT);
    }

    /** The same store as a cluster, or not. */
    public RedisSettings withCluster(boolean isCluster) {
        return new RedisSettings(uri, isCluster, namespace, timeout);
    }

    /** The same store with another namespace. */
    public RedisSettings withNamespace(String prefix) {
        return new RedisSettings(uri, cluster, prefix, timeout);
    }

    /** The same store with another bound on commands. */
    public RedisSettings withTimeout(Duration duration) {
        return new RedisSettings(uri, cluster, namespace, duration);
    }

    @Override
    public String toString() {
        return "RedisSettings[cluster=" + cluster + ", namespace=" + namespace + ", timeout=" + timeout + "]";
    }
}
