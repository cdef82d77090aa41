package io.pacioli.ledger.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Position;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointCodecTest {
    private static final PublicKeys KEYS = PublicKeys.read(Keys.PUBLIC_FILE);
    private static final byte[] GOLDEN = golden();

    private static byte[] golden() {
        return Golden.all()
                .filter(golden -> golden.name().equals("checkpoint"))
                .findFirst()
                .orElseThrow()
                .file();
    }

    private static String keyId() {
        return KEYS.ids().iterator().next();
    }

    /** The golden file was written and signed by openssl. */
    @Test
    void verifiesWhatOthersHaveSigned() {
        Checkpoint checkpoint = CheckpointCodec.decode(GOLDEN);

        assertThat(checkpoint.position()).isEqualTo(new Position(3, 1841));
        assertThat(CheckpointCodec.isSigned(GOLDEN, checkpoint.keyId(), KEYS)).isTrue();
    }

    @Test
    void anyOtherByteIsNotSigned() {
        for (int at = 0; at < GOLDEN.length; at++) {
            byte[] changed = GOLDEN.clone();
            changed[at] ^= 1;
            assertThat(CheckpointCodec.isSigned(changed, keyId(), KEYS))
                    .as("byte " + at)
                    .isFalse();
        }
        byte[] longer =
                new String(GOLDEN, StandardCharsets.UTF_8).replace("}", " }").getBytes(StandardCharsets.UTF_8);
        assertThat(CheckpointCodec.isSigned(longer, keyId(), KEYS)).isFalse();
        assertThat(CheckpointCodec.isSigned(new byte[3], keyId(), KEYS)).isFalse();
        assertThat(CheckpointCodec.isSigned(GOLDEN, keyId(), PublicKeys.NONE)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "`\"v\":1`, `\"v\":2`, v",
                "`\"shard\":3`, `\"shard\":1000`, shard",
                "`\"number\":17`, `\"number\":0`, number",
                "`\"offset\":3702`, `\"offset\":-1`, offset",
                "`\"212450000\"`, `\"2.5\"`, books.GOLD",
                "`\"prev\":\"`, `\"prev\":\"g`, prev"
            })
    void refusesWhatIsNone(String text, String other, String field) {
        String changed = new String(GOLDEN, StandardCharsets.UTF_8).replace(text, other);

        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> CheckpointCodec.decode(changed.getBytes(StandardCharsets.UTF_8)))
                .returns(field, MalformedException::field);
    }

    @Test
    void signsUnderItsOwnNameOnly() {
        Checkpoint other =
                new Checkpoint(new Position(0, 1), 1, 0, 0, Hash.ZERO, new TreeMap<>(), Hash.ZERO, "0".repeat(32));

        assertThatIllegalArgumentException().isThrownBy(() -> CheckpointCodec.encode(other, Keys.signing()));
    }

    @Test
    void makesKeysOnceAndForTheirOwnerOnly(@TempDir Path directory) throws IOException {
        Path secret = directory.resolve("key.pem");
        Path known = directory.resolve("public.pem");
        SigningKey.createIfMissing(secret, known);
        String first = Files.readString(secret);
        SigningKey.createIfMissing(secret, known);

        assertThat(Files.readString(secret)).isEqualTo(first).startsWith("-----BEGIN PRIVATE KEY-----\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
                .isEqualTo("rw-------");
        assertThat(directory).isDirectoryNotContaining("glob:**.next");
        SigningKey key = SigningKey.read(secret, PublicKeys.read(known));
        assertThat(PublicKeys.read(known).ids()).containsExactly(key.id());
    }

    @Test
    void aNewKeyJoinsTheKnownOnes(@TempDir Path directory) throws IOException {
        Path secret = directory.resolve("key.pem");
        Path known = directory.resolve("public.pem");
        SigningKey.createIfMissing(secret, known);
        SigningKey old = SigningKey.read(secret, PublicKeys.read(known));
        Files.delete(secret);
        SigningKey.createIfMissing(secret, known);

        PublicKeys keys = PublicKeys.read(known);
        SigningKey key = SigningKey.read(secret, keys);
        assertThat(keys.ids()).containsExactly(old.id(), key.id());
        assertThat(keys.verifies(old.id(), GOLDEN, old.sign(GOLDEN))).isTrue();
        assertThat(keys.verifies(old.id(), GOLDEN, key.sign(GOLDEN))).isFalse();
    }

    @Test
    void saysWhatIsWrongWithAKeyFile(@TempDir Path directory) throws IOException {
        Path secret = directory.resolve("key.pem");
        Path known = directory.resolve("public.pem");
        SigningKey.createIfMissing(secret, known);

        assertThatExceptionOfType(KeyFileException.class)
                .isThrownBy(() -> PublicKeys.read(directory.resolve("none.pem")))
                .withMessageContaining("none.pem");
        assertThatExceptionOfType(KeyFileException.class)
                .isThrownBy(() -> PublicKeys.read(secret))
                .withMessageContaining("BEGIN PUBLIC KEY");
        assertThatExceptionOfType(KeyFileException.class)
                .isThrownBy(() -> SigningKey.read(known, PublicKeys.read(known)))
                .withMessageContaining("BEGIN PRIVATE KEY");
        assertThatExceptionOfType(KeyFileException.class)
                .isThrownBy(() -> SigningKey.read(secret, KEYS))
                .withMessageContaining("must be among those given: " + keyId());
    }
}
