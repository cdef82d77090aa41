package io.pacioli.ledger.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;

/** The Ed25519 key (RFC 8032) that signs checkpoints. Immutable and thread safe. */
public final class SigningKey {
    private static final byte[] PROBE = "Is this its public key?".getBytes(StandardCharsets.US_ASCII);

    private final PrivateKey key;
    private final String id;

    private SigningKey(PrivateKey key, String id) {
        this.key = key;
        this.id = id;
    }

    /**
     * The key of a PEM file with a block {@code PRIVATE KEY} (PKCS #8, without a password).
     *
     * @param publicKeys among which its own is found
     * @throws KeyFileException when it cannot be read, holds anything else, or has no public key among those
     */
    public static SigningKey read(Path file, PublicKeys publicKeys) {
        byte[] block = Pem.read(file, Pem.PRIVATE_KEY).getFirst();
        PrivateKey key;
        try {
            key = KeyFactory.getInstance(PublicKeys.ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(block));
        } catch (GeneralSecurityException e) {
            throw new KeyFileException(file + " must hold a private key for Ed25519 (PKCS #8)", e);
        }
        String id = publicKeys
                .signer(PROBE, sign(key, PROBE))
                .orElseThrow(() -> new KeyFileException("the public key of " + file + " must be among those given: "
                        + String.join(", ", publicKeys.ids())));
        return new SigningKey(key, id);
    }

    /**
     * Makes a pair of keys unless there is one: a private key that only the owner of the process may read, and its public key at the end of
     * those that are in the file already. What is there is never overwritten.
     *
     * @throws KeyFileException when the files cannot be written
     */
    public static void createIfMissing(Path privateFile, Path publicFile) {
        if (Files.exists(privateFile)) {
            return;
        }
        try {
            KeyPair pair = KeyPairGenerator.getInstance(PublicKeys.ALGORITHM).generateKeyPair();
            String known = Files.exists(publicFile) ? Files.readString(publicFile) : "";
            // The public key first: a private key without it could sign what nobody can verify.
            write(
                    publicFile,
                    known + Pem.encode(Pem.PUBLIC_KEY, pair.getPublic().getEncoded()),
                    "rw-r--r--");
            write(privateFile, Pem.encode(Pem.PRIVATE_KEY, pair.getPrivate().getEncoded()), "rw-------");
        } catch (IOException e) {
            throw new KeyFileException("the keys " + privateFile + " and " + publicFile + " cannot be made: " + e, e);
        } catch (GeneralSecurityException e) {
            throw PublicKeys.missing(e);
        }
    }

    /** A file is there as a whole or not at all, and never readable for more than may read it in the end. */
    private static void write(Path file, String content, String permissions) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.deleteIfExists(next);
        boolean isPosix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] attributes = isPosix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
        Files.createFile(next, attributes);
        Files.writeString(next, content, StandardOpenOption.TRUNCATE_EXISTING);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** The id of its public key. */
    public String id() {
        return id;
    }

    byte[] sign(byte[] content) {
        return sign(key, content);
    }

    private static byte[] sign(PrivateKey key, byte[] content) {
        try {
            Signature signer = Signature.getInstance(PublicKeys.ALGORITHM);
            signer.initSign(key);
            signer.update(content);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw PublicKeys.missing(e);
        }
    }
}
