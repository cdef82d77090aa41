package io.pacioli.ledger.api;

import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Position;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;

/**
 * The JSON of checkpoints and their signature. Pure and thread safe.
 *
 * <p>What is signed are the record's bytes up to, and without, the member {@code signature}, which is always the last: {@code
 * ,"signature":"<88 characters of Base64>"}}, 104 bytes. So anybody can verify it without knowing a thing about JSON.
 */
public final class CheckpointCodec {
    /** Version of the record format. */
    public static final int VERSION = 1;

    private static final byte[] SIGNATURE_OPEN = ",\"signature\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SIGNATURE_CLOSE = "\"}".getBytes(StandardCharsets.US_ASCII);
    private static final int SIGNATURE_LENGTH = 88;
    private static final int SEAL_BYTES = SIGNATURE_OPEN.length + SIGNATURE_LENGTH + SIGNATURE_CLOSE.length;

    private CheckpointCodec() {}

    /**
     * Writes a checkpoint and signs it.
     *
     * @throws IllegalArgumentException when it names another key
     */
    public static byte[] encode(Checkpoint checkpoint, SigningKey key) {
        if (!checkpoint.keyId().equals(key.id())) {
            throw new IllegalArgumentException(
                    "must name the key that signs it: keyId=" + checkpoint.keyId() + " key=" + key.id());
        }
        byte[] content = Json.write(json -> {
            json.writeStartObject();
            json.writeNumberField("v", VERSION);
            json.writeNumberField("shard", checkpoint.position().shard());
            json.writeNumberField("number", checkpoint.number());
            json.writeNumberField("sequence", checkpoint.position().sequence());
            json.writeNumberField("offset", checkpoint.offset());
            json.writeStringField("at", Timestamps.format(checkpoint.atMillis()));
            json.writeStringField("hash", checkpoint.hash().hex());
            json.writeObjectFieldStart("books");
            for (Map.Entry<String, BigInteger> total : checkpoint.books().entrySet()) {
                json.writeStringField(total.getKey(), Amount.digits(total.getValue()));
            }
            json.writeEndObject();
            json.writeStringField("prev", checkpoint.previous().hex());
            json.writeStringField("key", checkpoint.keyId());
        });
        byte[] signature = Base64.getEncoder().encode(key.sign(content));
        byte[] bytes = Arrays.copyOf(content, content.length + SEAL_BYTES);
        System.arraycopy(SIGNATURE_OPEN, 0, bytes, content.length, SIGNATURE_OPEN.length);
        System.arraycopy(signature, 0, bytes, content.length + SIGNATURE_OPEN.length, SIGNATURE_LENGTH);
        System.arraycopy(SIGNATURE_CLOSE, 0, bytes, bytes.length - SIGNATURE_CLOSE.length, SIGNATURE_CLOSE.length);
        return bytes;
    }

    /**
     * Reads a record, whoever has signed it: see {@link #isSigned}. Unknown members are ignored.
     *
     * @throws MalformedException when it is not a checkpoint of a known version
     */
    public static Checkpoint decode(byte[] bytes) {
        JsonObject json = Json.read(bytes);
        if (json.integer("v") != VERSION) {
            throw new MalformedException("v", "must be " + VERSION, Integer.toString(json.integer("v")));
        }
        long offset = json.whole("offset");
        if (offset < 0) {
            throw new MalformedException("offset", "must not be negative", Long.toString(offset));
        }
        return new Checkpoint(
                new Position(json.shard("shard"), json.number("sequence")),
                json.number("number"),
                offset,
                json.timestamp("at"),
                Hash.parse("hash", json.string("hash")),
                json.balances("books"),
                Hash.parse("prev", json.string("prev")),
                json.string("key"));
    }

    /** Whether a record carries a signature of its bytes by that one of the keys that it names. */
    public static boolean isSigned(byte[] bytes, String keyId, PublicKeys keys) {
        int contentLength = bytes.length - SEAL_BYTES;
        int signatureFrom = contentLength + SIGNATURE_OPEN.length;
        int signatureTo = signatureFrom + SIGNATURE_LENGTH;
        if (contentLength <= 0
                || !Arrays.equals(bytes, contentLength, signatureFrom, SIGNATURE_OPEN, 0, SIGNATURE_OPEN.length)
                || !Arrays.equals(bytes, signatureTo, bytes.length, SIGNATURE_CLOSE, 0, SIGNATURE_CLOSE.length)) {
            return false;
        }
        try {
            byte[] signature = Base64.getDecoder().decode(Arrays.copyOfRange(bytes, signatureFrom, signatureTo));
            return keys.verifies(keyId, Arrays.copyOf(bytes, contentLength), signature);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
