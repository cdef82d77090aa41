package io.pacioli.ledger.app.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Something that the ledger's own description says can be asked.
 *
 * @param method in upper case
 * @param path with its parameters in braces
 * @param queries the names of its query parameters
 */
record HttpOperation(String method, String path, List<String> queries) {
    /** All operations of an OpenAPI document. */
    static List<HttpOperation> of(JsonNode openApi) {
        List<HttpOperation> all = new ArrayList<>();
        openApi.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(method -> {
                    if (!method.getKey().equals("parameters")) {
                        List<String> queries = new ArrayList<>();
                        queries.addAll(queries(openApi, path.getValue().path("parameters")));
                        queries.addAll(queries(openApi, method.getValue().path("parameters")));
                        all.add(new HttpOperation(method.getKey().toUpperCase(Locale.ROOT), path.getKey(), queries));
                    }
                }));
        return all;
    }

    private static List<String> queries(JsonNode openApi, JsonNode parameters) {
        List<String> names = new ArrayList<>();
        for (JsonNode given : parameters) {
            JsonNode parameter =
                    given.has("$ref") ? openApi.at(given.path("$ref").asText().substring(1)) : given;
            if (parameter.path("in").asText().equals("query")) {
                names.add(parameter.path("name").asText());
            }
        }
        return names;
    }

    /** Whether a success goes on for ever. */
    boolean isStream() {
        return path.endsWith("/stream");
    }
}
