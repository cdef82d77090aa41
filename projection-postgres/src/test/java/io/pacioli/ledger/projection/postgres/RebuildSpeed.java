package io.pacioli.ledger.projection.postgres;

import io.pacioli.ledger.core.Invariant;
import io.pacioli.ledger.service.Health;
import io.pacioli.ledger.service.Metrics;
import io.pacioli.ledger.service.rebuild.RebuildProgress;
import io.pacioli.ledger.service.rebuild.RebuildReport;
import io.pacioli.ledger.service.rebuild.RebuildSettings;
import io.pacioli.ledger.testkit.TestPostgres;
import io.pacioli.ledger.testkit.TestServices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Prints how many entries a second a store is filled with by its projector, and by a rebuild beside it with all that belongs to one. Run
 * by hand, not by the build: the figures depend on what else the machine does.
 */
public final class RebuildSpeed {
    private static final int SHARDS = 6;

    private RebuildSpeed() {}

    /** @param arguments how many entries, rounds and accounts: 200,000, 3 and 100,000 unless given */
    public static void main(String[] arguments) {
        int entries = arguments.length == 0 ? 200_000 : Integer.parseInt(arguments[0]);
        int rounds = arguments.length < 2 ? 3 : Integer.parseInt(arguments[1]);
        int accounts = arguments.length < 3 ? ProjectionSpeed.ACCOUNTS : Integer.parseInt(arguments[2]);
        ScriptedLedger ledger = new ScriptedLedger(SHARDS);
        try (JournalTopic journal = new JournalTopic(SHARDS)) {
            ProjectionSpeed.fill(ledger, journal, entries, accounts);
            for (int round = 1; round <= rounds; round++) {
                measure(ledger, journal, round);
            }
        }
        System.exit(0);
    }

    private static void measure(ScriptedLedger ledger, JournalTopic journal, int round) {
        TestPostgres postgres = TestServices.postgres();
        PostgresSettings settings =
                PostgresSettings.of(postgres.freshDatabase(), postgres.username(), postgres.password());
        int entries = ledger.journal().size();
        CpuTime projecting = CpuTime.now();
        double projected = project(ledger, journal, settings, round);
        CpuTime start = CpuTime.now();
        List<String> phases = new ArrayList<>();
        long startNanos = System.nanoTime();
        RebuildReport report = new PostgresRebuild(
                        RebuildSettings.of(journal.kafka(), journal.topics(), ledger.router()),
                        settings,
                        PostgresRebuild.Options.DEFAULT,
                        phase -> phases.add(String.format(
                                Locale.ROOT,
                                "%s at %.1f s and %s",
                                phase,
                                seconds(startNanos),
                                CpuTime.now().since(start, entries))))
                .run(RebuildProgress.Listener.NONE);
        double rebuilt = seconds(startNanos);
        Invariant.check(report.isSwapped() && report.differences() == 0, "a right store is rebuilt as it was");
        System.out.printf(
                Locale.ROOT,
                "round %d: %d entries; projector from empty %.0f entries/s, CPU an entry: %s; rebuild, compared and swapped,"
                        + " %.0f entries/s, CPU an entry: %s (%s)%n",
                round,
                entries,
                entries / projected,
                start.since(projecting, entries),
                entries / rebuilt,
                CpuTime.now().since(start, entries),
                String.join(", ", phases));
    }

    private static double project(ScriptedLedger ledger, JournalTopic journal, PostgresSettings settings, int round) {
        try (Metrics metrics = new Metrics();
                Database database = new Database(settings);
                PostgresProjection projection = new PostgresProjection(
                        journal.kafka(),
                        journal.topics(),
                        ledger.router(),
                        settings,
                        ProjectorSettings.DEFAULT.withGroupId(journal.group() + round),
                        new Health(),
                        metrics)) {
            new SchemaMigration(database.writing()).run();
            long startNanos = System.nanoTime();
            projection.start();
            Await.until(
                    "all is written",
                    Duration.ofMinutes(10),
                    () -> database.number("SELECT coalesce(sum(sequence), 0) FROM ledger.positions")
                            == ledger.journal().size());
            return seconds(startNanos);
        }
    }

    private static double seconds(long startNanos) {
        return (System.nanoTime() - startNanos) / 1e9;
    }
}
