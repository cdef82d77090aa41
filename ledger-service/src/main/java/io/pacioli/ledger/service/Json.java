package io.pacioli.ledger.service;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.javalin.http.Context;
import io.javalin.json.JsonMapper;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Position;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * JSON as the HTTP APIs speak it.
 *
 * <p>Amounts (any {@link BigInteger} or {@link Amount}) are written as strings of digits, because a JSON number loses them beyond
 * 53 bits in most clients; positions and instants are strings too; members that are null are left out. What is read
 * is bounded in depth and length, and a member that occurs twice is refused. Unknown members are ignored. Thread safe.
 */
public final class Json {
    private static final int DEPTH_MAX = 32;
    private static final int STRING_LENGTH_MAX = 1 << 20;
    private static final int NAME_LENGTH_MAX = 1_024;
    private static final int NUMBER_LENGTH_MAX = 100;

    private static final ObjectMapper MAPPER = createMapper();

    private Json() {}

    /** The shared mapper, for streaming and for what the other methods do not cover; callers must not reconfigure it. */
    public static ObjectMapper mapper() {
        return MAPPER;
    }

    /**
     * The UTF-8 JSON of a value.
     *
     * @throws IllegalStateException when the value has no JSON form, which is a bug of the caller
     */
    public static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "cannot be written as JSON: " + value.getClass().getName(), e);
        }
    }

    /**
     * Reads a request body that must be one JSON object.
     *
     * @throws ProblemException 400 when it is anything else, 413 when it is too large
     */
    public static ObjectNode object(Context context) {
        return object(context.bodyAsBytes());
    }

    /**
     * Reads a JSON object that a client sent.
     *
     * @throws ProblemException 400 when the bytes are anything else
     */
    public static ObjectNode object(byte[] sent) {
        try {
            JsonNode node = MAPPER.readTree(sent);
            if (node instanceof ObjectNode object) {
                return object;
            }
            throw malformed("the request body must be a JSON object");
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /**
     * Reads a JSON value that a client sent into a type.
     *
     * @throws ProblemException 400 when the bytes do not fit the type
     */
    public static <T> T read(byte[] sent, Class<T> type) {
        return type.cast(read(sent, (Type) type));
    }

    private static Object read(byte[] sent, Type type) {
        try {
            Object value = MAPPER.readValue(sent, MAPPER.constructType(type));
            if (value == null) {
                throw malformed("the request body must not be null");
            }
            return value;
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** Says where the text is wrong, but repeats none of the parser's message: that names classes of ours. */
    private static ProblemException malformed(IOException exception) {
        if (exception instanceof JsonProcessingException json && json.getLocation() != null) {
            String what = json instanceof JsonParseException
                    ? "is not JSON"
                    : "does not have the expected shape or breaks a limit";
            return malformed(
                    "the request body " + what + ": line " + json.getLocation().getLineNr() + ", column "
                            + json.getLocation().getColumnNr());
        }
        return malformed("the request body is not JSON");
    }

    private static ProblemException malformed(String detail) {
        return new ProblemException(Problem.of(400, "MALFORMED_JSON", detail));
    }

    private static ObjectMapper createMapper() {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(DEPTH_MAX)
                        .maxStringLength(STRING_LENGTH_MAX)
                        .maxNameLength(NAME_LENGTH_MAX)
                        .maxNumberLength(NUMBER_LENGTH_MAX)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        SimpleModule asStrings = new SimpleModule("strings")
                .addSerializer(BigInteger.class, ToStringSerializer.instance)
                .addSerializer(Amount.class, ToStringSerializer.instance)
                .addSerializer(Position.class, ToStringSerializer.instance)
                .addSerializer(Instant.class, ToStringSerializer.instance);
        return new ObjectMapper(factory)
                .registerModule(asStrings)
                .setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL)
                .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    }

    /** Makes {@code context.json(...)} and {@code context.bodyAsClass(...)} follow the same rules. */
    static final class OfContext implements JsonMapper {
        @Override
        public String toJsonString(Object value, Type type) {
            try {
                return MAPPER.writeValueAsString(value);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("cannot be written as JSON: " + type.getTypeName(), e);
            }
        }

        @Override
        public InputStream toJsonStream(Object value, Type type) {
            return new ByteArrayInputStream(bytes(value));
        }

        @Override
        @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // Javalin's signature
        public <T> T fromJsonString(String json, Type type) {
            return (T) read(json.getBytes(StandardCharsets.UTF_8), type);
        }

        @Override
        @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // Javalin's signature
        public <T> T fromJsonStream(InputStream json, Type type) {
            try {
                return (T) read(json.readAllBytes(), type);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
