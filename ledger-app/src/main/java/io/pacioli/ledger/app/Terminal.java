package io.pacioli.ledger.app;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/**
 * Where a command writes to, for people: colours and moving bars on a terminal only, and neither with {@code NO_COLOR} set.
 *
 * @param out standard output, UTF-8
 * @param err standard error, UTF-8
 * @param ansi whether and how to colour
 */
public record Terminal(PrintWriter out, PrintWriter err, Ansi ansi) {
    /** Whether standard input and output are a terminal that may be coloured. */
    private static final boolean INTERACTIVE = isInteractive();

    @SuppressWarnings("SystemConsoleNull") // It is null without a terminal on some releases, and not on others.
    private static boolean isInteractive() {
        Console console = System.console();
        String noColor = System.getenv("NO_COLOR");
        return console != null
                && console.isTerminal()
                && (noColor == null || noColor.isEmpty())
                && !"dumb".equals(System.getenv("TERM"));
    }

    /** The process' own. Always UTF-8: a locale that says otherwise is far more often unset than meant. */
    public static Terminal system() {
        return new Terminal(writer(FileDescriptor.out), writer(FileDescriptor.err), style());
    }

    /** That of a command that runs. */
    public static Terminal of(CommandLine commandLine) {
        return new Terminal(commandLine.getOut(), commandLine.getErr(), style());
    }

    static Ansi style() {
        return INTERACTIVE ? Ansi.ON : Ansi.OFF;
    }

    private static PrintWriter writer(FileDescriptor descriptor) {
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), true);
    }

    /** Whether progress may be drawn over and over on one line. */
    public boolean isAlive() {
        return ansi == Ansi.ON;
    }

    /** Prints a line. */
    public void line(String text) {
        out.println(text);
        out.flush();
    }

    /** Prints an empty line. */
    public void line() {
        line("");
    }

    /** Bold. */
    public String bold(String text) {
        return styled("1", text);
    }

    /** Faint. */
    public String faint(String text) {
        return styled("2", text);
    }

    /** Green, for what is well. */
    public String good(String text) {
        return styled("32", text);
    }

    /** Red, for what is not. */
    public String bad(String text) {
        return styled("31", text);
    }

    private String styled(String code, String text) {
        return isAlive() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
