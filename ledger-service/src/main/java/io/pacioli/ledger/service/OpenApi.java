package io.pacioli.ledger.service;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The description of HTTP APIs: one OpenAPI 3.1 document, merged from what modules say of their routes.
 *
 * <p>Each module names a document in YAML on the class path, its fragment. A fragment refers to its own components and to those of
 * {@link #COMMON} as {@code #/components/...}, and to JSON Schemas of messages by their place, such as
 * {@code ../schemas/v1/command.json#/$defs/Transfer}: they become components, so that what goes over topics and over HTTP has one
 * source. Components that nothing refers to are left out. Immutable.
 */
public final class OpenApi {
    /** The fragment that all documents share. */
    public static final String COMMON = "openapi/common.yaml";

    private final ObjectNode document;

    /**
     * One route.
     *
     * @param method in upper case, such as {@code GET}
     * @param path with its parameters in braces
     */
    public record Operation(String method, String path) {}

    private OpenApi(ObjectNode document) {
        this.document = document;
    }

    /**
     * Describes the routes of modules.
     *
     * @throws IllegalStateException when fragments do not fit together or refer to what is not there, which is a bug
     */
    public static OpenApi of(Collection<? extends HttpModule> modules) {
        return ofFragments(modules.stream()
                .map(HttpModule::openApi)
                .flatMap(Optional::stream)
                .distinct()
                .toList());
    }

    /**
     * Describes what fragments describe.
     *
     * @param names of class path resources
     * @throws IllegalStateException when fragments do not fit together or refer to what is not there, which is a bug
     */
    public static OpenApi ofFragments(Collection<String> names) {
        OpenApiMerge merge = new OpenApiMerge();
        merge.add(COMMON);
        names.forEach(merge::add);
        return new OpenApi(merge.finish());
    }

    /** A copy of the document. */
    public ObjectNode document() {
        return document.deepCopy();
    }

    /** The document as UTF-8 JSON. */
    public byte[] json() {
        return Json.bytes(document);
    }

    /** All operations, in the order of the fragments. */
    public List<Operation> operations() {
        return document.path("paths").properties().stream()
                .flatMap(path -> path.getValue().properties().stream()
                        .filter(member -> OpenApiMerge.METHODS.contains(member.getKey()))
                        .map(member -> new Operation(member.getKey().toUpperCase(Locale.ROOT), path.getKey())))
                .toList();
    }
}
