package io.pacioli.ledger.app.chaos;

import io.pacioli.ledger.app.AmountText;
import io.pacioli.ledger.app.Terminal;
import io.pacioli.ledger.app.TextTable;
import io.pacioli.ledger.audit.AuditReport;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** A report for people. */
final class ChaosText {
    private static final double P50 = 50;
    private static final double P99 = 99;
    private static final int OUTCOMES_SHOWN = 16;

    private final ChaosReport report;
    private final Terminal terminal;

    ChaosText(ChaosReport report, Terminal terminal) {
        this.report = report;
        this.terminal = terminal;
    }

    /** What is going to happen. */
    static TextTable schedule(List<Fault> faults) {
        TextTable table = new TextTable("rll");
        faults.forEach(fault -> table.row(clock(fault.due()), fault.what(), "for " + seconds(fault.outage()) + " s"));
        return table;
    }

    /** What became of a fault, in one line. */
    static String line(Survived one) {
        String what = clock(one.at()) + "  " + one.fault().what();
        return one.isSkipped()
                ? what + ": " + one.trouble()
                : what + ": decides after " + seconds(one.decided()) + " s, balances " + seconds(one.balances())
                        + " s, history " + seconds(one.history()) + " s, whole " + seconds(one.whole()) + " s";
    }

    void print() {
        terminal.line();
        terminal.line(terminal.bold("Faults, and seconds until the system had recovered"));
        timeline().lines().forEach(row -> terminal.line("  " + row));
        report.notTried().forEach((kind, why) -> terminal.line("  not tried here: " + kind.title() + ": " + why));
        terminal.line(terminal.bold("Commands by type"));
        counts(report.figures().byType(), Integer.MAX_VALUE).lines().forEach(row -> terminal.line("  " + row));
        terminal.line(terminal.bold("Commands by outcome"));
        counts(report.figures().byOutcome(), OUTCOMES_SHOWN).lines().forEach(row -> terminal.line("  " + row));
        terminal.line(terminal.bold("Latency from the first attempt to the outcome, ms"));
        latencies().lines().forEach(row -> terminal.line("  " + row));
        terminal.line(terminal.bold("Checks"));
        checks();
        report.violations().forEach(violation -> terminal.line("  " + terminal.bad("✘") + " " + violation));
        terminal.line(verdict());
    }

    private TextTable timeline() {
        TextTable table = new TextTable("rlrrrrr").row("at", "", "away", "decides", "balances", "history", "whole");
        for (Survived one : report.faults()) {
            if (one.isSkipped()) {
                table.row(clock(one.at()), one.fault().what() + ": " + one.trouble(), "", "", "", "", "");
            } else {
                table.row(
                        clock(one.at()),
                        one.fault().what(),
                        seconds(one.fault().outage()),
                        seconds(one.decided()),
                        seconds(one.balances()),
                        seconds(one.history()),
                        seconds(one.whole()));
            }
        }
        return table;
    }

    private static TextTable counts(Map<String, Long> counts, int max) {
        TextTable table = new TextTable("rl");
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(max)
                .forEach(count -> table.row(AmountText.count(count.getValue()), count.getKey()));
        return table;
    }

    private TextTable latencies() {
        TextTable table = new TextTable("lrrrr").row("", "commands", "p50", "p99", "max");
        row(table, "without a fault", report.quiet());
        row(table, "with a fault", report.troubled());
        return table;
    }

    private static void row(TextTable table, String name, Histogram micros) {
        table.row(
                name,
                AmountText.count(micros.getTotalCount()),
                millis(micros.getValueAtPercentile(P50)),
                millis(micros.getValueAtPercentile(P99)),
                millis(micros.getMaxValue()));
    }

    private static String millis(long micros) {
        return String.format(Locale.ROOT, "%.1f", micros / 1e3);
    }

    private void checks() {
        RecordCheck.Figures figures = report.figures();
        terminal.line("  " + AmountText.count(figures.commands()) + " commands of clients, "
                + AmountText.count(figures.repeated()) + " sent more than once; "
                + AmountText.count(report.failures()) + " attempts got no answer");
        terminal.line("  " + AmountText.count(figures.acknowledged()) + " acknowledged; of the others "
                + AmountText.count(figures.unknownDecided()) + " took effect, and "
                + AmountText.count(figures.unknownNotThere()) + " did not");
        terminal.line("  " + AmountText.count(report.seen()) + " balances that clients read; "
                + AmountText.count(report.unanswered()) + " questions got no answer");
        AuditReport audit = report.audit();
        terminal.line("  "
                + (audit == null
                        ? "no audit"
                        : AmountText.count(audit.entries()) + " entries decided again, " + audit.differences()
                                + " differences"));
    }

    private String verdict() {
        long survived = report.faults().stream()
                .filter(one -> !one.isSkipped() && one.isSurvived())
                .count();
        String what = AmountText.count(report.figures().transfers()) + " transfers done of "
                + AmountText.count(report.settings().transfers()) + " in "
                + report.loaded().toSeconds() + " s, " + survived + " faults survived, seed "
                + report.settings().seed();
        Object kept = report.directory() == null ? "" : "; logs and data are in " + report.directory();
        return report.passed()
                ? terminal.good("✔") + " All holds: " + what + kept
                : terminal.bad("✘") + " " + AmountText.count(report.violationCount()) + " violations: " + what + kept;
    }

    private static String clock(Duration at) {
        return String.format(Locale.ROOT, "%02d:%02d", at.toMinutes(), at.toSecondsPart());
    }

    private static String seconds(@Nullable Duration duration) {
        return duration == null ? "never" : String.format(Locale.ROOT, "%.1f", duration.toMillis() / 1e3);
    }
}
