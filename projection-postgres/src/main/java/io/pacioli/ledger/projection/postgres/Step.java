package io.pacioli.ledger.projection.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pacioli.ledger.core.Position;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An entry that a command has led to, with its data. */
record Step(Position position, Instant at, String type, JsonNode data) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Reads the data of an entry. */
    static JsonNode data(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the store holds JSON only", e);
        }
    }

    /** Why something was rejected, refused or given up; null when the data has no such member. */
    History.@Nullable Reason reason(String member) {
        JsonNode reason = data.path(member);
        return reason.isObject()
                ? new History.Reason(
                        reason.path("code").asText(),
                        reason.path("field").asText(),
                        reason.path("limit").asText(),
                        reason.path("value").asText(),
                        reason.path("message").asText())
                : null;
    }

    /** A text in an object; null when it is not there. */
    static @Nullable String text(JsonNode object, String member) {
        return object.hasNonNull(member) ? object.path(member).asText() : null;
    }

    /** The client's own members in an object. */
    static Map<String, String> metadata(JsonNode object) {
        Map<String, String> metadata = new LinkedHashMap<>();
        object.path("metadata")
                .properties()
                .forEach(member ->
                        metadata.put(member.getKey(), member.getValue().asText()));
        return metadata;
    }

    /** What answers tell of it. */
    History.EntryStep told() {
        return new History.EntryStep(position, at, type);
    }
}
