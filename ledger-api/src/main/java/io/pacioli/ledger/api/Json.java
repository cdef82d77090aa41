package io.pacioli.ledger.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import io.pacioli.ledger.core.MalformedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes JSON (RFC 8259), bounded in depth, digits and the length of names. What it reads is well-formed Unicode in
 * UTF-8, so that every text can be written again; a member that comes twice is an error.
 */
final class Json {
    private static final int DEPTH_MAX = 16;
    private static final int SKIMMED_DEPTH_MAX = 1_000;
    private static final int DIGITS_MAX = 64;
    private static final int NAME_LENGTH_MAX = 256;

    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long LOW_BITS = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
    private static final long BACKSLASHES = '\\' * LOW_BITS;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            // What a record is must not depend on the names that the process has read before it.
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
            // An emoji as its four bytes rather than as twelve of escapes.
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH_MAX)
                    .maxNumberLength(DIGITS_MAX)
                    .maxNameLength(NAME_LENGTH_MAX)
                    .build())
            .build();

    /** Of a record that holds many objects, which are skipped here and read with the bounds above: what breaks those is theirs alone. */
    private static final JsonFactory SKIMMING = JsonFactory.builder()
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            // What a record is must not depend on the names that the process has read before it.
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(SKIMMED_DEPTH_MAX)
                    .maxNumberLength(LedgerTopics.COMMAND_RECORD_BYTES_MAX)
                    .maxNameLength(LedgerTopics.COMMAND_RECORD_BYTES_MAX)
                    .build())
            .build();

    private Json() {}

    /** A parser to skip what is not asked for; what it reads may be no well-formed Unicode. */
    static JsonParser skim(byte[] bytes) throws IOException {
        return SKIMMING.createParser(bytes);
    }

    /** What is written into a generator. */
    interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    /** The bytes of what the body writes. */
    static byte[] write(Body body) {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder(512);
                JsonGenerator json = FACTORY.createGenerator(bytes)) {
            body.write(json);
            json.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("writing into memory does not fail", e);
        }
    }

    /** @throws MalformedException when the bytes are anything but one JSON object within the bounds */
    static JsonObject read(byte[] bytes) {
        try (JsonParser parser = FACTORY.createParser(bytes)) {
            boolean isPlain = isPlain(bytes);
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedException("record", "must be a JSON object", String.valueOf(parser.currentToken()));
            }
            JsonObject object = object(JsonPath.RECORD, parser, isPlain);
            if (parser.nextToken() != null) {
                throw new MalformedException("record", "must end after one JSON object", parser.getText());
            }
            return object;
        } catch (IOException e) {
            throw new MalformedException("record", "must be JSON in UTF-8", reason(e));
        }
    }

    private static JsonObject object(JsonPath path, JsonParser parser, boolean isPlain) throws IOException {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            if (!isPlain) {
                checkWellFormed(path, "member", name);
            }
            parser.nextToken();
            int before = members.size();
            members.put(name, value(path, name, JsonPath.NONE, parser, isPlain));
            if (members.size() == before) {
                throw new MalformedException(path.of(name), "must not come twice", name);
            }
        }
        return new JsonObject(path, members);
    }

    private static @Nullable Object value(JsonPath path, String name, int index, JsonParser parser, boolean isPlain)
            throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> isPlain ? parser.getText() : checkWellFormed(path, name, parser.getText());
            case VALUE_NUMBER_INT -> whole(parser);
            case VALUE_NUMBER_FLOAT -> new JsonObject.JsonNumber(parser.getText(), false);
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case START_OBJECT -> object(new JsonPath(path, name, index), parser, isPlain);
            case START_ARRAY -> array(path, name, parser, isPlain);
            default -> throw new MalformedException("record", "must be JSON in UTF-8", parser.getText());
        };
    }

    /** JSON spells a whole number in one way only, but for 0, which is -0 too. */
    private static Object whole(JsonParser parser) throws IOException {
        boolean isLong = parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
        return isLong && (parser.getLongValue() != 0 || parser.getTextLength() == 1)
                ? (Object) parser.getLongValue()
                : new JsonObject.JsonNumber(parser.getText(), true);
    }

    private static List<@Nullable Object> array(JsonPath path, String name, JsonParser parser, boolean isPlain)
            throws IOException {
        List<@Nullable Object> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.add(value(path, name, elements.size(), parser, isPlain));
        }
        return elements;
    }

    /**
     * Whether the bytes are ASCII without escapes, as most are: no text of them can be malformed then. The parser takes overlong forms and
     * halves of surrogate pairs, which would be two spellings of one text, or none.
     */
    private static boolean isPlain(byte[] bytes) throws CharacterCodingException {
        long nonAscii = 0;
        long escapes = 0;
        int at = 0;
        for (; at <= bytes.length - Long.BYTES; at += Long.BYTES) {
            long eight = (long) EIGHT_BYTES.get(bytes, at);
            nonAscii |= eight;
            escapes |= zeroBytes(eight ^ BACKSLASHES);
        }
        for (; at < bytes.length; at++) {
            nonAscii |= bytes[at];
            escapes |= bytes[at] == '\\' ? HIGH_BITS : 0;
        }
        if ((nonAscii & HIGH_BITS) != 0) {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return false;
        }
        return escapes == 0;
    }

    /** Not 0 exactly if one of eight bytes is 0. See Warren, Hacker's Delight, 2nd edition, 6-1. */
    private static long zeroBytes(long eight) {
        return (eight - LOW_BITS) & ~eight & HIGH_BITS;
    }

    /** Half a surrogate pair, which only an escape can spell, is no text and cannot be written. */
    private static String checkWellFormed(JsonPath path, String field, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                i++;
                if (Character.isLowSurrogate(c) || i == text.length() || !Character.isLowSurrogate(text.charAt(i))) {
                    throw new MalformedException(
                            path.of(field), "must be Unicode text", "half a surrogate pair: " + Integer.toHexString(c));
                }
            }
        }
        return text;
    }

    /** What a parser says is wrong, in one line. */
    static String reason(IOException e) {
        String message = String.valueOf(e.getMessage());
        int lineEnd = message.indexOf('\n');
        return lineEnd < 0 ? message : message.substring(0, lineEnd);
    }
}
