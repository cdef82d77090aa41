package io.pacioli.ledger.projection.postgres;

import io.javalin.http.Context;
import io.javalin.http.Header;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.service.Answers;
import io.pacioli.ledger.service.Parameters;
import io.pacioli.ledger.service.Positions;
import io.pacioli.ledger.service.Problem;
import io.pacioli.ledger.service.ProblemException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The form of an answer that has several. */
enum Format {
    JSON("application/json"),
    CSV("text/csv; charset=utf-8; header=present"),
    HTML("text/html; charset=utf-8");

    private static final int NOT_ACCEPTABLE = 406;

    private final String mediaType;

    Format(String mediaType) {
        this.mediaType = mediaType;
    }

    /** A range of media types that a client accepts (RFC 9110, 12.5.1). */
    private record Range(String type, double quality) {
        static Range parse(String text) {
            String[] parts = text.strip().split(";", -1);
            double quality = Arrays.stream(parts)
                    .skip(1)
                    .map(String::strip)
                    .filter(part -> part.startsWith("q="))
                    .findFirst()
                    .map(part -> quality(part.substring(2)))
                    .orElse(1.0);
            return new Range(parts[0].strip().toLowerCase(Locale.ROOT), quality);
        }

        private static double quality(String text) {
            try {
                return Double.parseDouble(text);
            } catch (NumberFormatException e) {
                return 0;
            }
        }

        /** The fewer it has, the more specific it is. */
        int wildcards() {
            return (int) type.chars().filter(c -> c == '*').count();
        }

        boolean matches(Format format) {
            String bare = format.mediaType.split(";", -1)[0];
            return type.equals(bare) || type.equals("*/*") || type.equals(bare.substring(0, bare.indexOf('/')) + "/*");
        }
    }

    /**
     * What a request asks for: by its parameter of that name, or else what the header {@code Accept} likes best.
     *
     * @param formats that there are, the first one for clients that accept any
     * @throws ProblemException 400 when the parameter names none of them, 406 when the header accepts none
     */
    static Format of(Context context, List<Format> formats) {
        Optional<Format> asked = Parameters.of(context).choice("format", formats);
        String accept = context.header(Header.ACCEPT);
        if (asked.isPresent() || accept == null || accept.isBlank()) {
            return asked.orElse(formats.getFirst());
        }
        return favourite(accept, formats)
                .orElseThrow(() -> new ProblemException(Problem.of(
                        NOT_ACCEPTABLE,
                        "NOT_ACCEPTABLE",
                        "this answer can be had as "
                                + formats.stream()
                                        .map(format -> format.mediaType)
                                        .collect(Collectors.joining(", ")))));
    }

    /** Which of the formats a header {@code Accept} likes best, of several the first one; empty when it accepts none. */
    static Optional<Format> favourite(String accept, List<Format> formats) {
        List<Range> ranges = Arrays.stream(accept.split(",", -1))
                .map(Range::parse)
                .sorted(Comparator.comparingInt(Range::wildcards))
                .toList();
        Map<Format, Double> liked = new EnumMap<>(Format.class);
        formats.forEach(format -> ranges.stream()
                .filter(range -> range.matches(format))
                .findFirst()
                .filter(range -> range.quality() > 0)
                .ifPresent(range -> liked.put(format, range.quality())));
        return formats.stream()
                .filter(liked::containsKey)
                .min(Comparator.comparingDouble(format -> -liked.getOrDefault(format, 0.0)));
    }

    private String written() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Answers in this form, or with 304 when the client has that already.
     *
     * @param text of the answer
     */
    void answer(Context context, List<Position> asOf, Supplier<String> text) {
        context.header(Header.VARY, Header.ACCEPT);
        if (Answers.isFresh(context, Positions.text(asOf) + ";" + written())) {
            context.result(text.get()).contentType(mediaType);
        }
    }
}
