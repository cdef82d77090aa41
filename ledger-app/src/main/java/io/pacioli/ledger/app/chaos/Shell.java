package io.pacioli.ledger.app.chaos;

import io.pacioli.ledger.app.CommandFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Programs of the operating system that end soon. */
final class Shell {
    private static final Logger LOG = LoggerFactory.getLogger(Shell.class);
    private static final long SECONDS_MAX = 30;

    private Shell() {}

    /** Runs one that may fail: what it undoes may never have been done, or be undone already. */
    static void attempt(String command, Path... operands) {
        try {
            run(command, operands);
        } catch (CommandFailure e) {
            LOG.debug("Not done", e);
        }
    }

    /**
     * Runs one.
     *
     * @param command words, separated by single spaces
     * @param operands what comes behind them, each as it is
     * @throws CommandFailure when it cannot be run, takes longer than 30 s or fails; the message has its words
     */
    static void run(String command, Path... operands) {
        List<String> words = new ArrayList<>(List.of(command.split(" ", -1)));
        for (Path operand : operands) {
            words.add(operand.toString());
        }
        try {
            Process process =
                    new ProcessBuilder(words).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new CommandFailure("'" + String.join(" ", words) + "' takes too long");
            }
            if (process.exitValue() != 0) {
                throw new CommandFailure("'" + String.join(" ", words) + "' failed: " + said);
            }
        } catch (IOException e) {
            throw new CommandFailure("'" + String.join(" ", words) + "' cannot be run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted while '" + String.join(" ", words) + "' ran", e);
        }
    }
}
