package io.pacioli.ledger.testkit.fuzz;

import java.util.ArrayList;
import java.util.List;

/**
 * A JSON document taken apart into its tokens, each as it was written, with a character for each byte. Unlike a parser's tree it can hold
 * what is no JSON at all: a member twice, a name without quotes, half a number. Not thread safe.
 */
sealed interface JsonTree {
    /** A member of an object; the name with its quotes. */
    record Member(String name, JsonTree value) {}

    /** An object. */
    record OfObject(List<Member> members) implements JsonTree {}

    /** An array. */
    record OfArray(List<JsonTree> elements) implements JsonTree {}

    /** Anything else. */
    record OfToken(String text) implements JsonTree {}

    /** Takes a document apart that is well-formed and has no white space between its tokens, as the ledger writes it. */
    static JsonTree of(String json) {
        return new Cursor(json).value();
    }

    /** The document again. */
    default void write(StringBuilder out) {
        switch (this) {
            case OfToken token -> out.append(token.text);
            case OfArray array -> {
                out.append('[');
                for (int i = 0; i < array.elements.size(); i++) {
                    out.append(i == 0 ? "" : ",");
                    array.elements.get(i).write(out);
                }
                out.append(']');
            }
            case OfObject object -> {
                out.append('{');
                for (int i = 0; i < object.members.size(); i++) {
                    out.append(i == 0 ? "" : ",")
                            .append(object.members.get(i).name)
                            .append(':');
                    object.members.get(i).value.write(out);
                }
                out.append('}');
            }
        }
    }

    /** All objects and arrays that have something in them, the outermost first. */
    default List<JsonTree> branches() {
        List<JsonTree> all = new ArrayList<>();
        collect(all);
        return all;
    }

    private void collect(List<JsonTree> all) {
        switch (this) {
            case OfToken _ -> {}
            case OfArray array -> {
                if (!array.elements.isEmpty()) {
                    all.add(array);
                }
                array.elements.forEach(element -> element.collect(all));
            }
            case OfObject object -> {
                if (!object.members.isEmpty()) {
                    all.add(object);
                }
                object.members.forEach(member -> member.value.collect(all));
            }
        }
    }

    /** Reads from left to right. */
    final class Cursor {
        private final String json;
        private int next;

        private Cursor(String json) {
            this.json = json;
        }

        private JsonTree value() {
            return switch (json.charAt(next)) {
                case '{' -> object();
                case '[' -> array();
                case '"' -> new OfToken(string());
                default -> new OfToken(plain());
            };
        }

        private JsonTree object() {
            List<Member> members = new ArrayList<>();
            next++;
            while (json.charAt(next) != '}') {
                next += json.charAt(next) == ',' ? 1 : 0;
                String name = string();
                next++;
                members.add(new Member(name, value()));
            }
            next++;
            return new OfObject(members);
        }

        private JsonTree array() {
            List<JsonTree> elements = new ArrayList<>();
            next++;
            while (json.charAt(next) != ']') {
                next += json.charAt(next) == ',' ? 1 : 0;
                elements.add(value());
            }
            next++;
            return new OfArray(elements);
        }

        private String string() {
            int from = next++;
            while (json.charAt(next) != '"') {
                next += json.charAt(next) == '\\' ? 2 : 1;
            }
            return json.substring(from, ++next);
        }

        private String plain() {
            int from = next;
            while (next < json.length() && ",]}".indexOf(json.charAt(next)) < 0) {
                next++;
            }
            return json.substring(from, next);
        }
    }
}
