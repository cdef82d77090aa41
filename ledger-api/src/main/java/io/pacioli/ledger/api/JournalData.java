package io.pacioli.ledger.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.pacioli.ledger.core.MalformedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Finds the member {@code data} in a journal record, so that its bytes go into a store as they are.
 *
 * @param offset of the opening brace
 * @param length up to and with the closing brace
 */
public record JournalData(int offset, int length) {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    /** @throws MalformedException when the bytes are not a JSON object with a member {@code data} that is an object */
    public static JournalData find(byte[] bytes) {
        try (JsonParser json = FACTORY.createParser(bytes)) {
            json.nextToken();
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                JsonToken value = json.nextToken();
                int offset = (int) json.currentTokenLocation().getByteOffset();
                json.skipChildren();
                if (name.equals("data") && value == JsonToken.START_OBJECT) {
                    return new JournalData(offset, (int) json.currentLocation().getByteOffset() - offset);
                }
            }
            throw new MalformedException("data", "must be a JSON object", "none");
        } catch (IOException e) {
            throw new MalformedException("record", "must be JSON in UTF-8", String.valueOf(e.getMessage()));
        }
    }

    /** The JSON of the member, out of the record that it was found in. */
    public String text(byte[] bytes) {
        return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }
}
