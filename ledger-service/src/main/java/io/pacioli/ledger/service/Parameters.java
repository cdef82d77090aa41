package io.pacioli.ledger.service;

import io.javalin.http.Context;
import io.pacioli.ledger.core.MalformedException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads the path and query parameters of a request.
 *
 * <p>What breaks a rule ends the request with 400 and the code {@code INVALID_PARAMETER}; the problem names the field, the rule
 * and the value. A query parameter may occur once only. One instance serves one request.
 */
public final class Parameters {
    private static final int TEXT_LENGTH_MAX = 1_024;
    private static final int SHOWN_LENGTH_MAX = 80;

    private static final int DATE_LENGTH = "2026-11-23".length();
    private static final Instant INSTANT_MAX = Instant.parse("9999-12-31T23:59:59.999Z");
    private static final String INSTANT_RULE =
            "an instant such as 2026-11-23T10:15:30.123Z or a date such as 2026-11-23, from 1970 to 9999";

    private final Context context;

    private Parameters(Context context) {
        this.context = context;
    }

    /** The parameters of a request. */
    public static Parameters of(Context context) {
        return new Parameters(context);
    }

    /**
     * The problem of a parameter that breaks its rule, for checks that are not here.
     *
     * @param rule what must hold, such as {@code must be 1 to 100}
     */
    public static ProblemException invalid(String field, String rule, String value) {
        String shown = value.length() <= SHOWN_LENGTH_MAX ? value : value.substring(0, SHOWN_LENGTH_MAX) + "…";
        return new ProblemException(Problem.malformed("INVALID_PARAMETER", field, rule, shown));
    }

    /** A parameter of the path, decoded; never blank. */
    public String path(String name) {
        String value = context.pathParam(name);
        if (value.isBlank() || value.length() > TEXT_LENGTH_MAX) {
            throw invalid(name, "must be 1 to " + TEXT_LENGTH_MAX + " characters that are not all blank", value);
        }
        return value;
    }

    /** A query parameter as it is, or empty when there is none. */
    public Optional<String> text(String name) {
        return text(name, TEXT_LENGTH_MAX);
    }

    private Optional<String> text(String name, int lengthMax) {
        List<String> values = context.queryParams(name);
        if (values.isEmpty()) {
            return Optional.empty();
        }
        String value = values.getFirst();
        if (values.size() > 1) {
            throw invalid(name, "must occur once", String.join("&", values));
        }
        if (value.isBlank() || value.length() > lengthMax) {
            throw invalid(name, "must be 1 to " + lengthMax + " characters that are not all blank", value);
        }
        return Optional.of(value);
    }

    /**
     * A query parameter read by the caller's own parser, or empty when there is none.
     *
     * @param parse may throw {@link MalformedException}, whose rule is then told, or any other {@link IllegalArgumentException},
     *     whose message then completes "must be"
     */
    public <T> Optional<T> value(String name, Function<String, T> parse) {
        return value(name, TEXT_LENGTH_MAX, parse);
    }

    /** As {@link #value(String, Function)}, of up to so many characters. */
    <T> Optional<T> value(String name, int lengthMax, Function<String, T> parse) {
        return text(name, lengthMax).map(value -> {
            try {
                return parse.apply(value);
            } catch (MalformedException e) {
                throw invalid(name, e.rule(), value);
            } catch (IllegalArgumentException e) {
                throw invalid(name, "must be " + e.getMessage(), value);
            }
        });
    }

    /** A whole number from {@code min} to {@code max}, or {@code absent} when there is none. */
    public int integer(String name, int absent, int min, int max) {
        return value(name, text -> wholeNumber(text, min, max)).orElse(absent);
    }

    /** {@code true} or {@code false}; false when there is none. */
    public boolean flag(String name) {
        return value(name, text -> switch (text) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw new IllegalArgumentException("one of false, true");
                })
                .orElse(false);
    }

    /** A constant of an enum, written in lower case with hyphens, such as {@code newest-first}; or {@code absent} when there is none. */
    public <E extends Enum<E>> E choice(String name, E absent) {
        return choice(name, List.of(absent.getDeclaringClass().getEnumConstants()))
                .orElse(absent);
    }

    /** One of some constants of an enum, written in the same way; empty when there is none. */
    public <E extends Enum<E>> Optional<E> choice(String name, List<E> choices) {
        return value(
                name,
                text -> choices.stream()
                        .filter(choice -> written(choice).equals(text))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("one of "
                                + choices.stream().map(Parameters::written).collect(Collectors.joining(", ")))));
    }

    /** A duration of zero to {@code max}, in any form of {@link Durations}; or {@code absent} when there is none. */
    public Duration duration(String name, Duration absent, Duration max) {
        return value(name, text -> {
                    Duration duration = Durations.parse(text);
                    if (duration.compareTo(max) > 0) {
                        throw new IllegalArgumentException("at most " + Durations.format(max));
                    }
                    return duration;
                })
                .orElse(absent);
    }

    /**
     * An instant, such as {@code 2026-11-23T10:15:30.123Z}, or a date, which stands for its beginning in UTC; empty when there is
     * none.
     */
    public Optional<Instant> instant(String name) {
        return value(name, Parameters::parseInstant);
    }

    /**
     * Reads what {@link #instant} reads.
     *
     * @throws IllegalArgumentException when it is anything else, or before 1970 or after 9999; the message completes "must be"
     */
    public static Instant parseInstant(String text) {
        try {
            Instant instant = text.length() == DATE_LENGTH
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : OffsetDateTime.parse(text).toInstant();
            if (!instant.isBefore(Instant.EPOCH) && !instant.isAfter(INSTANT_MAX)) {
                return instant;
            }
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(INSTANT_RULE, e);
        }
        throw new IllegalArgumentException(INSTANT_RULE);
    }

    private static int wholeNumber(String text, int min, int max) {
        try {
            int number = Integer.parseInt(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(wholeNumberRule(min, max), e);
        }
        throw new IllegalArgumentException(wholeNumberRule(min, max));
    }

    private static String wholeNumberRule(int min, int max) {
        return "a whole number from " + min + " to " + max;
    }

    private static String written(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
