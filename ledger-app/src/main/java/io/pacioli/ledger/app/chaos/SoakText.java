package io.pacioli.ledger.app.chaos;

import io.pacioli.ledger.app.AmountText;
import io.pacioli.ledger.app.Terminal;
import io.pacioli.ledger.app.TextTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The report of a long run for people. */
final class SoakText {
    private static final double LARGE = 100;

    private final SoakReport report;
    private final Terminal terminal;

    SoakText(SoakReport report, Terminal terminal) {
        this.report = report;
        this.terminal = terminal;
    }

    void print() {
        terminal.line();
        for (SoakFigure figure : SoakFigure.values()) {
            List<SoakWindows.Row> rows =
                    report.rows().stream().filter(row -> row.figure() == figure).toList();
            if (!rows.isEmpty()) {
                terminal.line(terminal.bold(figure.title()) + (figure.isFlat() ? " (must not grow)" : ""));
                table(rows).lines().forEach(line -> terminal.line("  " + line));
            }
        }
        report.violations().forEach(violation -> terminal.line("  " + terminal.bad("✘") + " " + violation));
        terminal.line(verdict());
    }

    private TextTable table(List<SoakWindows.Row> rows) {
        TextTable table = new TextTable("l" + "r".repeat(SoakWindows.COUNT));
        List<String> heads = new ArrayList<>(List.of("until"));
        for (int window = 1; window <= SoakWindows.COUNT; window++) {
            Duration end = report.settings().window().multipliedBy(window);
            heads.add(String.format(Locale.ROOT, "%02d:%02d", end.toMinutes(), end.toSecondsPart()));
        }
        table.row(heads.toArray(String[]::new));
        for (SoakWindows.Row row : rows) {
            List<String> cells = new ArrayList<>(List.of(row.of()));
            row.windows().forEach(value -> cells.add(number(value)));
            table.row(cells.toArray(String[]::new));
        }
        return table;
    }

    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        return value < LARGE && value != Math.rint(value)
                ? String.format(Locale.ROOT, "%.1f", value)
                : AmountText.count(Math.round(value));
    }

    private String verdict() {
        String what = AmountText.count(report.commands()) + " commands in "
                + report.settings().duration().toMinutes() + " min, "
                + AmountText.count(report.unanswered()) + " requests without an answer; "
                + (report.audit() == null
                        ? "no audit"
                        : AmountText.count(report.audit().entries()) + " entries decided again, "
                                + report.audit().differences() + " differences");
        Object kept = report.directory() == null ? "" : "; logs and data are in " + report.directory();
        return report.passed()
                ? terminal.good("✔") + " Nothing has grown: " + what + kept
                : terminal.bad("✘") + " " + AmountText.count(report.violationCount()) + " violations: " + what + kept;
    }
}
