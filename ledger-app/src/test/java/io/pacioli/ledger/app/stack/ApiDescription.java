package io.pacioli.ledger.app.stack;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import io.pacioli.ledger.service.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An OpenAPI document to hold examples and real answers against.
 *
 * <p>Stricter than JSON Schema: a member that no schema names is wrong, unless its schema says {@code additionalProperties}. So a
 * member that was added to an answer and not to its description is found.
 */
final class ApiDescription {
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    private static final Set<String> SAME_PLACE_MANY = Set.of("allOf", "anyOf", "oneOf");
    private static final Set<String> SAME_PLACE_ONE = Set.of("if", "then", "else");
    private static final Set<String> BELOW_MANY = Set.of("properties", "patternProperties", "prefixItems");
    private static final Set<String> BELOW_ONE = Set.of("items", "additionalProperties", "contains");

    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemaRegistryConfig(
                    SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));
    private static final Pattern EVENT = Pattern.compile("(?m)^event: (.*)\\ndata: (.*)\\n");

    private static final String SCHEMAS = "#/components/schemas/";
    private static final String DEFINITIONS = "#/$defs/";

    private final JsonNode document;
    private final JsonNode definitions;

    /** One operation; {@code node} is its description. */
    record Operation(String method, String path, JsonNode node) {
        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    ApiDescription(JsonNode document) {
        this.document = document;
        this.definitions = standalone(document.path("components").path("schemas"));
        definitions.forEach(ApiDescription::closeBelow);
    }

    JsonNode document() {
        return document;
    }

    List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        document.path("paths")
                .forEachEntry((path, item) -> item.forEachEntry((method, node) -> {
                    if (METHODS.contains(method)) {
                        operations.add(new Operation(method.toUpperCase(Locale.ROOT), path, node));
                    }
                }));
        return operations;
    }

    /** The parameters of an operation, none of them a reference. */
    List<JsonNode> parameters(Operation operation) {
        JsonNode ofPath = document.path("paths").path(operation.path()).path("parameters");
        return Stream.concat(
                        ofPath.valueStream(),
                        operation.node().path("parameters").valueStream())
                .map(this::resolved)
                .toList();
    }

    /** The responses of an operation by status, none of them a reference. */
    Map<String, JsonNode> responses(Operation operation) {
        Map<String, JsonNode> responses = new TreeMap<>();
        operation.node().path("responses").forEachEntry((status, node) -> responses.put(status, resolved(node)));
        return responses;
    }

    /** The response of an operation with a status, not a reference; a missing node when it describes none. */
    JsonNode response(Operation operation, int status) {
        return resolved(operation.node().path("responses").path(Integer.toString(status)));
    }

    /** What a reference leads to, or the node itself. */
    JsonNode resolved(JsonNode node) {
        return node.path("$ref").isTextual()
                ? resolved(document.at(
                        JsonPointer.compile(node.path("$ref").asText().substring(1))))
                : node;
    }

    /** Whether a schema, or one that holds for the same value, has a property. */
    boolean anywhere(JsonNode schema, Predicate<JsonNode> property) {
        return property.test(schema)
                || (schema.path("$ref").isTextual()
                        && anywhere(
                                resolved(JsonNodeFactory.instance.objectNode().set("$ref", schema.path("$ref"))),
                                property))
                || SAME_PLACE_MANY.stream()
                        .flatMap(keyword -> schema.path(keyword).valueStream())
                        .anyMatch(one -> anywhere(one, property));
    }

    /** What is wrong with a value. */
    List<String> faults(JsonNode schema, JsonNode value) {
        ObjectNode closed = (ObjectNode) standalone(schema);
        close(closed);
        closed.set("$defs", definitions);
        return registry.getSchema(closed).validate(value).stream()
                .map(error -> error.getInstanceLocation() + " " + error.getMessage())
                .toList();
    }

    /** What is wrong with an answer: its status, its headers, its content type or its body. */
    List<String> faults(Operation operation, RawApi.Answer answer) {
        JsonNode described = response(operation, answer.status());
        if (described.isMissingNode()) {
            return List.of("status " + answer.status() + " is not described");
        }
        List<String> faults = new ArrayList<>();
        described.path("headers").forEachEntry((name, header) -> {
            if (answer.header(name).isEmpty()) {
                faults.add("header " + name + " is missing");
            }
        });
        String type = answer.header("Content-Type").replaceFirst(" *;.*", "");
        JsonNode content = described.path("content");
        if (content.isEmpty()) {
            if (!answer.text().isEmpty()) {
                faults.add("a body is not described");
            }
        } else if (!content.has(type)) {
            faults.add("content type " + type + " is not described");
        } else if (type.endsWith("json")) {
            faults.addAll(faults(content.path(type).path("schema"), answer.json()));
        } else if (type.equals("text/event-stream")) {
            faults.addAll(ofEvents(resolved(content.path(type).path("schema")).path("x-data"), answer.text()));
        } else if (answer.text().isEmpty()) {
            faults.add("the body is empty");
        }
        return faults;
    }

    /** What is wrong with events; {@code schemas} has one for the data of each kind. */
    private List<String> ofEvents(JsonNode schemas, String text) {
        List<String> faults = new ArrayList<>();
        Matcher events = EVENT.matcher(text);
        while (events.find()) {
            String kind = events.group(1);
            if (schemas.has(kind)) {
                faults.addAll(faults(schemas.path(kind), json(events.group(2))));
            } else {
                faults.add("event " + kind + " is not described");
            }
        }
        return faults;
    }

    /** A copy for a document of its own, in which definitions have another place. */
    private static JsonNode standalone(JsonNode schemas) {
        return json(schemas.toString().replace('"' + SCHEMAS, '"' + DEFINITIONS));
    }

    private static JsonNode json(String text) {
        try {
            return Json.mapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    /** Forbids members that neither the schema nor one for the same value knows. */
    private static void close(JsonNode schema) {
        closeBelow(schema);
        if (schema instanceof ObjectNode object
                && !object.has("unevaluatedProperties")
                && !object.path("additionalProperties").isBoolean()) {
            object.put("unevaluatedProperties", false);
        }
    }

    /** The same for values within the value only: the schema is used beside others, which may name more members. */
    private static void closeBelow(JsonNode schema) {
        schema.forEachEntry((keyword, value) -> {
            if (SAME_PLACE_MANY.contains(keyword)) {
                value.forEach(ApiDescription::closeBelow);
            } else if (SAME_PLACE_ONE.contains(keyword)) {
                closeBelow(value);
            } else if (BELOW_MANY.contains(keyword)) {
                value.forEach(ApiDescription::close);
            } else if (BELOW_ONE.contains(keyword)) {
                close(value);
            }
        });
    }
}
