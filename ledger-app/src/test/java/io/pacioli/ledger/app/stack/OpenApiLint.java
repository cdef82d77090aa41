package io.pacioli.ledger.app.stack;

import com.fasterxml.jackson.databind.JsonNode;
import io.pacioli.ledger.app.stack.ApiDescription.Operation;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What every description of an HTTP API of the ledger must be, beyond a valid one: complete, bounded, and with examples that are
 * what they are examples of.
 */
final class OpenApiLint {
    private static final Pattern OPERATION_ID = Pattern.compile("[a-z][A-Za-z0-9]*");
    private static final Pattern TEMPLATE = Pattern.compile("\\{([^}]+)}");
    private static final String PROBLEM = "application/problem+json";

    /** Whose 503 is a report that probes and people read. */
    private static final Set<String> REPORTS = Set.of("/healthz", "/readyz");

    private final ApiDescription api;
    private final List<String> faults = new ArrayList<>();

    private OpenApiLint(ApiDescription api) {
        this.api = api;
    }

    /** All that is wrong with a document. */
    static List<String> faults(JsonNode document) {
        OpenApiLint lint = new OpenApiLint(new ApiDescription(document));
        lint.checkStructure();
        lint.checkTags();
        lint.api.operations().forEach(lint::check);
        lint.checkExamplesOfSchemas();
        return lint.faults;
    }

    private void require(boolean condition, Object where, String rule) {
        if (!condition) {
            faults.add(where + ": " + rule);
        }
    }

    private void checkStructure() {
        SwaggerParseResult parsed =
                new OpenAPIV3Parser().readContents(api.document().toString());
        parsed.getMessages().forEach(message -> faults.add("document: " + message));
        require(api.document().path("openapi").asText().startsWith("3.1."), "document", "must be OpenAPI 3.1");
        api.document()
                .path("servers")
                .forEach(server -> require(
                        !server.path("url").asText().contains("//"), "servers", "must be relative to the document"));
    }

    private void checkTags() {
        Set<String> used = api.operations().stream()
                .flatMap(operation -> operation.node().path("tags").valueStream())
                .map(JsonNode::asText)
                .collect(Collectors.toSet());
        for (JsonNode tag : api.document().path("tags")) {
            require(used.remove(tag.path("name").asText()), tag, "no operation has this tag");
            require(isText(tag.path("description")), tag, "must have a description");
        }
        require(used.isEmpty(), used, "these tags are not declared");
    }

    private void check(Operation operation) {
        JsonNode node = operation.node();
        require(
                OPERATION_ID.matcher(node.path("operationId").asText()).matches(),
                operation,
                "must have an operationId in lower camel case");
        require(isText(node.path("summary")), operation, "must have a summary");
        require(isText(node.path("description")), operation, "must have a description");
        require(!node.path("tags").isEmpty(), operation, "must have a tag");
        checkParameters(operation);
        checkPages(operation);
        node.path("requestBody").path("content").forEachEntry((type, media) -> checkMedia(operation + " body", media));
        api.responses(operation).forEach((status, response) -> checkResponse(operation, status, response));
        require(
                api.responses(operation).keySet().stream().anyMatch(status -> status.startsWith("2")),
                operation,
                "must describe a success");
    }

    private void checkParameters(Operation operation) {
        List<JsonNode> parameters = api.parameters(operation);
        for (JsonNode parameter : parameters) {
            String where = operation + " " + parameter.path("name").asText();
            require(isText(parameter.path("description")), where, "must have a description");
            require(isBounded(parameter.path("schema")), where, "must be bounded");
            examples(parameter).forEach(example -> checkExample(where, parameter.path("schema"), example));
            require(
                    !parameter.path("required").asBoolean()
                            || examples(parameter).findAny().isPresent(),
                    where,
                    "must have an example, as it is required");
        }
        Set<String> inPath = parameters.stream()
                .filter(parameter -> parameter.path("in").asText().equals("path"))
                .map(parameter -> parameter.path("name").asText())
                .collect(Collectors.toSet());
        Set<String> inTemplate = TEMPLATE.matcher(operation.path())
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toSet());
        require(inPath.equals(inTemplate), operation, "must have the parameters of its path: " + inPath);
        require(
                parameters.isEmpty() || api.responses(operation).containsKey("400"),
                operation,
                "must describe 400, as it has parameters");
    }

    private boolean isBounded(JsonNode schema) {
        return api.anywhere(
                schema,
                one -> one.has("enum")
                        || one.has("const")
                        || one.has("pattern")
                        || one.has("maxLength")
                        || (one.has("minimum") && one.has("maximum"))
                        || one.path("type").asText().equals("boolean"));
    }

    private void checkPages(Operation operation) {
        Set<String> names = api.parameters(operation).stream()
                .map(parameter -> parameter.path("name").asText())
                .collect(Collectors.toSet());
        JsonNode answer = api.response(operation, 200).path("content").path("application/json");
        boolean hasNext = api.anywhere(
                answer.path("schema"), one -> one.path("properties").has("nextCursor"));
        require(names.contains("cursor") == hasNext, operation, "must have both cursor and nextCursor, or none");
        require(names.contains("limit") || !names.contains("cursor"), operation, "must have a limit, as it has pages");
    }

    private void checkResponse(Operation operation, String status, JsonNode response) {
        String where = operation + " " + status;
        require(isText(response.path("description")), where, "must have a description");
        JsonNode content = response.path("content");
        content.forEachEntry((type, media) -> checkMedia(where + " " + type, media));
        if (status.equals("304")) {
            require(content.isEmpty(), where, "must have no content");
            require(
                    api.response(operation, 200).path("headers").has("ETag"),
                    operation,
                    "must describe the header ETag, as it may be 304");
        } else {
            require(!content.isEmpty(), where, "must describe its content");
        }
        if (status.charAt(0) >= '4' && !REPORTS.contains(operation.path())) {
            require(content.size() == 1 && content.has(PROBLEM), where, "must be " + PROBLEM);
        }
        response.path("headers")
                .forEachEntry((name, header) -> require(
                        isText(api.resolved(header).path("description")),
                        where + " " + name,
                        "must have a description"));
    }

    private void checkMedia(String where, JsonNode media) {
        require(media.has("schema"), where, "must have a schema");
        require(examples(media).findAny().isPresent(), where, "must have an example");
        if (media.has("schema")) {
            examples(media).forEach(example -> checkExample(where, media.path("schema"), example));
        }
    }

    private static Stream<JsonNode> examples(JsonNode holder) {
        return Stream.concat(
                holder.has("example") ? Stream.of(holder.path("example")) : Stream.empty(),
                holder.path("examples").isObject()
                        ? holder.path("examples").findValues("value").stream()
                        : Stream.empty());
    }

    private void checkExample(String where, JsonNode schema, JsonNode example) {
        api.faults(schema, example).forEach(fault -> faults.add(where + ": example " + example + ": " + fault));
    }

    private void checkExamplesOfSchemas() {
        api.document()
                .path("components")
                .path("schemas")
                .forEachEntry((name, schema) ->
                        schema.path("examples").forEach(example -> checkExample("schema " + name, schema, example)));
    }

    private static boolean isText(JsonNode node) {
        return !node.asText().isBlank();
    }
}
