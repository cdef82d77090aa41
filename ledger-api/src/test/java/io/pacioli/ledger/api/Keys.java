package io.pacioli.ledger.api;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;

/** The pair of keys that openssl has made for the golden files. */
final class Keys {
    static final Path PRIVATE_FILE = file("checkpoint-key.pem");
    static final Path PUBLIC_FILE = file("checkpoint-public-key.pem");

    private Keys() {}

    static SigningKey signing() {
        return SigningKey.read(PRIVATE_FILE, PublicKeys.read(PUBLIC_FILE));
    }

    private static Path file(String name) {
        try {
            return Path.of(Objects.requireNonNull(Keys.class.getResource("/keys/" + name))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
