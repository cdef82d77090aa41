package io.pacioli.ledger.api;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The Ed25519 keys (RFC 8032) by which checkpoints are verified: one, or several after a change of keys. Each is known by its id, the first
 * half of the SHA-256 of its SubjectPublicKeyInfo as hexadecimal digits. Immutable and thread safe.
 */
public final class PublicKeys {
    /** No key. */
    public static final PublicKeys NONE = new PublicKeys(Map.of());

    static final String ALGORITHM = "Ed25519";
    private static final int ID_LENGTH = 32;

    private final Map<String, PublicKey> keys;

    private PublicKeys(Map<String, PublicKey> keys) {
        this.keys = Collections.unmodifiableMap(keys);
    }

    /**
     * The keys of a PEM file with one block {@code PUBLIC KEY} for each.
     *
     * @throws KeyFileException when it cannot be read or holds anything else
     */
    public static PublicKeys read(Path file) {
        Map<String, PublicKey> keys = new LinkedHashMap<>();
        for (byte[] block : Pem.read(file, Pem.PUBLIC_KEY)) {
            try {
                PublicKey key = KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(block));
                keys.put(id(key), key);
            } catch (GeneralSecurityException e) {
                throw new KeyFileException(file + " must hold public keys for Ed25519 only", e);
            }
        }
        return new PublicKeys(keys);
    }

    static String id(PublicKey key) {
        return Hash.of(key.getEncoded()).hex().substring(0, ID_LENGTH);
    }

    /** The ids of all keys. */
    public Set<String> ids() {
        return keys.keySet();
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return keys.isEmpty();
    }

    /** Whether a signature is that of some content by the key with that id; false when there is no such key. */
    boolean verifies(String keyId, byte[] content, byte[] signature) {
        PublicKey key = keys.get(keyId);
        try {
            return key != null && verifies(key, content, signature);
        } catch (SignatureException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    /** The id of the key that a signature of some content is by. */
    Optional<String> signer(byte[] content, byte[] signature) {
        return keys.keySet().stream()
                .filter(id -> verifies(id, content, signature))
                .findFirst();
    }

    private static boolean verifies(PublicKey key, byte[] content, byte[] signature) throws GeneralSecurityException {
        Signature verifier = Signature.getInstance(ALGORITHM);
        verifier.initVerify(key);
        verifier.update(content);
        return verifier.verify(signature);
    }

    static IllegalStateException missing(GeneralSecurityException e) {
        return e instanceof NoSuchAlgorithmException
                ? new IllegalStateException("every Java runtime since 15 has " + ALGORITHM, e)
                : new IllegalStateException("a key for " + ALGORITHM + " does not work", e);
    }
}
