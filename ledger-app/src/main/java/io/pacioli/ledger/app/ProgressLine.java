package io.pacioli.ledger.app;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A progress bar on standard error when somebody watches, and nothing otherwise. Thread safe. */
public final class ProgressLine implements AutoCloseable {
    private static final int WIDTH = 96;
    private static final int UPDATE_MILLIS = 100;
    private static final Duration SPEED_SINCE_START = Duration.ZERO;

    private final @Nullable ProgressBar bar;

    private ProgressLine(@Nullable ProgressBar bar) {
        this.bar = bar;
    }

    /**
     * Starts one.
     *
     * @param task what is done, such as {@code Producing}
     * @param max how many steps it has; -1 when nobody knows
     * @param unit what a step is, such as {@code " commands"}
     */
    public static ProgressLine start(Terminal terminal, String task, long max, String unit) {
        if (!terminal.isAlive()) {
            return new ProgressLine(null);
        }
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), false, StandardCharsets.UTF_8);
        return new ProgressLine(new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(max)
                .setUnit(unit, 1)
                .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                .setUpdateIntervalMillis(UPDATE_MILLIS)
                .setMaxRenderedLength(WIDTH)
                .startsFrom(0, SPEED_SINCE_START)
                .showSpeed()
                .clearDisplayOnFinish()
                .setConsumer(new ConsoleProgressBarConsumer(err, WIDTH))
                .build());
    }

    /** So many more steps are done. */
    public void step(long steps) {
        if (bar != null) {
            bar.stepBy(steps);
        }
    }

    /** So many of so many steps are done. */
    public void at(long done, long max) {
        if (bar != null) {
            bar.maxHint(max);
            bar.stepTo(done);
        }
    }

    /** What to show behind the bar. */
    public void message(String text) {
        if (bar != null) {
            bar.setExtraMessage(text);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
