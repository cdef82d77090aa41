package io.pacioli.ledger.app.chaos;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a service says of itself at {@code /metrics}, in Prometheus' text format. */
record ServiceFigures(String text) {
    private static final String COMMENT = "#";

    /** What a service says, or nothing when it does not answer. */
    static ServiceFigures of(Http.@Nullable Answer answer) {
        return new ServiceFigures(answer == null || answer.status() != Http.OK ? "" : answer.body());
    }

    /** The heap in use, in bytes, with what nobody uses and has not been collected. */
    double heapBytes() {
        return sum("jvm_memory_used_bytes", labels -> labels.contains("area=\"heap\""));
    }

    /** The sum of all samples of a name. */
    double sum(String name) {
        return sum(name, labels -> true);
    }

    /**
     * The sum of samples of a name.
     *
     * @param labels which of them, by their labels between braces
     */
    private double sum(String name, Predicate<String> labels) {
        return text.lines()
                .filter(line -> !line.startsWith(COMMENT) && line.startsWith(name) && ends(line, name.length()))
                .filter(line -> labels.test(line.substring(name.length(), Math.max(name.length(), line.indexOf('}')))))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static boolean ends(String line, int length) {
        return line.length() > length && (line.charAt(length) == '{' || line.charAt(length) == ' ');
    }
}
