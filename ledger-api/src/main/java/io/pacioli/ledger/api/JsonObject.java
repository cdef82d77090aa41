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
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object as read from a record, with accessors that name the field, the rule and the value when something is off. Members
 * that no accessor asks for are ignored.
 *
 * <p>Values are {@link String}, {@link Long} for a whole number of 64 bits, {@link JsonNumber} for any other, {@link Boolean}, {@link JsonObject}, {@link List} of these, or null.
 */
final class JsonObject {
    /** Any other number as it was written: no digit is lost and none invented. */
    record JsonNumber(String text, boolean isInteger) {
        @Override
        public String toString() {
            return text;
        }
    }

    private static final int LONG_DIGITS_MAX = 18;
    private static final int BALANCE_LENGTH_MAX = 64;

    private final JsonPath path;
    private final Map<String, @Nullable Object> members;

    JsonObject(JsonPath path, Map<String, @Nullable Object> members) {
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
        return parsed(field, digits(field), Amount::parse);
    }

    @Nullable
    Amount optionalAmount(String field) {
        return has(field) ? amount(field) : null;
    }

    /** A string of digits with or without a sign, or an integral number. */
    BigInteger signed(String field) {
        String text = digits(field);
        BigInteger number = parsed(field, text, Amount::parseSigned);
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
        return whole(field, required(field));
    }

    private long whole(String field, @Nullable Object value) {
        if (value instanceof Long number) {
            return number;
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
        return number(field, required(field));
    }

    private long number(String field, @Nullable Object value) {
        long number = whole(field, value);
        if (number < 1) {
            throw wrong(field, "must be at least 1", number);
        }
        return number;
    }

    /** A time as clients write it, in milliseconds since 1970-01-01 UTC, or null. */
    @Nullable
    Long optionalTime(String field) {
        return has(field) ? parsed(field, string(field), Timestamps::parseLenient) : null;
    }

    /** A time in the form of {@link Timestamps}, in milliseconds since 1970-01-01 UTC. */
    long timestamp(String field) {
        return parsed(field, string(field), Timestamps::parse);
    }

    @Nullable
    Long optionalTimestamp(String field) {
        return has(field) ? timestamp(field) : null;
    }

    /** The path of a member in the whole record, for messages. */
    String path(String field) {
        return path.of(field);
    }

    /** An array of places in something that is counted gaplessly from 1. */
    List<Long> numbers(String field) {
        List<?> elements = array(field);
        List<Long> numbers = new ArrayList<>(elements.size());
        for (Object element : elements) {
            numbers.add(number(field + "[" + numbers.size() + "]", element));
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
        return objects(field, Function.identity());
    }

    /** What each object of an array is read as. */
    <T> List<T> objects(String field, Function<JsonObject, T> reader) {
        List<?> elements = array(field);
        List<T> read = new ArrayList<>(elements.size());
        for (Object element : elements) {
            if (!(element instanceof JsonObject object)) {
                throw wrong(field, "must hold objects only", element);
            }
            read.add(reader.apply(object));
        }
        return Collections.unmodifiableList(read);
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
        if (value instanceof Long || (value instanceof JsonNumber number && number.isInteger())) {
            return value.toString();
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

    /** What a text is read as; the path is spelled only when it cannot be. */
    private <T> T parsed(String field, String text, BiFunction<String, String, T> parser) {
        try {
            return parser.apply(field, text);
        } catch (MalformedException e) {
            throw wrong(field, e.rule(), e.value());
        }
    }

    private MalformedException wrong(String field, String rule, @Nullable Object value) {
        return new MalformedException(path.of(field), rule, String.valueOf(value));
    }

    @Override
    public String toString() {
        return members.toString();
    }
}
