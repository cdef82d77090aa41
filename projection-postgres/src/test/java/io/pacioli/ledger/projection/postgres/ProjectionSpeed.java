package io.pacioli.ledger.projection.postgres;

import io.pacioli.ledger.service.Health;
import io.pacioli.ledger.service.Metrics;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Prints how many entries a second the projector writes from a full journal. Run by hand, not by the build: the figure depends on
 * what else the machine does.
 */
public final class ProjectionSpeed {
    private static final int SHARDS = 6;
    static final int ACCOUNTS = 100_000;
    private static final int CHUNK = 5_000;

    private ProjectionSpeed() {}

    /** @param arguments how many entries, 200,000 unless given, and how many rounds, 3 unless given */
    public static void main(String[] arguments) {
        int entries = arguments.length == 0 ? 200_000 : Integer.parseInt(arguments[0]);
        int rounds = arguments.length < 2 ? 3 : Integer.parseInt(arguments[1]);
        ScriptedLedger ledger = new ScriptedLedger(SHARDS);
        try (JournalTopic journal = new JournalTopic(SHARDS)) {
            fill(ledger, journal, entries, ACCOUNTS);
            for (int round = 1; round <= rounds; round++) {
                measure(ledger, journal, round);
            }
        }
        System.exit(0);
    }

    /** Credits a quarter of the accounts, then moves money from these to any: most transfers cross shards. */
    static void fill(ScriptedLedger ledger, JournalTopic journal, int entries, int accounts) {
        Random random = new Random(1);
        ledger.define("GOLD", "treasury{0}", 1_000_000_000_000L);
        for (int number = 0; ledger.journal().size() < entries; number++) {
            boolean credit = number < accounts / 4;
            String from = credit ? "treasury{0}" : "user-" + random.nextInt(accounts / 4);
            String to = "user-" + (credit ? number : random.nextInt(accounts));
            ledger.run(ScriptedLedger.transfer(
                    id(random), "GOLD", from, to, credit ? 1_000_000 : 1 + random.nextInt(100)));
            if (number % CHUNK == 0) {
                journal.write(ledger);
            }
        }
        journal.write(ledger);
    }

    /** As long as a UUID of version 7, and as nearly in order. */
    private static String id(Random random) {
        String time = String.format(Locale.ROOT, "%012x", System.currentTimeMillis());
        return time.substring(0, 8) + "-" + time.substring(8)
                + String.format(
                        Locale.ROOT,
                        "-7%03x-8%03x-%012x",
                        random.nextInt(4096),
                        random.nextInt(4096),
                        random.nextLong() & 0xFFFF_FFFF_FFFFL);
    }

    private static void measure(ScriptedLedger ledger, JournalTopic journal, int round) {
        Health health = new Health();
        PostgresSettings settings = Database.fresh();
        try (Metrics metrics = new Metrics();
                Database database = new Database(settings);
                PostgresProjection projection = new PostgresProjection(
                        journal.kafka(),
                        journal.topics(),
                        ledger.router(),
                        settings,
                        ProjectorSettings.DEFAULT.withGroupId(journal.group() + round),
                        health,
                        metrics)) {
            new SchemaMigration(database.writing()).run();
            long startNanos = System.nanoTime();
            CpuTime start = CpuTime.now();
            projection.start();
            Await.until(
                    "all is written",
                    Duration.ofMinutes(10),
                    () -> database.number("SELECT coalesce(sum(sequence), 0) FROM ledger.positions")
                            == ledger.journal().size());
            double seconds = (System.nanoTime() - startNanos) / 1e9;
            String used = CpuTime.now().since(start, ledger.journal().size());
            long postings = database.count("postings");
            var batches =
                    metrics.registry().get("ledger.projection.postgres.batch").timer();
            System.out.printf(
                    Locale.ROOT,
                    "round %d: %d entries, %d postings in %.2f s: %.0f entries/s, %.0f postings/s;"
                            + " %d batches, %.0f ms each in the store; CPU an entry: %s%n",
                    round,
                    ledger.journal().size(),
                    postings,
                    seconds,
                    ledger.journal().size() / seconds,
                    postings / seconds,
                    batches.count(),
                    batches.mean(TimeUnit.MILLISECONDS),
                    used);
        }
    }
}
