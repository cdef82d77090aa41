package io.pacioli.ledger.projection.redis;

import io.lettuce.core.SslOptions;
import io.pacioli.ledger.service.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The certificates of connections over TLS, as PEM files. They are read again for each connection, so that they can be replaced
 * while the process runs.
 *
 * @param authority whose certificates are trusted; null for those that the Java runtime trusts
 * @param certificate this client's own, with what leads to its authority; null when Redis asks for none
 * @param key the private key of that certificate, PKCS #8 without a password; null when there is no certificate
 */
public record RedisTls(
        @Nullable Path authority,
        @Nullable Path certificate,
        @Nullable Path key) {
    /** Trusts what the Java runtime trusts, and shows no certificate. */
    public static final RedisTls DEFAULT = new RedisTls(null, null, null);

    /** @throws ConfigurationException when a file cannot be read or is not what it should be, or only one of certificate and key is given */
    public RedisTls {
        if ((certificate == null) != (key == null)) {
            throw new ConfigurationException("the Redis client certificate and its key must be given together");
        }
        if (authority != null) {
            check("the certificates of the Redis authority", authority, trusting(authority));
        }
        if (certificate != null && key != null) {
            check("the Redis client certificate", certificate, trusting(certificate));
            check("the key of the Redis client certificate", key, showing(certificate, key));
        }
    }

    private static SslOptions.Builder trusting(Path certificates) {
        return SslOptions.builder().trustManager(resource(certificates));
    }

    private static SslOptions.Builder showing(Path certificate, Path key) {
        return SslOptions.builder().keyManager(resource(certificate), resource(key), new char[0]);
    }

    private static SslOptions.Resource resource(Path file) {
        return () -> Files.newInputStream(file);
    }

    private static void check(String what, Path file, SslOptions.Builder options) {
        try {
            Files.newInputStream(file).close();
        } catch (IOException e) {
            throw new ConfigurationException(what + " cannot be read: " + file, e);
        }
        try {
            options.build().createSslContextBuilder().build();
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new ConfigurationException(what + " must be PEM, a key PKCS #8 without a password: " + file, e);
        }
    }

    /** @param handshakeMax how long a handshake may take */
    SslOptions options(Duration handshakeMax) {
        SslOptions.Builder options = SslOptions.builder().handshakeTimeout(handshakeMax);
        if (authority != null) {
            options.trustManager(resource(authority));
        }
        if (certificate != null && key != null) {
            options.keyManager(resource(certificate), resource(key), new char[0]);
        }
        return options.build();
    }
}
