package io.pacioli.ledger.app.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.pacioli.ledger.api.LedgerClient;
import io.pacioli.ledger.api.LedgerClientSettings;
import io.pacioli.ledger.app.AmountText;
import io.pacioli.ledger.app.CommandFailure;
import io.pacioli.ledger.app.ProgressLine;
import io.pacioli.ledger.app.Terminal;
import io.pacioli.ledger.app.TextTable;
import io.pacioli.ledger.app.audit.PostgresSource;
import io.pacioli.ledger.app.audit.RedisSource;
import io.pacioli.ledger.app.client.ApiClient;
import io.pacioli.ledger.app.client.AssetDirectory;
import io.pacioli.ledger.app.client.HistoryTable;
import io.pacioli.ledger.app.client.TopCommand;
import io.pacioli.ledger.app.stack.EmbeddedStack;
import io.pacioli.ledger.audit.AssetBooks;
import io.pacioli.ledger.audit.Audit;
import io.pacioli.ledger.audit.AuditReport;
import io.pacioli.ledger.audit.AuditSettings;
import io.pacioli.ledger.audit.Books;
import io.pacioli.ledger.audit.JournalFold;
import io.pacioli.ledger.audit.Progress;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.embedded.EmbeddedPostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The acts of the demo: set the stage, move money, show what the projections say, and prove it. */
final class DemoRun implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(25);
    private static final int TOP = 5;
    private static final int HISTORY = 8;
    private static final int REJECTIONS_PAGE = 500;
    private static final int DIFFERENCES_SHOWN = 20;

    private final EmbeddedStack stack;
    private final DemoWorkload workload;
    private final Terminal terminal;
    private final LedgerClient client;
    private final ApiClient api;
    private final JournalFold fold;

    DemoRun(EmbeddedStack stack, DemoWorkload workload, Terminal terminal) {
        this.stack = stack;
        this.workload = workload;
        this.terminal = terminal;
        client = LedgerClient.connect(new LedgerClientSettings(
                stack.kafka(), stack.topics(), TIMEOUT, LedgerClientSettings.IN_FLIGHT_DEFAULT));
        api = new ApiClient(List.of(stack.uri()), TIMEOUT);
        fold = JournalFold.open(stack.kafka(), stack.topics().journal());
    }

    /** Whether every figure agrees. */
    boolean run() {
        setStage();
        Sending sent = send("Transferring", workload.transfers());
        terminal.line(terminal.good("✔") + " " + AmountText.count(sent.count()) + " commands to "
                + stack.topics().commands() + ", decided in " + sent.seconds() + " s: "
                + AmountText.count(sent.accepted()) + " accepted, " + AmountText.count(sent.rejected())
                + " rejected, " + AmountText.count(sent.repeated()) + " sent twice");
        settle();
        beyondTransfers();
        Books books = settle();
        awaitProjections(books.positions());
        AssetDirectory assets = AssetDirectory.of(api);
        showTop(assets);
        showHistory(assets);
        showRejections(sent);
        return check();
    }

    /** Holds, transactions and reversals. */
    private void beyondTransfers() {
        Sending deposits = send("Placing holds", workload.deposits());
        Sending checkOuts = send("Capturing and voiding holds", workload.checkOuts());
        Sending exchanges = send("Exchanging", workload.exchanges());
        // A capture on another shard must have arrived before it can be given back.
        settle();
        Sending refunds = send("Reversing", workload.refunds());
        terminal.line(terminal.good("✔") + " " + deposits.accepted() + " deposits held, " + checkOuts.accepted()
                + " captured or voided; " + exchanges.accepted() + " of " + exchanges.count()
                + " exchanges of GOLD and POINTS made in full, the others not at all; " + refunds.accepted()
                + " captures reversed in part");
    }

    private void setStage() {
        send("Defining assets", workload.definitions()).requireAllAccepted();
        // Every shard has to have learned of the assets before anybody there pays with them.
        settle();
        List<Command> openings = workload.openings();
        send("Opening accounts", openings).requireAllAccepted();
        send("Minting", workload.mints()).requireAllAccepted();
        Books books = settle();
        String supply = books.assets().values().stream()
                .map(asset -> describe(asset) + " " + asset.asset().code())
                .collect(Collectors.joining(" and "));
        terminal.line(terminal.good("✔") + " 2 assets defined, " + AmountText.count(openings.size())
                + " accounts opened, " + supply + " minted");
    }

    private static String describe(AssetBooks books) {
        return AmountText.format(books.supply(), books.asset().decimals());
    }

    private Sending send(String task, List<Command> commands) {
        try (ProgressLine progress = ProgressLine.start(terminal, task, commands.size(), " commands")) {
            return Sending.of(client, commands, progress);
        }
    }

    /** Reads the journal to its end until nothing is under way between shards any more. */
    private Books settle() {
        long deadlineNanos = System.nanoTime() + TIMEOUT.toNanos();
        Books books = fold.readToEnd(Progress.NONE);
        while (!books.isSettled() && books.faults().isEmpty()) {
            if (System.nanoTime() - deadlineNanos > 0) {
                throw new CommandFailure(
                        "transfers between shards did not arrive within " + TIMEOUT.toSeconds() + " s");
            }
            try {
                Thread.sleep(POLL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CommandFailure("interrupted", e);
            }
            books = fold.readToEnd(Progress.NONE);
        }
        return books;
    }

    /** Both projections answer a question only when they have all of the journal. */
    private void awaitProjections(List<Position> positions) {
        String wanted = positions.stream().map(Position::toString).collect(Collectors.joining(","));
        api.get("/v1/assets?wait=30s&position=" + wanted);
        api.get("/v1/rejections?limit=1&wait=30s&position=" + wanted);
    }

    private void showTop(AssetDirectory assets) {
        for (String code : List.of(DemoWorkload.GOLD, DemoWorkload.POINTS)) {
            terminal.line();
            terminal.line(terminal.bold("Who has the most " + code + " "
                            + assets.asset(code).emoji())
                    + terminal.faint("  Redis, GET " + TopCommand.path(code)));
            JsonNode leaderboard = api.get(TopCommand.path(code) + "?limit=" + TOP);
            TopCommand.lines(leaderboard, assets.asset(code)).forEach(line -> terminal.line("  " + line));
        }
    }

    private void showHistory(AssetDirectory assets) {
        String path = "/v1/accounts/" + ApiClient.segment(workload.protagonist()) + "/entries";
        JsonNode entries = api.get(path + "?limit=" + HISTORY).path("entries");
        terminal.line();
        terminal.line(terminal.bold("What " + workload.protagonist() + " did last")
                + terminal.faint("  PostgreSQL, GET " + path));
        HistoryTable.lines(entries, assets, terminal).forEach(line -> terminal.line("  " + line));
    }

    private void showRejections(Sending sent) {
        Map<String, List<JsonNode>> byCode = new LinkedHashMap<>();
        String cursor = "";
        do {
            JsonNode page = api.get("/v1/rejections?limit=" + REJECTIONS_PAGE
                    + (cursor.isEmpty() ? "" : "&cursor=" + ApiClient.segment(cursor)));
            page.path("rejections")
                    .forEach(rejection -> byCode.computeIfAbsent(
                                    rejection.path("code").asText(), code -> new ArrayList<>())
                            .add(rejection));
            cursor = page.path("nextCursor").asText("");
        } while (!cursor.isEmpty());
        terminal.line();
        terminal.line(terminal.bold("What was rejected, and why")
                + terminal.faint("  PostgreSQL, GET /v1/rejections; in minor units"));
        TextTable table = new TextTable("rll");
        byCode.entrySet().stream()
                .sorted(Comparator.comparingInt(code -> -code.getValue().size()))
                .forEach(code -> {
                    JsonNode example = code.getValue().getFirst();
                    table.row(
                            AmountText.count(code.getValue().size()),
                            code.getKey(),
                            terminal.faint(example.path("account").asText() + ": "
                                    + example.path("message").asText()));
                });
        table.lines().forEach(line -> terminal.line("  " + line));
        terminal.line("  " + AmountText.count(sent.repeated())
                + " commands came twice: each got its first outcome again, and nothing happened twice");
    }

    /** The proof: every entry decided again from the topics, and what each projection holds against the journal. */
    private boolean check() {
        EmbeddedPostgres database = stack.postgres().orElseThrow();
        AuditReport report = Audit.run(
                AuditSettings.of(stack.kafka(), stack.topics())
                        .withProjections(List.of(
                                new RedisSource(stack.balances().orElseThrow()),
                                new PostgresSource(database.jdbcUrl(), database.username(), database.password()))),
                Progress.NONE);
        terminal.line();
        if (report.passed()) {
            terminal.line(terminal.good("✔") + " " + AmountText.count(report.entries())
                    + " entries decided again from their commands: "
                    + AmountText.count(report.projections().getFirst().balances())
                    + " balances in Redis and Postgres equal the fold of the journal, and all accounts sum to zero.");
            return true;
        }
        terminal.line(terminal.bad("✘") + " " + AmountText.count(report.differences())
                + " differences, of which the first are:");
        report.findings().stream().limit(DIFFERENCES_SHOWN).forEach(finding -> terminal.line("  " + finding));
        return false;
    }

    @Override
    public void close() {
        fold.close();
        api.close();
        client.close();
    }
}
