package io.pacioli.ledger.app.chaos;

import io.pacioli.ledger.app.AmountText;
import io.pacioli.ledger.app.Terminal;
import io.pacioli.ledger.app.TextTable;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** The report of a run under overload for people. */
final class OverloadText {
    private static final double P50 = 50;
    private static final double P99 = 99;

    private final OverloadReport report;
    private final Terminal terminal;

    OverloadText(OverloadReport report, Terminal terminal) {
        this.report = report;
        this.terminal = terminal;
    }

    void print() {
        terminal.line();
        terminal.line(terminal.bold("Transfers a second, posted in batches of " + BatchSender.SIZE
                + "; latencies of batches that were decided, ms"));
        steps().lines().forEach(line -> terminal.line("  " + line));
        terminal.line(AmountText.count(report.flood()) + " commands were written straight into Kafka");
        terminal.line(terminal.bold("Resident memory at most, MiB"));
        memory().lines().forEach(line -> terminal.line("  " + line));
        report.after().forEach((what, time) -> terminal.line(what + " " + time.toSeconds() + " s after it had ended"));
        report.violations().forEach(violation -> terminal.line("  " + terminal.bad("✘") + " " + violation));
        terminal.line(verdict());
    }

    private TextTable steps() {
        TextTable table = new TextTable("lrrrrrrrr")
                .row("", "sent", "decided", "refused", "undecided", "unanswered", "p50", "p99", "max");
        for (OverloadStep step : report.steps()) {
            BatchSender.Counts counts = step.counts();
            Histogram latencies = step.latencies();
            boolean isPaced = step.isPaced();
            table.row(
                    step.name(),
                    rate(step, counts.offered()),
                    rate(step, counts.decided()),
                    rate(step, counts.refused()),
                    rate(step, counts.undecided()),
                    rate(step, counts.unanswered()),
                    isPaced ? millis(latencies.getValueAtPercentile(P50)) : "-",
                    isPaced ? millis(latencies.getValueAtPercentile(P99)) : "-",
                    isPaced ? millis(latencies.getMaxValue()) : "-");
        }
        return table;
    }

    private TextTable memory() {
        TextTable table = new TextTable("lrr").row("", "before", "ever");
        report.resident()
                .forEach((process, resident) -> table.row(
                        process, AmountText.count(resident.before() >> 20), AmountText.count(resident.ever() >> 20)));
        return table;
    }

    private static String rate(OverloadStep step, long count) {
        return AmountText.count(Math.round(step.rate(count)));
    }

    private static String millis(long micros) {
        return String.format(Locale.ROOT, "%.1f", micros / 1e3);
    }

    private String verdict() {
        String what = report.audit() == null
                ? "no audit"
                : AmountText.count(report.audit().entries()) + " entries decided again, "
                        + report.audit().differences() + " differences";
        Object kept = report.directory() == null ? "" : "; logs and data are in " + report.directory();
        return report.passed()
                ? terminal.good("✔") + " Nothing fell over: " + what + kept
                : terminal.bad("✘") + " " + AmountText.count(report.violationCount()) + " violations: " + what + kept;
    }
}
