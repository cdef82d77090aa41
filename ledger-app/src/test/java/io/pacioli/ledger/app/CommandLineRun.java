package io.pacioli.ledger.app;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import picocli.CommandLine;

/**
 * What a call of the command line did.
 *
 * @param code its exit code
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error
 */
public record CommandLineRun(int code, String out, String err) {
    /** Runs in this JVM, without an environment. */
    public static CommandLineRun of(String... arguments) {
        return in(Map.of(), arguments);
    }

    /** Runs in this JVM. */
    public static CommandLineRun in(Map<String, String> environment, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine = Ledger.commandLine(environment);
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        int code = commandLine.execute(arguments);
        return new CommandLineRun(code, out.toString(), err.toString());
    }
}
