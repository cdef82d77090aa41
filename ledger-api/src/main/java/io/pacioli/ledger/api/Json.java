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
import java.nio.ByteBuffer;
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
    private static final int DIGITS_MAX = 64;
    private static final int NAME_LENGTH_MAX = 256;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
            // An emoji as its four bytes rather than as twelve of escapes.
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH_MAX)
                    .maxNumberLength(DIGITS_MAX)
                    .maxNameLength(NAME_LENGTH_MAX)
                    .build())
            .build();

    private Json() {}

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
            JsonObject object = object("", parser, isPlain);
            if (parser.nextToken() != null) {
                throw new MalformedException("record", "must end after one JSON object", parser.getText());
            }
            return object;
        } catch (IOException e) {
            throw new MalformedException("record", "must be JSON in UTF-8", reason(e));
        }
    }

    private static JsonObject object(String path, JsonParser parser, boolean isPlain) throws IOException {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            if (!isPlain) {
                checkWellFormed(path + "member", name);
            }
            parser.nextToken();
            if (members.containsKey(name)) {
                throw new MalformedException(field(path, name), "must not come twice", name);
            }
            members.put(name, value(path, name, parser, isPlain));
        }
        return new JsonObject(path, members);
    }

    /** A member in messages; one whose name cannot be seen has quotes. */
    static String field(String path, String name) {
        return name.isBlank() ? path + '"' + name + '"' : path + name;
    }

    private static @Nullable Object value(String path, String name, JsonParser parser, boolean isPlain)
            throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> isPlain ? parser.getText() : checkWellFormed(field(path, name), parser.getText());
            case VALUE_NUMBER_INT -> new JsonObject.JsonNumber(parser.getText(), true);
            case VALUE_NUMBER_FLOAT -> new JsonObject.JsonNumber(parser.getText(), false);
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case START_OBJECT -> object(path + name + ".", parser, isPlain);
            case START_ARRAY -> array(path, name, parser, isPlain);
            default -> throw new MalformedException("record", "must be JSON in UTF-8", parser.getText());
        };
    }

    private static List<@Nullable Object> array(String path, String name, JsonParser parser, boolean isPlain)
            throws IOException {
        List<@Nullable Object> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.add(value(path, name + "[" + elements.size() + "]", parser, isPlain));
        }
        return elements;
    }

    /**
     * Whether the bytes are ASCII without escapes, as most are: no text of them can be malformed then. The parser takes overlong forms and
     * halves of surrogate pairs, which would be two spellings of one text, or none.
     */
    private static boolean isPlain(byte[] bytes) throws CharacterCodingException {
        boolean isPlain = true;
        for (byte b : bytes) {
            if (b < 0) {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
                return false;
            }
            isPlain &= b != '\\';
        }
        return isPlain;
    }

    /** Half a surrogate pair, which only an escape can spell, is no text and cannot be written. */
    private static String checkWellFormed(String field, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                i++;
                if (Character.isLowSurrogate(c) || i == text.length() || !Character.isLowSurrogate(text.charAt(i))) {
                    throw new MalformedException(
                            field, "must be Unicode text", "half a surrogate pair: " + Integer.toHexString(c));
                }
            }
        }
        return text;
    }

    private static String reason(IOException e) {
        String message = String.valueOf(e.getMessage());
        int lineEnd = message.indexOf('\n');
        return lineEnd < 0 ? message : message.substring(0, lineEnd);
    }
}
