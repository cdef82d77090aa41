package io.pacioli.ledger.app;

import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Ends a command that failed: one line on standard error and exit code 1; the stack trace with {@code --verbose}. */
final class Failures implements IExecutionExceptionHandler {
    private static final int LINE_LENGTH_MAX = 600;

    @Override
    public int handleExecutionException(Exception failure, CommandLine commandLine, ParseResult parsed) {
        Shutdown.standAsideIfUnderway();
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        commandLine.getOut().flush();
        commandLine.getErr().println("ledger: " + line(failure));
        if (VerboseOption.isVerbose(commandLine)) {
            failure.printStackTrace(commandLine.getErr());
        }
        commandLine.getErr().flush();
        return CommandLine.ExitCode.SOFTWARE;
    }

    /** The message, on one line; with the type for failures that nobody foresaw. */
    static String line(Throwable failure) {
        String message = failure.getMessage();
        String text = message != null && failure.getClass().getName().startsWith("io.pacioli.")
                ? message
                : failure.toString();
        String line = text.strip().replaceAll("\\s*\\R\\s*", " ");
        return line.length() <= LINE_LENGTH_MAX ? line : line.substring(0, LINE_LENGTH_MAX) + " ...";
    }
}
