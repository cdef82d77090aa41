package io.pacioli.ledger.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.pacioli.ledger.api.state.KeyedHash;
import io.pacioli.ledger.core.MalformedException;
import java.io.IOException;

/** A hash of what a JSON text says: neither its spelling nor the order of members matters, for a database keeps neither. */
final class JsonHash {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private static final long OBJECT = 1;
    private static final long ARRAY = 2;
    private static final long TEXT = 3;
    private static final long NUMBER = 4;
    private static final long OTHER = 5;

    private JsonHash() {}

    /** @throws MalformedException when it is no JSON */
    static long of(String text, KeyedHash hash) {
        try (JsonParser json = FACTORY.createParser(text)) {
            json.nextToken();
            return value(json, hash);
        } catch (IOException e) {
            throw new MalformedException("data", "must be JSON", String.valueOf(e.getMessage()));
        }
    }

    private static long value(JsonParser json, KeyedHash hash) throws IOException {
        JsonToken token = json.currentToken();
        if (token == JsonToken.START_OBJECT) {
            long members = 0;
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                json.nextToken();
                members += hash.of(hash.of(name), value(json, hash));
            }
            return hash.of(members, OBJECT);
        }
        if (token == JsonToken.START_ARRAY) {
            long elements = 0;
            while (json.nextToken() != JsonToken.END_ARRAY) {
                elements = hash.of(elements, value(json, hash));
            }
            return hash.of(elements, ARRAY);
        }
        if (token == JsonToken.VALUE_NUMBER_FLOAT) {
            String digits = json.getDecimalValue().stripTrailingZeros().toPlainString();
            return hash.of(hash.of(digits), NUMBER);
        }
        long kind = token == JsonToken.VALUE_STRING ? TEXT : token == JsonToken.VALUE_NUMBER_INT ? NUMBER : OTHER;
        return hash.of(hash.of(String.valueOf(json.getText())), kind);
    }
}
