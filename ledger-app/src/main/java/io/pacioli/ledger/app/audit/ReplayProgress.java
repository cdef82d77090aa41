package io.pacioli.ledger.app.audit;

import io.pacioli.ledger.app.AmountText;
import io.pacioli.ledger.app.ProgressLine;
import io.pacioli.ledger.app.Terminal;
import io.pacioli.ledger.audit.Progress;
import java.time.Duration;

/** How far a replay has got: a bar with its rate and the time left when somebody watches, else a line on standard error now and then. */
final class ReplayProgress implements Progress, AutoCloseable {
    private static final Duration LINE_EVERY = Duration.ofSeconds(10);

    private final Terminal terminal;
    private final String task;
    private final ProgressLine bar;
    private final long startNanos = System.nanoTime();
    private long lineNanos = startNanos;

    private ReplayProgress(Terminal terminal, String task, ProgressLine bar) {
        this.terminal = terminal;
        this.task = task;
        this.bar = bar;
    }

    static ReplayProgress start(Terminal terminal, String task) {
        return new ReplayProgress(terminal, task, ProgressLine.start(terminal, task, 0, " offsets"));
    }

    @Override
    public synchronized void advanced(long done, long total) {
        bar.at(done, total);
        long now = System.nanoTime();
        if (!terminal.isAlive() && now - lineNanos > LINE_EVERY.toNanos() && done > 0) {
            lineNanos = now;
            double seconds = (now - startNanos) / 1e9;
            long rate = Math.round(done / seconds);
            terminal.err()
                    .println(task + ": " + AmountText.count(done) + " of " + AmountText.count(total) + " offsets, "
                            + AmountText.count(rate) + " a second, "
                            + AmountText.count(Math.round((total - done) * seconds / done)) + " s left");
            terminal.err().flush();
        }
    }

    /** What is done now, when it is not reading. */
    void phase(String words) {
        bar.message(words);
        if (!terminal.isAlive()) {
            terminal.err().println(task + ": " + words);
            terminal.err().flush();
        }
    }

    @Override
    public void close() {
        bar.close();
    }
}
