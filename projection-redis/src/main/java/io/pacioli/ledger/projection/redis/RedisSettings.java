package io.pacioli.ledger.projection.redis;

import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterURIUtil;
import io.pacioli.ledger.service.ConfigurationException;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * Where the store is.
 *
 * @param uri {@code redis://}, {@code rediss://} (TLS), {@code redis-sentinel://} or {@code rediss-sentinel://}, with user and
 *     password if needed; several nodes of a cluster, or several Sentinels, are separated by commas; may be secret, so
 *     {@link #toString()} leaves it out
 * @param sentinelPassword what the Sentinels themselves ask for, empty for nothing; secret too
 * @param cluster whether it is a Redis Cluster, of which the URI names one node or more
 * @param namespace stands before every key, for several ledgers in one Redis; empty for none; without braces
 * @param timeout how long a command may take, more than zero
 * @param tls the certificates, when the URI asks for TLS
 */
public record RedisSettings(
        String uri, String sentinelPassword, boolean cluster, String namespace, Duration timeout, RedisTls tls) {
    /** How long a command may take unless said otherwise. */
    public static final Duration TIMEOUT = Duration.ofSeconds(3);

    /** @throws ConfigurationException when a value is out of its range or malformed, or two do not go together */
    public RedisSettings {
        if (namespace.indexOf('{') >= 0 || namespace.indexOf('}') >= 0) {
            throw new ConfigurationException("the Redis namespace must not contain braces: namespace=" + namespace);
        }
        if (timeout.isZero() || timeout.isNegative()) {
            throw new ConfigurationException("the Redis timeout must be more than zero: timeout=" + timeout);
        }
        RedisURI address = parse(uri);
        boolean sentinel = !address.getSentinels().isEmpty();
        if (sentinel && cluster) {
            throw new ConfigurationException(
                    "a Redis Cluster is not behind Sentinels: the URI must be redis:// or rediss://");
        }
        if (!sentinel && !sentinelPassword.isEmpty()) {
            throw new ConfigurationException("a password for Sentinels needs a URI that names them: redis-sentinel://");
        }
        if (!sentinel && !cluster && address.getHost().contains(",")) {
            throw new ConfigurationException("only a Redis Cluster or Sentinels may be several in the Redis URI");
        }
        if (cluster && address.getDatabase() != 0) {
            throw new ConfigurationException("a Redis Cluster has no numbered databases: the URI must not name one");
        }
        if (!address.isSsl() && !tls.equals(RedisTls.DEFAULT)) {
            throw new ConfigurationException(
                    "certificates for Redis need a URI that asks for TLS: rediss:// or rediss-sentinel://");
        }
    }

    /** A single server, or what a Sentinel knows as one; no namespace. */
    public static RedisSettings of(String uri) {
        return new RedisSettings(uri, "", false, "", TIMEOUT, RedisTls.DEFAULT);
    }

    /** A Redis Cluster; no namespace. */
    public static RedisSettings cluster(String uri) {
        return new RedisSettings(uri, "", true, "", TIMEOUT, RedisTls.DEFAULT);
    }

    /** The same store with another password for the Sentinels. */
    public RedisSettings withSentinelPassword(String password) {
        return new RedisSettings(uri, password, cluster, namespace, timeout, tls);
    }

    /** The same store with another namespace. */
    public RedisSettings withNamespace(String prefix) {
        return new RedisSettings(uri, sentinelPassword, cluster, prefix, timeout, tls);
    }

    /** The same store with another bound on commands. */
    public RedisSettings withTimeout(Duration duration) {
        return new RedisSettings(uri, sentinelPassword, cluster, namespace, duration, tls);
    }

    /** The same store with other certificates. */
    public RedisSettings withTls(RedisTls certificates) {
        return new RedisSettings(uri, sentinelPassword, cluster, namespace, timeout, certificates);
    }

    /** The addresses that the URI names: one, or those of nodes of a cluster. */
    List<RedisURI> addresses() {
        List<RedisURI> addresses = cluster ? RedisClusterURIUtil.toRedisURIs(URI.create(uri)) : List.of(parse(uri));
        addresses.forEach(address -> {
            address.setTimeout(timeout);
            address.getSentinels().forEach(this::prepare);
        });
        return addresses;
    }

    private void prepare(RedisURI sentinel) {
        sentinel.setTimeout(timeout);
        if (!sentinelPassword.isEmpty()) {
            sentinel.setAuthentication(sentinelPassword);
        }
    }

    private static RedisURI parse(String uri) {
        try {
            RedisURI address = RedisURI.create(uri);
            if (address.getHost() != null || !address.getSentinels().isEmpty()) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            // Not passed on as the cause: its message repeats the URI, and with it the password.
        }
        throw new ConfigurationException("the Redis URI must be redis://, rediss://, redis-sentinel:// or"
                + " rediss-sentinel:// with a host, and #name of the master for Sentinels; special characters in a"
                + " password must be percent-encoded");
    }

    @Override
    public String toString() {
        return "RedisSettings[cluster=" + cluster + ", namespace=" + namespace + ", timeout=" + timeout + ", tls=" + tls
                + "]";
    }
}
