package io.pacioli.ledger.app.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.api.PublicKeys;
import io.pacioli.ledger.api.SigningKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an import says about keys. */
final class CheckpointKeysTest {
    @TempDir
    private Path old = Path.of("");

    @TempDir
    private Path data = Path.of("");

    private Set<String> signers() {
        SigningKey.createIfMissing(old.resolve("checkpoint-key.pem"), old.resolve("checkpoint-public-key.pem"));
        return PublicKeys.read(old.resolve("checkpoint-public-key.pem")).ids();
    }

    private void copy(String file) throws Exception {
        Files.copy(old.resolve(file), data.resolve(file));
    }

    @Test
    void saysNothingWhenNothingWasSigned() {
        assertThat(CheckpointKeys.in(data, Set.of()).advice()).isNull();
        assertThat(new CheckpointKeys(null, null, Set.of()).verifying().isEmpty())
                .isTrue();
    }

    @Test
    void namesTheKeyThatIsMissingAndWhereItBelongs() {
        Set<String> signers = signers();
        CheckpointKeys keys = CheckpointKeys.in(data, signers);

        assertThat(keys.advice())
                .contains("signed by the key " + signers.iterator().next() + ", which is not here")
                .contains(data.resolve("checkpoint-key.pem") + " and " + data.resolve("checkpoint-public-key.pem"));
        assertThat(keys.verifying().isEmpty()).isTrue();
        assertThat(new CheckpointKeys(null, null, signers).advice()).contains("--checkpoint-key-file");
    }

    @Test
    void anotherPairIsNotTheOneThatSigned() {
        Set<String> signers = signers();
        SigningKey.createIfMissing(data.resolve("checkpoint-key.pem"), data.resolve("checkpoint-public-key.pem"));
        CheckpointKeys keys = CheckpointKeys.in(data, signers);

        assertThat(keys.advice()).contains("which is not here");
        assertThat(keys.verifying().isEmpty()).isTrue();
    }

    @Test
    void thePublicKeyAloneVerifies() throws Exception {
        Set<String> signers = signers();
        copy("checkpoint-public-key.pem");
        CheckpointKeys keys = CheckpointKeys.in(data, signers);

        assertThat(keys.advice()).contains("whose private key is not here", "go on under a new key");
        assertThat(keys.verifying().ids()).isEqualTo(signers);
        SigningKey.createIfMissing(data.resolve("checkpoint-key.pem"), data.resolve("checkpoint-public-key.pem"));
        assertThat(keys.advice()).contains("go on under a new key");
        assertThat(keys.verifying().ids()).hasSize(2).containsAll(signers);
    }

    @Test
    void bothAreAllThatIsNeeded() throws Exception {
        Set<String> signers = signers();
        copy("checkpoint-public-key.pem");
        copy("checkpoint-key.pem");

        assertThat(CheckpointKeys.in(data, signers).advice()).isNull();
    }
}
