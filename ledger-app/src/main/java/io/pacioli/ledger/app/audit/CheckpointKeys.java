package io.pacioli.ledger.app.audit;

import io.pacioli.ledger.api.KeyFileException;
import io.pacioli.ledger.api.PublicKeys;
import io.pacioli.ledger.api.SigningKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys that an imported ledger will have, as far as they are in their place before it starts.
 *
 * @param keyFile the notary's private key; null when nobody has named it
 * @param publicKeyFile its public key, and those that it has replaced; null when nobody has named it
 * @param signers the ids of the keys that have signed what is imported
 */
record CheckpointKeys(@Nullable Path keyFile, @Nullable Path publicKeyFile, Set<String> signers) {
    /** Those that {@code ledger up} will use. */
    static CheckpointKeys in(Path dataDirectory, Set<String> signers) {
        return new CheckpointKeys(
                dataDirectory.resolve("checkpoint-key.pem"),
                dataDirectory.resolve("checkpoint-public-key.pem"),
                signers);
    }

    /**
     * What verifies the imported checkpoints; none when the keys that have signed them are not there.
     *
     * @throws KeyFileException when a file that is there cannot be read
     */
    PublicKeys verifying() {
        PublicKeys there = there();
        return there.ids().containsAll(signers) ? there : PublicKeys.NONE;
    }

    private PublicKeys there() {
        return publicKeyFile == null || !Files.exists(publicKeyFile) ? PublicKeys.NONE : PublicKeys.read(publicKeyFile);
    }

    /**
     * What is to be done about keys before the first start, one line; null when they are in their place, or nothing was signed.
     *
     * @throws KeyFileException when a file that is there cannot be read
     */
    @Nullable
    String advice() {
        if (signers.isEmpty()) {
            return null;
        }
        String old = "the key " + String.join(", ", signers);
        if (!there().ids().containsAll(signers)) {
            return "its checkpoints were signed by " + old
                    + ", which is not here: before the first start copy the old ledger's"
                    + " checkpoint-key.pem and checkpoint-public-key.pem to " + places()
                    + "; if the private key is lost, the public key alone, to which the new one is then added. Without it every"
                    + " audit reports the imported checkpoints as signed by a key that it does not know";
        }
        if (!signs()) {
            return "its checkpoints were signed by " + old
                    + ", whose private key is not here: they are verified, and go on"
                    + " under a new key unless the old ledger's checkpoint-key.pem is copied to "
                    + (keyFile == null ? "where --checkpoint-key-file of ledger notary names it" : keyFile)
                    + " before the first start";
        }
        return null;
    }

    /** Whether the key that is here is the one that signed last. */
    private boolean signs() {
        return keyFile != null
                && Files.exists(keyFile)
                && signers.contains(SigningKey.read(keyFile, there()).id());
    }

    private String places() {
        return keyFile == null || publicKeyFile == null
                ? "where --checkpoint-key-file and --checkpoint-public-key-file of ledger notary name them"
                : keyFile + " and " + publicKeyFile;
    }
}
