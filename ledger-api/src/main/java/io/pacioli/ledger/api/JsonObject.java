package io.pacioli.ledger.api;

import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.ShardConfiguration;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object as read from a record, with accessors that name the field, the rule and the value when something is off. Members
 * that no accessor asks for are ignored.
 *
 * <p>Values are {@link String}, {@link JsonNumber}, {@link Boolean}, {@link JsonObject}, {@link List} of these, or null.
 */
final class JsonObject {
    /** A number as it was written: no digit is lost and none invented. */
    record JsonNumber(String text, boolean isInteger) {
        @Override
        public String toString() {
            return text;
        }
    }

    private static final int LONG_DIGITS_MAX = 18;
    private static final int LONG_LENGTH_MAX = Long.toString(Long.MIN_VALUE).length();
    private static final int BALANCE_LENGTH_MAX = 64;

    private final String path;
    private final Map<String, @Nullable Object> members;

    JsonObject(String path, Map<String, @Nullable Object> members) {
        this.path = path;
        this.members = members;
    }

    boolean has(String field) {
        return members.get(field) != null;
    }

    String string(String field) {
        return switch (required(field)) {
            case String text -> text;
            case Object other -> throw wrong(field, "must be a string", other);
        };
    }

    @Nullable
    String optionalString(String field) {
        return has(field) ? string(field) : null;
    }

    /** The id of something, or null; an empty text is neither. */
    @Nullable
    String optionalId(String field) {
        String id = optionalString(field);
        if (id != null && id.isEmpty()) {
            throw wrong(field, "must not be empty", id);
        }
        return id;
    }

    String string(String field, String otherwise) {
        return has(field) ? string(field) : otherwise;
    }

    /** A string of digits, or an integral number. */
    Amount amount(String field) {
        return Amount.parse(path + field, digits(field));
    }

    @Nullable
    Amount optionalAmount(String field) {
        return has(field) ? amount(field) : null;
    }

    /** A string of digits with or without a sign, or an integral number. */
    BigInteger signed(String field) {
        String text = digits(field);
        BigInteger number = Amount.parseSigned(path + field, text);
        if (number.signum() == 0 && text.startsWith("-")) {
            throw wrong(field, "must not be minus zero", text);
        }
        return number;
    }

    /** A balance, which may have more than 38 digits after a return that nothing may stop. */
    BigInteger balance(String field) {
        String text = digits(field);
        int digitsFrom = text.startsWith("-") ? 1 : 0;
        boolean wellFormed = text.length() > digitsFrom && text.length() <= BALANCE_LENGTH_MAX;
        for (int i = digitsFrom; wellFormed && i < text.length(); i++) {
            wellFormed = text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        if (!wellFormed) {
            throw wrong(field, "must be a string of digits (minor units)", text);
        }
        return text.length() <= LONG_DIGITS_MAX ? BigInteger.valueOf(Long.parseLong(text)) : new BigInteger(text);
    }

    int integer(String field) {
        long value = whole(field);
        if (value != (int) value) {
            throw wrong(field, "must fit into 32 bits", value);
        }
        return (int) value;
    }

    long whole(String field) {
        Object value = required(field);
        if (value instanceof JsonNumber number
                && number.isInteger()
                && number.text().length() <= LONG_LENGTH_MAX
                && !number.text().equals("-0")) {
            try {
                return Long.parseLong(number.text());
            } catch (NumberFormatException e) {
                throw wrong(field, "must fit into 64 bits", value);
            }
        }
        throw wrong(field, "must be a whole number that fits into 64 bits", value);
    }

    /** The number of a shard. */
    int shard(String field) {
        long shard = whole(field);
        if (shard < 0 || shard >= ShardConfiguration.SHARDS_MAX) {
            throw wrong(field, "must be 0 to " + (ShardConfiguration.SHARDS_MAX - 1), shard);
        }
        return (int) shard;
    }

    /** A place in something that is counted gaplessly from 1. */
    long number(String field) {
        long number = whole(field);
        if (number < 1) {
            throw wrong(field, "must be at least 1", number);
        }
        return number;
    }

    /** A time as clients write it, in milliseconds since 1970-01-01 UTC, or null. */
    @Nullable
    Long optionalTime(String field) {
        return has(field) ? Timestamps.parseLenient(path + field, string(field)) : null;
    }

    /** A time in the form of {@link Timestamps}, in milliseconds since 1970-01-01 UTC. */
    long timestamp(String field) {
        return Timestamps.parse(path + field, string(field));
    }

    @Nullable
    Long optionalTimestamp(String field) {
        return has(field) ? timestamp(field) : null;
    }

    /** The path of a member in the whole record, for messages. */
    String path(String field) {
        return path + field;
    }

    /** An array of places in something that is counted gaplessly from 1. */
    List<Long> numbers(String field) {
        List<?> elements = array(field);
        List<Long> numbers = new ArrayList<>(elements.size());
        for (Object element : elements) {
            String one = field + "[" + numbers.size() + "]";
            numbers.add(new JsonObject(path, Collections.singletonMap(one, element)).number(one));
        }
        return List.copyOf(numbers);
    }

    JsonObject object(String field) {
        return switch (required(field)) {
            case JsonObject object -> object;
            case Object other -> throw wrong(field, "must be an object", other);
        };
    }

    /** The objects of an array. */
    List<JsonObject> objects(String field) {
        return array(field).stream()
                .map(element -> {
                    if (element instanceof JsonObject object) {
                        return object;
                    }
                    throw wrong(field, "must hold objects only", String.valueOf(element));
                })
                .toList();
    }

    /** An object of objects, by name; empty when it is missing. */
    Map<String, JsonObject> objectsByName(String field) {
        Map<String, JsonObject> objects = new TreeMap<>();
        if (has(field)) {
            JsonObject object = object(field);
            object.members.keySet().forEach(key -> objects.put(key, object.object(key)));
        }
        return objects;
    }

    /** Whether a member is there and null. */
    boolean isNull(String field) {
        return members.containsKey(field) && !has(field);
    }

    /** Refuses members of other names, where one that is misspelled must not be ignored. */
    void requireOnly(Set<String> names) {
        for (String name : members.keySet()) {
            if (!names.contains(name)) {
                throw wrong(name, "must be one of " + new TreeSet<>(names), name);
            }
        }
    }

    /** An object of strings; empty when it is missing. */
    Map<String, String> strings(String field) {
        if (!has(field)) {
            return Map.of();
        }
        JsonObject object = object(field);
        Map<String, String> strings = new TreeMap<>();
        object.members.keySet().forEach(key -> strings.put(key, object.string(key)));
        return strings;
    }

    /** An object of amounts; empty when it is missing. */
    Map<String, Amount> amounts(String field) {
        Map<String, Amount> amounts = new TreeMap<>();
        if (has(field)) {
            JsonObject object = object(field);
            object.members.keySet().forEach(key -> amounts.put(key, object.amount(key)));
        }
        return amounts;
    }

    /** An object of signed numbers of minor units; empty when it is missing. */
    Map<String, BigInteger> signeds(String field) {
        Map<String, BigInteger> signeds = new TreeMap<>();
        if (has(field)) {
            JsonObject object = object(field);
            object.members.keySet().forEach(key -> signeds.put(key, object.signed(key)));
        }
        return signeds;
    }

    /** An object of balances; it must be there. */
    SortedMap<String, BigInteger> balances(String field) {
        SortedMap<String, BigInteger> balances = new TreeMap<>();
        JsonObject object = object(field);
        object.members.keySet().forEach(key -> balances.put(key, object.balance(key)));
        return balances;
    }

    private List<?> array(String field) {
        return switch (required(field)) {
            case List<?> list -> list;
            case Object other -> throw wrong(field, "must be an array", other);
        };
    }

    private String digits(String field) {
        Object value = required(field);
        if (value instanceof String text) {
            return text;
        }
        if (value instanceof JsonNumber number && number.isInteger()) {
            return number.text();
        }
        throw wrong(field, "must be a string of digits (minor units)", value);
    }

    private Object required(String field) {
        Object value = members.get(field);
        if (value == null) {
            throw wrong(field, "must be given", "nothing");
        }
        return value;
    }

    private MalformedException wrong(String field, String rule, Object value) {
        return new MalformedException(Json.field(path, field), rule, String.valueOf(value));
    }

    @Override
    public String toString() {
        return members.toString();
    }
}
