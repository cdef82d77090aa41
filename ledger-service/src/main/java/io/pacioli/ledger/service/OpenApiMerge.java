package io.pacioli.ledger.service;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Merges fragments into one OpenAPI document. Whatever does not fit is a bug and an {@link IllegalStateException} that names it: a
 * name that two fragments use, an operation id that occurs twice, a reference to what is not there.
 */
final class OpenApiMerge {
    static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

    private static final String REFERENCE = "$ref";
    private static final String SCHEMAS = "#/components/schemas/";
    private static final List<String> OF_A_FILE = List.of("$schema", "$id", "$defs");

    // JSON is YAML: one mapper reads fragments and schemas.
    private static final ObjectMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final ObjectNode document = YAML.createObjectNode();
    private final Map<String, JsonNode> files = new HashMap<>();

    /** Adds what a fragment describes; the first one also says what the document is called. */
    void add(String name) {
        ObjectNode fragment = file(name).deepCopy();
        useSchemas(fragment, URI.create(name), false);
        for (String member : List.of("openapi", "info", "servers")) {
            if (!document.has(member) && fragment.has(member)) {
                document.set(member, fragment.get(member));
            }
        }
        fragment.path("tags").forEach(tag -> addTag(name, tag));
        addAll(name, "paths", fragment.path("paths"));
        addAll(name, "components", fragment.path("components"));
    }

    /** The document, checked, without components that nothing refers to. */
    ObjectNode finish() {
        forEachReference(
                document,
                (holder, reference) -> require(!target(reference).isMissingNode(), reference + " refers to nothing"));
        requireUniqueOperations();
        removeUnused();
        return document;
    }

    private void addAll(String name, String section, JsonNode groups) {
        for (Map.Entry<String, JsonNode> group : groups.properties()) {
            ObjectNode place = document.withObjectProperty(section).withObjectProperty(group.getKey());
            for (Map.Entry<String, JsonNode> member : group.getValue().properties()) {
                String what = section + " " + group.getKey() + " " + member.getKey();
                require(!place.has(member.getKey()), name + " describes again: " + what);
                place.set(member.getKey(), member.getValue());
            }
        }
    }

    private void addTag(String name, JsonNode tag) {
        ArrayNode tags = document.withArrayProperty("tags");
        for (JsonNode known : tags) {
            if (known.path("name").equals(tag.path("name"))) {
                require(
                        known.equals(tag),
                        name + " describes differently: tag " + tag.path("name").asText());
                return;
            }
        }
        tags.add(tag);
    }

    /**
     * Points references to schemas of messages at components, and adds those.
     *
     * @param within whether the node belongs to such a schema, whose references begin at its own file
     */
    private void useSchemas(JsonNode node, URI place, boolean within) {
        forEachReference(node, (holder, reference) -> {
            if (within || !reference.startsWith("#")) {
                holder.put(REFERENCE, SCHEMAS + component(place.resolve(reference)));
            }
        });
    }

    /** The component that a schema has become: {@code v1.command.Transfer} for that of {@code schemas/v1/command.json}. */
    private String component(URI schema) {
        String pointer = Objects.requireNonNullElse(schema.getFragment(), "");
        String path = schema.getPath().replaceFirst("^schemas/", "").replaceFirst("\\.json$", "");
        String name = (path + pointer.replaceFirst("^/\\$defs", "")).replace('/', '.');
        ObjectNode schemas = document.withObjectProperty("components").withObjectProperty("schemas");
        if (!schemas.has(name)) {
            JsonNode source = file(schema.getPath()).at(pointer);
            require(source instanceof ObjectNode, schema + " is no schema");
            ObjectNode copy = ((ObjectNode) source).deepCopy().remove(OF_A_FILE);
            // Added before what it refers to, which may be itself.
            schemas.set(name, copy);
            useSchemas(copy, URI.create(schema.getPath()), true);
        }
        return name;
    }

    private void requireUniqueOperations() {
        Set<String> templates = new HashSet<>();
        Set<String> ids = new HashSet<>();
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            String template = path.getKey().replaceAll("\\{[^}]*}", "{}");
            require(
                    templates.add(template),
                    "two paths differ in the names of their parameters only: " + path.getKey());
            for (Map.Entry<String, JsonNode> member : path.getValue().properties()) {
                String id = member.getValue().path("operationId").asText();
                require(
                        !METHODS.contains(member.getKey()) || ids.add(id),
                        "two operations have the operationId " + id + ": one is " + member.getKey() + " "
                                + path.getKey());
            }
        }
    }

    private void removeUnused() {
        Set<String> used = new LinkedHashSet<>();
        Deque<JsonNode> open = new ArrayDeque<>(List.of(document.path("paths")));
        while (!open.isEmpty()) {
            forEachReference(open.pop(), (holder, reference) -> {
                if (used.add(reference)) {
                    open.push(target(reference));
                }
            });
        }
        ObjectNode components = document.withObjectProperty("components");
        for (Map.Entry<String, JsonNode> section : components.properties()) {
            String prefix = "#/components/" + section.getKey() + "/";
            ((ObjectNode) section.getValue())
                    .properties()
                    .removeIf(component -> !used.contains(prefix + component.getKey()));
        }
        components.properties().removeIf(section -> section.getValue().isEmpty());
    }

    private JsonNode target(String reference) {
        require(reference.startsWith("#/"), reference + " is no place in the document");
        return document.at(JsonPointer.compile(reference.substring(1)));
    }

    private static void forEachReference(JsonNode node, BiConsumer<ObjectNode, String> action) {
        if (node instanceof ObjectNode object && object.path(REFERENCE).isTextual()) {
            action.accept(object, object.path(REFERENCE).asText());
        }
        // A copy, because an action may add components beside the one that is looked at.
        List.copyOf(node.valueStream().toList()).forEach(child -> forEachReference(child, action));
    }

    private JsonNode file(String name) {
        return files.computeIfAbsent(name, OpenApiMerge::read);
    }

    private static JsonNode read(String name) {
        try (InputStream stream = OpenApiMerge.class.getClassLoader().getResourceAsStream(name)) {
            require(stream != null, "there is no resource " + name);
            return YAML.readTree(stream);
        } catch (IOException e) {
            throw new IllegalStateException("the HTTP APIs are not described well: " + name + ": " + e.getMessage(), e);
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalStateException("the HTTP APIs are not described well: " + otherwise);
        }
    }
}
