package io.pacioli.ledger.app;

import io.pacioli.ledger.service.Configuration;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Ends a command that was called wrongly: one line, a hint where help is, and exit code 2. When a variable of the environment is wrong the
 * line begins with it, and there is no other.
 */
final class UsageErrors implements IParameterExceptionHandler {
    /** How the value of a variable begins that Kubernetes adds for a service. */
    private static final String OF_KUBERNETES = "=tcp://";

    private static final String HINT =
            " (Kubernetes adds this variable for a service of such a name: set enableServiceLinks: false)";

    private final Configuration configuration;

    UsageErrors(Configuration configuration) {
        this.configuration = configuration;
    }

    @Override
    public int handleParseException(ParameterException failure, String[] arguments) {
        CommandLine commandLine = failure.getCommandLine();
        PrintWriter err = commandLine.getErr();
        String variable = variable(failure);
        err.println("ledger: " + variable
                + Failures.line(new IllegalArgumentException(failure.getMessage()))
                        .replaceFirst("^java\\.lang\\.IllegalArgumentException: ", "")
                + (variable.contains(OF_KUBERNETES) ? HINT : ""));
        if (variable.isEmpty() && !(failure instanceof UnknownVariables.UnknownVariable)) {
            UnmatchedArgumentException.printSuggestions(failure, err);
            err.println("Try '" + commandLine.getCommandSpec().qualifiedName() + " --help'.");
        }
        err.flush();
        return commandLine.getCommandSpec().exitCodeOnInvalidInput();
    }

    /** The variable that the wrong value came from, and the value; empty when it was given as an option. */
    private String variable(ParameterException failure) {
        if (!(failure.getArgSpec() instanceof OptionSpec option) || failure.getValue() == null) {
            return "";
        }
        boolean isGiven =
                failure instanceof OptionRule.Broken && !option.stringValues().isEmpty();
        return EnvironmentDefaults.variable(option)
                .flatMap(name -> configuration
                        .text(name)
                        .filter(text -> failure instanceof OptionRule.Broken || text.equals(failure.getValue()))
                        .map(text -> name + "=" + text + ": "))
                .filter(found -> !isGiven)
                .orElse("");
    }
}
