package io.pacioli.ledger.api;

import io.pacioli.ledger.core.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A SHA-256 digest (FIPS 180-4): 32 bytes, immutable. */
public final class Hash {
    /** Bytes in a digest. */
    public static final int BYTES = 32;

    /** Stands before the first entry of every shard: 32 zero bytes. */
    public static final Hash ZERO = new Hash(new byte[BYTES]);

    private static final int FILE_BUFFER_BYTES = 1 << 16;
    private static final byte[] DIGITS = digits();
    private static final MessageDigest SHA_256 = newSha256();

    private final byte[] bytes;

    private Hash(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The digest of a part of an array. */
    public static Hash of(byte[] content, int offset, int length) {
        MessageDigest digest = sha256();
        digest.update(content, offset, length);
        return new Hash(digest.digest());
    }

    /** The digest of an array. */
    public static Hash of(byte[] content) {
        return of(content, 0, content.length);
    }

    /**
     * The digest of a file.
     *
     * @throws java.io.IOException when it cannot be read
     */
    public static Hash of(Path file) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[FILE_BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return new Hash(digest.digest());
    }

    /** A digest from its 32 bytes, which are copied. */
    public static Hash ofBytes(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new MalformedException("hash", "must have 32 bytes", Integer.toString(bytes.length));
        }
        return new Hash(bytes.clone());
    }

    /** @throws MalformedException when the text is not 64 lower-case hexadecimal digits */
    public static Hash parse(String field, String hex) {
        byte[] parsed = new byte[BYTES];
        boolean isHex = hex.length() == 2 * BYTES;
        for (int i = 0; isHex && i < BYTES; i++) {
            int high = digit(hex.charAt(2 * i));
            int low = digit(hex.charAt(2 * i + 1));
            isHex = high >= 0 && low >= 0;
            parsed[i] = (byte) ((high << 4) | low);
        }
        if (!isHex) {
            throw new MalformedException(field, "must be 64 lower-case hexadecimal digits", hex);
        }
        return new Hash(parsed);
    }

    /** The value of a lower-case hexadecimal digit; -1 for anything else. */
    private static int digit(int c) {
        return c >= 0 && c < DIGITS.length ? DIGITS[c] : -1;
    }

    private static byte[] digits() {
        byte[] digits = new byte['f' + 1];
        Arrays.fill(digits, (byte) -1);
        for (int value = 0; value < 16; value++) {
            digits[Character.forDigit(value, 16)] = (byte) value;
        }
        return digits;
    }

    /** Whether its 64 digits stand at that place. */
    boolean isSpelled(byte[] text, int from) {
        for (int i = 0; i < BYTES; i++) {
            int spelled = (digit(text[from + 2 * i]) << 4) | digit(text[from + 2 * i + 1]);
            if (spelled != (bytes[i] & 0xff)) {
                return false;
            }
        }
        return true;
    }

    /** A copy of the 32 bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** 64 lower-case hexadecimal digits. */
    public String hex() {
        return HexFormat.of().formatHex(bytes);
    }

    /** A digest of nothing yet. A copy of one at hand costs a third of what finding a new one does. */
    static MessageDigest sha256() {
        try {
            return (MessageDigest) SHA_256.clone();
        } catch (CloneNotSupportedException e) {
            return newSha256();
        }
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Hash hash && Arrays.equals(bytes, hash.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return hex();
    }
}
