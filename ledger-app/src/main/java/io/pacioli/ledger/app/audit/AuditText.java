package io.pacioli.ledger.app.audit;

import io.pacioli.ledger.app.AmountText;
import io.pacioli.ledger.app.Terminal;
import io.pacioli.ledger.app.TextTable;
import io.pacioli.ledger.audit.AssetBooks;
import io.pacioli.ledger.audit.AuditReport;
import io.pacioli.ledger.audit.CheckpointFigures;
import io.pacioli.ledger.audit.Finding;
import io.pacioli.ledger.audit.InputFigures;
import io.pacioli.ledger.audit.ProjectionFigures;
import io.pacioli.ledger.audit.ShardFigures;
import io.pacioli.ledger.audit.UnderWay;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Position;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/** A report as people read it. */
final class AuditText {
    private static final int FINDINGS_SHOWN = 20;

    /** More accounts than these are better put right by rebuilding all. */
    private static final int ACCOUNTS_REPAIRED_MAX = 20;

    private final AuditReport report;
    private final Terminal terminal;

    AuditText(AuditReport report, Terminal terminal) {
        this.report = report;
        this.terminal = terminal;
    }

    void print() {
        terminal.line(terminal.bold("Audit of " + report.journal()) + " on " + time(report.startedAtMillis()));
        terminal.line("  " + AmountText.count(report.entries()) + " entries of "
                + report.shards().size() + " shards read in " + seconds() + " s; "
                + (report.decided()
                        ? "chain, balances and rules checked, and every entry decided again from its input"
                        : "chain, balances and rules checked; nothing was decided again (--fast)"));
        books();
        shards();
        checkpoints();
        inputs();
        projections();
        findings();
        verdict();
        repairs();
    }

    private void books() {
        title("Books");
        TextTable table = new TextTable("lrrrr");
        table.row("asset", "circulating", "between shards", "holders", "sum of all accounts");
        for (AssetBooks books : report.assets().values()) {
            Asset asset = books.asset();
            table.row(
                    asset.code(),
                    AmountText.format(books.supply(), asset.decimals()),
                    AmountText.format(books.inTransit(), asset.decimals()),
                    AmountText.count(books.holders()),
                    AmountText.format(books.sum(), asset.decimals()));
        }
        print(table);
        for (UnderWay way : report.underWay()) {
            AssetBooks books = report.assets().get(way.asset());
            int decimals = books == null ? 0 : books.asset().decimals();
            terminal.line("  between shards " + way.one() + " and " + way.other() + ": "
                    + AmountText.format(way.amount(), decimals) + " " + way.asset());
        }
    }

    private void shards() {
        title("Journal");
        TextTable table = new TextTable("rrrrlll");
        table.row("shard", "from", "to", "accounts", "first entry", "last entry", "hash of the last entry");
        for (ShardFigures shard : report.shards()) {
            table.row(
                    Integer.toString(shard.shard()),
                    AmountText.count(shard.firstSequence()),
                    AmountText.count(shard.lastSequence()),
                    AmountText.count(shard.accounts()),
                    time(shard.firstAtMillis()),
                    time(shard.lastAtMillis()),
                    terminal.faint(shard.hash()));
        }
        print(table);
        terminal.line("  " + AmountText.count(report.accounts()) + " accounts, " + AmountText.count(report.postings())
                + " postings, " + AmountText.count(report.rejections()) + " rejections");
    }

    private void checkpoints() {
        title("Signed checkpoints");
        CheckpointFigures checkpoints = report.checkpoints();
        if (checkpoints == null) {
            terminal.line("  not verified: no public key was given (--public-key)");
            return;
        }
        terminal.line("  " + AmountText.count(checkpoints.verified())
                + " verified: signature, place, hash of the journal and" + " books");
        terminal.line("  signed up to "
                + (checkpoints.positions().isEmpty() ? "nothing" : positions(checkpoints.positions())));
        terminal.line("  " + AmountText.count(checkpoints.uncovered()) + " entries behind them are not covered yet"
                + (checkpoints.uncoveredSinceMillis() == 0
                        ? ""
                        : ", the first since " + time(checkpoints.uncoveredSinceMillis())));
    }

    private static String positions(List<Position> positions) {
        return positions.stream().map(Position::toString).collect(Collectors.joining(","));
    }

    private void inputs() {
        InputFigures inputs = report.inputs();
        if (inputs == null) {
            return;
        }
        title("Inputs");
        TextTable table = new TextTable("rl");
        row(table, inputs.decided(), "commands have their outcome");
        row(table, inputs.repeated(), "commands came again and got their first outcome");
        row(table, inputs.misrouted(), "commands were passed on to their own shard");
        row(
                table,
                inputs.malformed(),
                "records were no commands; " + AmountText.count(inputs.deadLetters()) + " dead letters of them found");
        row(table, inputs.messages(), "messages between shards, each as it was sent");
        row(table, inputs.due(), "things decided because their time had come");
        row(table, inputs.pending(), "commands wait for their time or for other shards");
        row(
                table,
                inputs.waiting(),
                "commands had not been read by their shard when the audit began"
                        + (inputs.waiting() == 0 ? "" : ", the first since " + time(inputs.waitingSinceMillis())));
        print(table);
    }

    private static void row(TextTable table, long count, String text) {
        if (count > 0) {
            table.row(AmountText.count(count), text);
        }
    }

    private void projections() {
        for (ProjectionFigures projection : report.projections()) {
            title(projection.name());
            if (projection.notKept() > 0) {
                terminal.line("  keeps entries from " + time(projection.horizonMillis()) + " on: "
                        + AmountText.count(projection.notKept()) + " before that were not compared");
            }
            terminal.line("  " + AmountText.count(projection.balances()) + " balances"
                    + (projection.entries() == 0
                            ? ""
                            : ", " + AmountText.count(projection.entries()) + " entries with their postings and "
                                    + AmountText.count(projection.rows())
                                    + " rows about rejections, metadata, hours and days, accounts and assets")
                    + " compared at "
                    + positions(projection.positions())
                    + ": "
                    + (projection.differences() == 0
                            ? "all equal"
                            : AmountText.count(projection.differences()) + " differences"));
        }
    }

    private void findings() {
        List<Finding> findings = report.findings();
        if (findings.isEmpty()) {
            return;
        }
        title("Findings");
        findings.stream().limit(FINDINGS_SHOWN).forEach(this::finding);
        long more = report.differences() + report.warnings() - Math.min(findings.size(), FINDINGS_SHOWN);
        if (more > 0) {
            terminal.line("  and " + AmountText.count(more) + " more; --json lists the first of each kind");
        }
    }

    private void finding(Finding finding) {
        terminal.line((finding.isWarning() ? "  ! " : "  " + terminal.bad("✘") + " ") + finding);
    }

    private void verdict() {
        terminal.line();
        if (report.passed()) {
            terminal.line(terminal.good("✔") + " All holds"
                    + (report.warnings() == 0 ? "." : ", with " + AmountText.count(report.warnings()) + " warnings."));
        } else {
            terminal.line(terminal.bad("✘") + " " + AmountText.count(report.differences())
                    + (report.differences() == 1 ? " difference" : " differences")
                    + ". The first, which most likely led to the others:");
            terminal.line("  " + report.findings().getFirst());
        }
    }

    /** What puts right again what of the projections is wrong. */
    private void repairs() {
        repair("redis", "Redis");
        repair("postgres", "Postgres");
    }

    private void repair(String store, String source) {
        List<Finding> wrong = report.findings().stream()
                .filter(finding -> finding.source().equals(source))
                .toList();
        if (wrong.isEmpty()) {
            return;
        }
        List<String> accounts = wrong.stream()
                .map(Finding::account)
                .filter(Objects::nonNull)
                .map(account -> account.split(" ", 2)[0])
                .distinct()
                .toList();
        boolean isOfAccounts = wrong.stream().noneMatch(finding -> finding.account() == null)
                && accounts.size() <= ACCOUNTS_REPAIRED_MAX
                && report.differences() <= report.findings().size();
        terminal.line("To put " + source + " right: ./ledger rebuild " + store
                + (isOfAccounts
                        ? accounts.stream()
                                .map(account -> " --account '" + account.replace("'", "'\\''") + "'")
                                .collect(Collectors.joining())
                        : ""));
    }

    private void title(String text) {
        terminal.line();
        terminal.line(terminal.bold(text));
    }

    private void print(TextTable table) {
        table.lines().forEach(line -> terminal.line("  " + line));
    }

    private String seconds() {
        return String.format(Locale.ROOT, "%.1f", report.duration().toMillis() / 1e3);
    }

    private static String time(long millis) {
        return millis == 0
                ? "-"
                : Instant.ofEpochMilli(millis)
                        .truncatedTo(ChronoUnit.SECONDS)
                        .toString()
                        .replace('T', ' ')
                        .replace("Z", " UTC");
    }
}
