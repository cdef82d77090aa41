package io.pacioli.ledger.app;

import io.pacioli.ledger.service.Durations;
import java.time.Duration;
import java.util.Objects;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** What must hold for the value of an option, told in one way whether it was given or came from the environment. */
public final class OptionRule {
    private OptionRule() {}

    /**
     * Checks one.
     *
     * @param name of the option
     * @param rule completes "must be"
     * @throws ParameterException when it does not hold, naming the option, the rule and the value
     */
    public static void require(CommandSpec spec, String name, boolean holds, String rule) {
        if (!holds) {
            OptionSpec option = Objects.requireNonNull(spec.findOption(name));
            String value = option.getValue() instanceof Duration duration
                    ? Durations.format(duration)
                    : Objects.toString(option.getValue(), "");
            throw new Broken(spec, name + " must be " + rule + ": " + value, option, value);
        }
    }

    /** Checks one whose value may hold a secret: the message does not repeat it. */
    public static void requireSecret(CommandSpec spec, String name, boolean holds, String rule) {
        if (!holds) {
            OptionSpec option = Objects.requireNonNull(spec.findOption(name));
            throw new Broken(spec, name + " must be " + rule, option, "");
        }
    }

    /** A value that could be read and breaks its rule. */
    static final class Broken extends ParameterException {
        private static final long serialVersionUID = 1L;

        private Broken(CommandSpec spec, String message, OptionSpec option, String value) {
            super(spec.commandLine(), message, option, value);
        }
    }

    static Duration duration(String text) {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("must be " + e.getMessage() + ": " + text);
        }
    }
}
