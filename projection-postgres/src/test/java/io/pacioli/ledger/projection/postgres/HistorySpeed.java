package io.pacioli.ledger.projection.postgres;

import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.embedded.EmbeddedPostgres;
import io.pacioli.ledger.embedded.ServerConfig;
import io.pacioli.ledger.projection.postgres.schema.enums.Grain;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Prints how long questions about a long history take, each with all the statements that it needs, and the CPU that they use. Run by hand, not by the build: the
 * figures depend on the machine and on what else it does.
 */
public final class HistorySpeed {
    private static final int WARM_UP = 30;
    private static final int ROUNDS = 300;
    private static final int REPORT_ROUNDS = 3;
    private static final int USERS = 200_000;
    private static final int LIMIT = 50;

    private final SkewedHistory history;
    private final int rounds;
    private final PostingPages postings;
    private final EntryPages entries;
    private final CommandQueries commands;
    private final RejectionPages rejections;
    private final BalanceQueries balances;
    private final StatementQueries statements;
    private final ReportQueries reports;
    private final Random random = new Random(1);
    private final Instant start = Instant.parse("2025-01-02T00:00:00Z");
    private final Instant end = Instant.parse("2026-12-31T00:00:00Z");

    private HistorySpeed(SkewedHistory history, Database database, int rounds) {
        this.history = history;
        this.rounds = rounds;
        Snapshots snapshots = new Snapshots(database.reading());
        Shards shards = new Shards(history.router());
        postings = new PostingPages(snapshots, shards);
        entries = new EntryPages(snapshots, shards);
        commands = new CommandQueries(snapshots, shards);
        rejections = new RejectionPages(snapshots, shards);
        balances = new BalanceQueries(snapshots, shards);
        statements = new StatementQueries(snapshots, shards);
        reports = new ReportQueries(snapshots, shards);
    }

    /**
     * @param arguments how many entries, 10,000,000 unless given, and the directory of the server's data, which is filled when it is
     *     empty and kept; a temporary one unless given
     */
    public static void main(String[] arguments) {
        long entries = arguments.length == 0 ? 10_000_000 : Long.parseLong(arguments[0]);
        ServerConfig config = arguments.length < 2 ? ServerConfig.fresh() : ServerConfig.in(Path.of(arguments[1]));
        ServerConfig tuned = config.withSetting("shared_buffers", "1GB")
                .withSetting("maintenance_work_mem", "1GB")
                .withSetting("work_mem", "256MB")
                .withSetting("synchronous_commit", "off")
                .withSetting("max_wal_size", "8GB");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(tuned);
                Database database = new Database(
                        PostgresSettings.of(postgres.jdbcUrl(), postgres.username(), postgres.password()))) {
            SkewedHistory history = new SkewedHistory(database, entries, USERS);
            if (database.fetch("SELECT to_regclass('ledger.positions') AS table_name")
                            .getFirst()
                            .get(0)
                    == null) {
                long startNanos = System.nanoTime();
                new SchemaMigration(database.writing()).run();
                history.fill();
                history.analyze();
                System.out.printf(
                        "filled in %d s%n",
                        Duration.ofNanos(System.nanoTime() - startNanos).toSeconds());
            }
            System.out.printf(
                    Locale.ROOT,
                    "%,d entries, %,d postings, %,d holdings; %s%n",
                    database.count("entries"),
                    database.count("postings"),
                    database.count("balances"),
                    database.fetch("SELECT pg_size_pretty(pg_database_size(current_database())) AS size")
                            .getFirst()
                            .get(0));
            new HistorySpeed(history, database, WARM_UP).measure();
            System.out.printf("%n%-62s %9s %9s %9s %9s   ms%n", "", "CPU", "p50", "p99", "max");
            new HistorySpeed(history, database, ROUNDS).measure();
        }
        System.exit(0);
    }

    private void measure() {
        ofAccounts();
        ofAssets();
        journal();
        ofCommands();
        asOf();
        time("statement of 1,000 lines", () -> {
            Instant from = anyTime();
            return statements.statement(history.hot(), "GOLD", new Asked(from, from.plus(Duration.ofMinutes(400))));
        });
        time("report of an asset, 30 days", () -> reports.activity("GOLD", Grain.day, lately(30)));
        time("report of an asset, 1,000 hours", () -> reports.activity("GOLD", Grain.hour, lately(41)));
        time("report of rejections, 1,000 hours", () -> reports.rejections(Grain.hour, null, lately(41)));
        time("trial balance now", REPORT_ROUNDS, () -> reports.trialBalance(null));
        time(
                "trial balance as of an hour ago",
                REPORT_ROUNDS,
                () -> reports.trialBalance(new AsOf.Time(Instant.parse("2026-12-31T23:00:00Z"))));
        time(
                "trial balance as of half the time ago",
                REPORT_ROUNDS,
                () -> reports.trialBalance(new AsOf.Time(Instant.parse("2026-01-01T00:00:00Z"))));
    }

    private void ofAccounts() {
        for (String account : new String[] {history.hot(), null}) {
            String name = account == null ? "account, any: " : "account, hot: ";
            String clearing = "@clearing/1/GOLD";
            page(name + "first page", account, PostingFilter.ANY, false);
            page(name + "deep page", account, PostingFilter.ANY, true);
            page(name + "asset, deep", account, new PostingFilter("GOLD", null, null, null, null), true);
            page(name + "rare asset", account, new PostingFilter("RARE", null, null, null, null), false);
            page(name + "bucket", account, new PostingFilter(null, Bucket.AVAILABLE, null, null, null), true);
            page(name + "bucket never used", account, new PostingFilter(null, Bucket.HELD, null, null, null), false);
            page(name + "type, common, deep", account, PostingFilter.ofEntries("TransferPosted", null), true);
            page(name + "type, rare", account, PostingFilter.ofEntries(SkewedHistory.RARE_TYPE, null), false);
            page(name + "kind, rare, deep", account, PostingFilter.ofEntries(null, SkewedHistory.RARE_KIND), true);
            page(name + "counterparty", account, new PostingFilter(null, null, "?", null, null), false);
            page(
                    name + "counterparty, asset, rare type",
                    account,
                    new PostingFilter("GOLD", null, "?", SkewedHistory.RARE_TYPE, null),
                    false);
            if (account == null) {
                page("account, clearing: first page", clearing, PostingFilter.ANY, false);
                page("account, clearing: deep page", clearing, PostingFilter.ANY, true);
                page("account, clearing: counterparty", clearing, new PostingFilter(null, null, "?", null, null), true);
            }
        }
        time("account, hot: from and to", () -> {
            Instant from = anyTime();
            return postings.ofAccount(
                    history.hot(), PostingFilter.ANY, new Asked(from, from.plus(Duration.ofDays(30))), null, LIMIT);
        });
        time(
                "account, hot: first page of 500",
                () -> postings.ofAccount(history.hot(), PostingFilter.ANY, Asked.ALL, null, 500));
    }

    private void page(String name, @Nullable String account, PostingFilter filter, boolean isDeep) {
        time(
                name,
                () -> postings.ofAccount(
                        account == null ? anyUser() : account,
                        "?".equals(filter.counterparty())
                                ? new PostingFilter(
                                        filter.asset(), filter.bucket(), anyUser(), filter.type(), filter.kind())
                                : filter,
                        Asked.ALL,
                        isDeep
                                ? new Cursor.InTime(
                                        Cursor.Kind.ACCOUNT, anyTime().toEpochMilli(), 3, 1_000)
                                : null,
                        LIMIT));
    }

    private void ofAssets() {
        for (String asset : List.of("GOLD", "SILVER", "RARE")) {
            time(
                    "asset " + asset + ": first page",
                    () -> postings.ofAsset(asset, PostingFilter.ANY, Asked.ALL, null, LIMIT));
            time(
                    "asset " + asset + ": deep page",
                    () -> postings.ofAsset(asset, PostingFilter.ANY, Asked.ALL, inAsset(), LIMIT));
        }
        time(
                "asset GOLD: rare type, deep",
                () -> postings.ofAsset(
                        "GOLD", PostingFilter.ofEntries(SkewedHistory.RARE_TYPE, null), Asked.ALL, inAsset(), LIMIT));
    }

    private Cursor.InAsset inAsset() {
        return new Cursor.InAsset(anyTime().toEpochMilli(), 3, 1_000, "user", 1);
    }

    private void journal() {
        journal("journal: first page", EntryFilter.ANY, false);
        journal("journal: deep page", EntryFilter.ANY, true);
        journal("journal: type, common, deep", new EntryFilter("TransferSent", null, null, null, null), true);
        journal("journal: type, rare", new EntryFilter(SkewedHistory.RARE_TYPE, null, null, null, null), false);
        journal("journal: kind, common", new EntryFilter(null, "transfer", null, null, null), false);
        journal("journal: kind, rare, deep", new EntryFilter(null, SkewedHistory.RARE_KIND, null, null, null), true);
        journal(
                "journal: metadata, common, deep",
                new EntryFilter(null, null, null, null, SkewedHistory.COMMON_MEMBER),
                true);
        journal("journal: metadata, rare", new EntryFilter(null, null, null, null, SkewedHistory.RARE_MEMBER), false);
        journal(
                "journal: metadata, common, rare type",
                new EntryFilter(SkewedHistory.RARE_TYPE, null, null, null, SkewedHistory.COMMON_MEMBER),
                true);
        time(
                "journal: command",
                () -> entries.page(new EntryFilter(null, null, anyCommand(), null, null), Asked.ALL, null, LIMIT));
        time(
                "journal: reference",
                () -> entries.page(new EntryFilter(null, null, null, anyCommand(), null), Asked.ALL, null, LIMIT));
        time("journal: entry at a position", () -> entries.at(anyPosition(random.nextInt(6))));
    }

    private void journal(String name, EntryFilter filter, boolean isDeep) {
        time(
                name,
                () -> entries.page(
                        filter,
                        Asked.ALL,
                        isDeep
                                ? new Cursor.InTime(
                                        Cursor.Kind.JOURNAL, anyTime().toEpochMilli(), 3, 1_000)
                                : null,
                        LIMIT));
    }

    private void ofCommands() {
        time("transfer", () -> commands.transfer(anyCommand()));
        time("command", () -> commands.command(anyCommand()));
        rejected("rejections: first page", RejectionPages.Filter.ANY, false);
        rejected("rejections: deep page", RejectionPages.Filter.ANY, true);
        rejected("rejections: code, rare", new RejectionPages.Filter(SkewedHistory.RARE_CODE, null), false);
        rejected("rejections: code, common, deep", new RejectionPages.Filter("INSUFFICIENT_FUNDS", null), true);
        time(
                "rejections: account",
                () -> rejections.page(new RejectionPages.Filter(null, anyUser()), Asked.ALL, null, LIMIT));
        time(
                "rejections: account and code",
                () -> rejections.page(
                        new RejectionPages.Filter("INSUFFICIENT_FUNDS", anyUser()), Asked.ALL, null, LIMIT));
    }

    private void rejected(String name, RejectionPages.Filter filter, boolean isDeep) {
        time(
                name,
                () -> rejections.page(
                        filter,
                        Asked.ALL,
                        isDeep
                                ? new Cursor.InTime(
                                        Cursor.Kind.REJECTIONS, anyTime().toEpochMilli(), 3, 1_000)
                                : null,
                        LIMIT));
    }

    private void asOf() {
        time("balances of hot as of a time", () -> balances.ofAccount(history.hot(), anyAsOf(), null, 50));
        time("balances of any account as of a time", () -> balances.ofAccount(anyUser(), anyAsOf(), null, 50));
        time(
                "balances of a clearing account as of a time",
                () -> balances.ofAccount("@clearing/1/GOLD", anyAsOf(), null, 50));
        time(
                "balances of hot as of a position",
                () -> balances.ofAccount(history.hot(), new AsOf.Places(List.of(anyPosition(0))), null, 50));
        time("balances of all as of a time: first page", () -> balances.ofAll(anyAsOf(), null, false, null, LIMIT));
        time(
                "balances of all as of a time: deep page",
                () -> balances.ofAll(anyAsOf(), null, false, new Cursor.InHoldings(anyUser(), "GOLD", 3), LIMIT));
        time(
                "balances of all as of an early time: deep page",
                () -> balances.ofAll(
                        new AsOf.Time(start), null, false, new Cursor.InHoldings(anyUser(), "GOLD", 3), LIMIT));
        time(
                "balances of all as of positions: deep page",
                () -> balances.ofAll(
                        new AsOf.Places(List.of(0, 1, 2, 3, 4, 5).stream()
                                .map(this::anyPosition)
                                .toList()),
                        null,
                        false,
                        new Cursor.InHoldings(anyUser(), "GOLD", 3),
                        LIMIT));
        time("balances of all, rare asset, as of a time", () -> balances.ofAll(anyAsOf(), "RARE", false, null, LIMIT));
        time(
                "balances of all, with the ledger's own, as of a time",
                () -> balances.ofAll(anyAsOf(), null, true, null, LIMIT));
    }

    private AsOf anyAsOf() {
        return new AsOf.Time(anyTime());
    }

    private Instant anyTime() {
        return start.plusMillis(random.nextLong(Duration.between(start, end).toMillis()));
    }

    private Asked lately(int days) {
        Instant from = anyTime();
        return new Asked(from, from.plus(Duration.ofDays(days)));
    }

    private String anyUser() {
        return history.user(random.nextInt(USERS), random.nextInt(SkewedHistory.SHARDS));
    }

    private String anyCommand() {
        return history.command(random.nextLong(history.moves()));
    }

    private Position anyPosition(int shard) {
        return new Position(shard, 1 + random.nextLong(history.moves() / SkewedHistory.SHARDS));
    }

    private void time(String name, Supplier<? extends Found<?>> question) {
        time(name, rounds, question);
    }

    private static void time(String name, int rounds, Supplier<? extends Found<?>> question) {
        double[] millis = new double[rounds];
        double startCpu = cpuMillis();
        for (int i = 0; i < rounds; i++) {
            long startNanos = System.nanoTime();
            check(question.get());
            millis[i] = (System.nanoTime() - startNanos) / 1e6;
        }
        double cpu = (cpuMillis() - startCpu) / rounds;
        Arrays.sort(millis);
        System.out.printf(
                Locale.ROOT,
                "%-62s %9.2f %9.2f %9.2f %9.2f%n",
                name,
                cpu,
                millis[rounds / 2],
                millis[rounds * 99 / 100],
                millis[rounds - 1]);
    }

    /** What this JVM and the server have used, in ms: steadier than time on a busy machine. */
    private static double cpuMillis() {
        ProcessHandle own = ProcessHandle.current();
        return Stream.concat(Stream.of(own), own.descendants())
                        .mapToLong(process -> process.info()
                                .totalCpuDuration()
                                .orElse(Duration.ZERO)
                                .toNanos())
                        .sum()
                / 1e6;
    }

    private static void check(Found<?> found) {
        if (found.asOf().isEmpty()) {
            throw new IllegalStateException("an answer must say what it is true for");
        }
    }
}
