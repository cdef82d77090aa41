package io.pacioli.ledger.app;

import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** {@code --verbose} and {@code --help}, which every command has. */
public final class VerboseOption {
    private static final String NAME = "--verbose";

    @Option(names = NAME, description = "Show stack traces and the log.")
    private boolean verbose;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    private boolean help;

    /** For picocli. */
    public VerboseOption() {}

    /** Whether the user wants to see everything. */
    public boolean isVerbose() {
        return verbose && !help;
    }

    static boolean isVerbose(CommandLine commandLine) {
        OptionSpec option = commandLine.getCommandSpec().findOption(NAME);
        return option != null && Boolean.TRUE.equals(option.getValue());
    }
}
