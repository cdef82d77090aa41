package io.pacioli.ledger.api;

import org.jspecify.annotations.Nullable;

/**
 * Where an object stands in a record. Spelled only when something is wrong there.
 *
 * @param parent the object around it; null when it is the record itself
 * @param name the member of the parent that it is, or is in
 * @param index its place in the array that the member is; {@link #NONE} when the member is the object
 */
record JsonPath(@Nullable JsonPath parent, String name, int index) {
    static final int NONE = -1;
    static final JsonPath RECORD = new JsonPath(null, "", NONE);

    /** The path of a member of the object in the whole record, such as {@code data.legs[2].amount}; a name that cannot be seen has quotes. */
    String of(String member) {
        String seen = member.isBlank() ? '"' + member + '"' : member;
        if (parent == null) {
            return seen;
        }
        StringBuilder spelled = new StringBuilder();
        spell(spelled);
        return spelled.append(seen).toString();
    }

    private void spell(StringBuilder out) {
        if (parent == null) {
            return;
        }
        parent.spell(out);
        out.append(name);
        if (index != NONE) {
            out.append('[').append(index).append(']');
        }
        out.append('.');
    }
}
