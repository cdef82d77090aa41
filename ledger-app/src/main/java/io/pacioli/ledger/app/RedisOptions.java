package io.pacioli.ledger.app;

import io.pacioli.ledger.projection.redis.RedisSettings;
import io.pacioli.ledger.projection.redis.RedisTls;
import io.pacioli.ledger.service.Configuration;
import io.pacioli.ledger.service.ConfigurationException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where Redis is, and how to talk to it: the URI is a variable, as it may hold a password. */
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class RedisOptions {
    @Option(
            names = "--redis-cluster",
            description = "The server is a node of a Redis Cluster; the URI may name several, with commas between.")
    private boolean cluster;

    @Option(
            names = "--redis-ca",
            paramLabel = "PATH",
            description = "Certificates of the authorities to trust for TLS, as PEM. Default: those that Java trusts.")
    private @Nullable Path authority;

    @Option(
            names = "--redis-certificate",
            paramLabel = "PATH",
            description = "The certificate of this service, as PEM, when Redis asks for one.")
    private @Nullable Path certificate;

    @Option(
            names = "--redis-key",
            paramLabel = "PATH",
            description = "The key of that certificate, as PEM: PKCS #8 without a password.")
    private @Nullable Path key;

    @Option(
            names = "--redis-namespace",
            paramLabel = "NAME",
            defaultValue = "",
            description = "Stands before every key, for several ledgers in one Redis.")
    private String namespace;

    /** For picocli. */
    public RedisOptions() {}

    /**
     * Where it is; null when nobody says.
     *
     * @param otherwise the URI when the variable {@code LEDGER_REDIS_URI} is not set
     */
    public @Nullable RedisSettings settings(@Nullable String otherwise) {
        Configuration configuration = Configuration.of(System.getenv());
        String uri = configuration.text("LEDGER_REDIS_URI").orElse(otherwise);
        if (uri == null) {
            return null;
        }
        try {
            return (cluster ? RedisSettings.cluster(uri) : RedisSettings.of(uri))
                    .withSentinelPassword(
                            configuration.text("LEDGER_REDIS_SENTINEL_PASSWORD").orElse(""))
                    .withNamespace(namespace)
                    .withTls(new RedisTls(authority, certificate, key));
        } catch (ConfigurationException e) {
            // Without the value, which may hold a password.
            throw new CommandFailure("LEDGER_REDIS_URI, LEDGER_REDIS_*: " + e.getMessage(), e);
        }
    }
}
