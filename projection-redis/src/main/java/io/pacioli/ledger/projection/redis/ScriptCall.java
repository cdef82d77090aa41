package io.pacioli.ledger.projection.redis;

import java.util.List;

/** What a script is called with; the arrays belong to the call and are not changed. */
final class ScriptCall {
    private final String[] keys;
    private final String[] arguments;

    ScriptCall(String[] keys, String[] arguments) {
        this.keys = keys;
        this.arguments = arguments;
    }

    /** A call with few keys and arguments. */
    static ScriptCall of(List<String> keys, String... arguments) {
        return new ScriptCall(keys.toArray(String[]::new), arguments);
    }

    String[] keys() {
        return keys;
    }

    String[] arguments() {
        return arguments;
    }
}
