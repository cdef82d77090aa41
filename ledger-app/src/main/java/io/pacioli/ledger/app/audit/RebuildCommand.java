package io.pacioli.ledger.app.audit;

import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.LedgerTopics;
import io.pacioli.ledger.api.TopicMismatchException;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.app.AmountText;
import io.pacioli.ledger.app.CommandFailure;
import io.pacioli.ledger.app.PostgresOptions;
import io.pacioli.ledger.app.RedisOptions;
import io.pacioli.ledger.app.Terminal;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.projection.postgres.PostgresRebuild;
import io.pacioli.ledger.projection.postgres.PostgresSettings;
import io.pacioli.ledger.projection.redis.RedisRebuild;
import io.pacioli.ledger.projection.redis.RedisSettings;
import io.pacioli.ledger.service.rebuild.Difference;
import io.pacioli.ledger.service.rebuild.RebuildException;
import io.pacioli.ledger.service.rebuild.RebuildReport;
import io.pacioli.ledger.service.rebuild.RebuildSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ledger rebuild}. */
@Command(
        name = "rebuild",
        description = {
            "Build a projection anew from the journal, and let it take the place of the old one.",
            "Builds it beside the one that queries read, while everything goes on; compares the two where both stand at the same"
                    + " positions, says what differed, and swaps them at once. Stopped at any moment, it leaves the old one as it"
                    + " was, and can be started again. With --account it puts single accounts right instead.",
            "Without --bootstrap-servers a running 'ledger up' tells where everything is. Else Redis is what the variable"
                    + " LEDGER_REDIS_URI names, and PostgreSQL what --postgres-url does, with the password in"
                    + " LEDGER_POSTGRES_PASSWORD; the user must own the database and be allowed to create others.",
            "Exit codes: 0 the projection was right, or is now; 1 it differs from the journal and was left as it is; 2 it could"
                    + " not be rebuilt."
        })
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class RebuildCommand implements Callable<Integer> {
    private static final int DIFFERENT = 1;
    private static final int NOT_REBUILT = 2;
    private static final int DIFFERENCES_SHOWN = 20;

    /** What can be rebuilt. */
    enum Store {
        REDIS("Redis"),
        POSTGRES("PostgreSQL");

        private final String title;

        Store(String title) {
            this.title = title;
        }
    }

    @Mixin
    private RunningLedger ledger;

    @Parameters(paramLabel = "redis|postgres", description = "Which one.")
    private Store store;

    @Option(
            names = "--account",
            paramLabel = "ACCOUNT",
            description = "Put this account right and leave all else alone; may be given several times.")
    private List<String> accounts = List.of();

    @Option(names = "--dry-run", description = "Build and compare, and swap nothing.")
    private boolean dryRun;

    @Option(
            names = "--force",
            description = "Swap even though the projection holds entries that are not in this journal.")
    private boolean force;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "How many shards are built at a time. Default: one for each core")
    private @Nullable Integer threads;

    @Option(
            names = "--keep-previous",
            description = "Keep the old database of PostgreSQL, under its name with _previous behind it.")
    private boolean keepPrevious;

    @Option(
            names = "--maintenance-database",
            paramLabel = "NAME",
            defaultValue = "postgres",
            description = "A database of PostgreSQL to connect to while others are renamed. Default: ${DEFAULT-VALUE}")
    private String maintenance;

    @Option(names = "--json", description = "Print what became of it as JSON.")
    private boolean json;

    @Mixin
    private RedisOptions redis;

    @Mixin
    private PostgresOptions postgres;

    @Spec
    private CommandSpec spec;

    /** For picocli. */
    public RebuildCommand() {}

    @Override
    public Integer call() {
        Terminal terminal = Terminal.of(spec.commandLine());
        try {
            RebuildReport report = rebuild(terminal);
            if (json) {
                terminal.line(RebuildJson.of(store.name().toLowerCase(Locale.ROOT), accounts, report));
            } else {
                print(terminal, report);
            }
            return report.isSwapped() || report.differences() == 0 ? 0 : DIFFERENT;
        } catch (RebuildException | CommandFailure | TopicMismatchException | KafkaException e) {
            terminal.err().println("ledger: could not rebuild: " + e.getMessage());
            terminal.err().flush();
            return NOT_REBUILT;
        }
    }

    private RebuildReport rebuild(Terminal terminal) {
        Map<String, String> properties = ledger.properties();
        Topics topics = ledger.kafka().topics();
        RebuildSettings settings = settings(properties, topics);
        String task = (accounts.isEmpty() ? "Rebuilding " : "Repairing ") + store.title;
        try (ReplayProgress progress = ReplayProgress.start(terminal, task)) {
            return switch (store) {
                case REDIS -> redis(settings, progress);
                case POSTGRES -> postgres(settings, progress);
            };
        }
    }

    private RebuildSettings settings(Map<String, String> properties, Topics topics) {
        try (Admin admin = Admin.create(new HashMap<>(properties))) {
            RebuildSettings settings =
                    RebuildSettings.of(properties, topics, new KafkaRouter(LedgerTopics.shards(admin, topics)));
            if (threads != null) {
                settings = settings.withThreads(Math.max(1, threads));
            }
            if (dryRun) {
                settings = settings.comparingOnly();
            }
            return force ? settings.byForce() : settings;
        }
    }

    private RebuildReport redis(RebuildSettings settings, ReplayProgress progress) {
        RedisSettings server = redis.settings(ledger.known("redis"));
        if (server == null) {
            throw new CommandFailure("nobody says where Redis is: set LEDGER_REDIS_URI");
        }
        try (RedisRebuild rebuild = new RedisRebuild(settings, server)) {
            return accounts.isEmpty() ? rebuild.run(progress::advanced) : rebuild.repair(accounts, progress::advanced);
        }
    }

    private RebuildReport postgres(RebuildSettings settings, ReplayProgress progress) {
        PostgresSettings database = postgres.settings(ledger.known("postgres"));
        if (database == null) {
            throw new CommandFailure("nobody says where PostgreSQL is: give --postgres-url");
        }
        PostgresRebuild.Options options = new PostgresRebuild.Options(maintenance, keepPrevious);
        PostgresRebuild rebuild = new PostgresRebuild(settings, database, options, progress::phase);
        return accounts.isEmpty() ? rebuild.run(progress::advanced) : rebuild.repair(accounts, progress::advanced);
    }

    private void print(Terminal terminal, RebuildReport report) {
        String positions = report.positions().stream().map(Position::toString).collect(Collectors.joining(","));
        double seconds = report.duration().toMillis() / 1e3;
        terminal.line(terminal.bold(store.title) + ": " + AmountText.count(report.entries()) + " entries folded in "
                + String.format(Locale.ROOT, "%.1f", seconds) + " s, "
                + AmountText.count(Math.round(report.entries() / Math.max(seconds, 1e-3))) + " a second; "
                + AmountText.count(report.compared()) + (store == Store.REDIS ? " account" : " row")
                + (report.compared() == 1 ? "" : "s") + " compared at "
                + positions);
        report.first().stream()
                .limit(DIFFERENCES_SHOWN)
                .map(Difference::toString)
                .forEach(difference -> terminal.line("  " + terminal.bad("✘") + " " + difference));
        if (report.differences() > DIFFERENCES_SHOWN) {
            terminal.line("  and " + AmountText.count(report.differences() - DIFFERENCES_SHOWN) + " more");
        }
        report.notes().forEach(note -> terminal.line("  ! " + note));
        terminal.line(verdict(terminal, report));
    }

    private String verdict(Terminal terminal, RebuildReport report) {
        String found = report.differences() == 0
                ? "All was equal"
                : AmountText.count(report.differences()) + (report.differences() == 1 ? " difference" : " differences");
        boolean isWell = report.isSwapped() || report.differences() == 0;
        String mark = isWell ? terminal.good("✔") : terminal.bad("✘");
        if (!accounts.isEmpty()) {
            return mark + " " + found + "; " + String.join(", ", accounts)
                    + (report.differences() == 0 ? ": nothing to repair." : " put right.");
        }
        return mark + " " + found
                + (report.isSwapped() ? "; the new one has taken the place of the old." : "; nothing was swapped.");
    }
}
