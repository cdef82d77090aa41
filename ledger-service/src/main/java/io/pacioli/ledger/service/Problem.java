package io.pacioli.ledger.service;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.javalin.http.HttpStatus;
import io.pacioli.ledger.core.MalformedException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Problem details for HTTP APIs (RFC 9457): the body of every response that is not a success.
 *
 * @param type {@code about:blank}, or {@code urn:pacioli:problem:<code in kebab case>} when the problem has a code
 * @param title a short summary that is the same for every problem of the type
 * @param status the HTTP status, 400 to 599
 * @param detail what went wrong this time, for people
 * @param instance a URI of this occurrence, where there is one
 * @param extensions further members of the JSON object, in order, such as {@code code}, {@code field}, {@code value}
 */
@JsonPropertyOrder({"type", "title", "status", "detail", "instance"})
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        @Nullable String instance,
        @JsonAnyGetter Map<String, Object> extensions) {
    /** The media type of a problem in JSON. */
    public static final String MEDIA_TYPE = "application/problem+json";

    private static final String TYPE_PREFIX = "urn:pacioli:problem:";
    private static final Set<String> MEMBERS = Set.of("type", "title", "status", "detail", "instance");
    private static final int STATUS_MIN = 400;
    private static final int STATUS_MAX = 599;

    /** @throws IllegalArgumentException when the status is not 400 to 599 or an extension has the name of a standard member */
    public Problem {
        if (status < STATUS_MIN || status > STATUS_MAX) {
            throw new IllegalArgumentException("status must be 400 to 599: status=" + status);
        }
        if (extensions.keySet().stream().anyMatch(MEMBERS::contains)) {
            throw new IllegalArgumentException(
                    "extensions must not redefine members: extensions=" + extensions.keySet());
        }
        extensions = Collections.unmodifiableMap(new LinkedHashMap<>(extensions));
    }

    /** A problem that its status says everything about; its type is {@code about:blank} and its title the status' phrase. */
    public static Problem ofStatus(int status, String detail) {
        String title = HttpStatus.forStatus(status).getMessage();
        return new Problem("about:blank", title, status, detail, null, Map.of());
    }

    /**
     * A problem with a stable code that programs can act on.
     *
     * @param code in upper snake case, such as {@code INSUFFICIENT_FUNDS}; it becomes the type in kebab case, the title in words,
     *     and the member {@code code}
     */
    public static Problem of(int status, String code, String detail) {
        String words = code.toLowerCase(Locale.ROOT).replace('_', ' ');
        String title = words.isEmpty() ? words : Character.toUpperCase(words.charAt(0)) + words.substring(1);
        return new Problem(TYPE_PREFIX + words.replace(' ', '-'), title, status, detail, null, Map.of("code", code));
    }

    /** 400 for a value that breaks the rule of its field; the members {@code field}, {@code rule} and {@code value} say which. */
    public static Problem of(MalformedException malformed) {
        return malformed("MALFORMED", malformed.field(), malformed.rule(), malformed.value());
    }

    static Problem malformed(String code, String field, String rule, String value) {
        return of(400, code, field + " " + rule + ": " + field + "=" + value)
                .with("field", field)
                .with("rule", rule)
                .with("value", value);
    }

    /** The same problem with one more member, or with another value for it. */
    public Problem with(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(extensions);
        more.put(name, value);
        return new Problem(type, title, status, detail, instance, more);
    }

    /** The same problem with the URI of its occurrence. */
    public Problem withInstance(String uri) {
        return new Problem(type, title, status, detail, uri, extensions);
    }

    /** The UTF-8 JSON of the problem. */
    public byte[] toJson() {
        return Json.bytes(this);
    }
}
