package io.pacioli.ledger.projection.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jooq.impl.DSL.condition;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.val;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.projection.postgres.schema.enums.Grain;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Param;
import org.jooq.Query;
import org.jooq.conf.ParamType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The plans of all questions on a history with much skew, each as it is executed: no table is read from end to end, and what is read,
 * left out and sorted is bounded, whether the planner has statistics or not.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlansIT {
    private static final long ENTRIES = 100_000;
    private static final int USERS = 5_000;
    private static final int ROWS = 51;
    private static final String CLEARING = "@clearing/1/GOLD";

    /** Blocks that a page may touch: a few for each of its rows, and for each lane and bucket a few in each of 25 partitions. */
    private static final int BLOCKS = 1_500;

    /** The same for questions that look through rows. */
    private static final int BLOCKS_LOOKED_THROUGH = 6 * Page.READ_MAX;

    /** Has a few thousand assets, of each very little. */
    private static final String DUST = "dust";

    private static final String DUST_POSTINGS = """
            INSERT INTO ledger.postings (at, version, sequence, shard, bucket, account, asset, counterparty, amount, balance)
            SELECT timestamptz '2025-01-02Z' + i * interval '1 hour', i, 1000000 + i, 0, 'available', 'dust', 'D' || i % 3000, 'someone', 1, 1 + i / 3000
            FROM generate_series(1, 9000) AS i""";

    private static final String DUST_BALANCES = """
            INSERT INTO ledger.balances (version, shard, account, asset, available, at)
            SELECT DISTINCT ON (asset) version, shard, account, asset, balance, at
            FROM ledger.postings WHERE account = 'dust' ORDER BY asset, at DESC""";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Span ALWAYS = new Span(Instant.EPOCH, Instant.parse("2027-01-01T00:00:00Z"));
    private static final Instant MIDDLE = Instant.parse("2026-02-17T00:00:00Z");
    private static final long MIDDLE_MILLIS = MIDDLE.toEpochMilli();

    private final Database database = Database.migrated();
    private final SkewedHistory history = new SkewedHistory(database, ENTRIES, USERS);

    @BeforeAll
    void fill() {
        history.fill();
        database.execute(DUST_POSTINGS);
        database.execute(DUST_BALANCES);
    }

    @AfterAll
    void close() {
        database.close();
    }

    @Test
    void questionsReadWhatTheyTellWithAndWithoutStatistics() throws Exception {
        checkAll("without statistics");
        history.analyze();
        checkAll("with statistics");
    }

    private void checkAll(String when) throws Exception {
        try (Connection connection = database.reading().getConnection()) {
            DSLContext sql = Dsl.of(connection);
            for (Map.Entry<String, Query> question : exact(sql).entrySet()) {
                check(question.getKey() + ", " + when, connection, question.getValue(), 0, BLOCKS);
            }
            for (Map.Entry<String, Query> question : lookingThrough(sql).entrySet()) {
                String name = question.getKey() + ", " + when;
                check(name, connection, question.getValue(), Page.READ_MAX, BLOCKS_LOOKED_THROUGH);
            }
            connection.rollback();
        }
    }

    private static void check(String question, Connection connection, Query query, long leftOutMax, long blocksMax)
            throws Exception {
        String plan = plan(connection, query);
        Work work = Work.of(JSON.readTree(plan).path(0).path("Plan"));
        assertThat(work.wholeTables()).as("%s: %s", question, plan).isEmpty();
        assertThat(work.leftOut()).as("rows left out, %s: %s", question, plan).isLessThanOrEqualTo(leftOutMax);
        assertThat(work.sorted()).as("rows sorted, %s: %s", question, plan).isLessThanOrEqualTo(Page.READ_MAX);
        assertThat(work.blocks()).as("blocks, %s: %s", question, plan).isLessThanOrEqualTo(blocksMax);
    }

    /** What a plan did. */
    private record Work(long leftOut, long sorted, long blocks, List<String> wholeTables) {
        static Work of(JsonNode node) {
            Work work = new Work(0, 0, 0, List.of());
            double loops = node.path("Actual Loops").asDouble();
            if (loops > 0) {
                String type = node.path("Node Type").asText();
                boolean isWhole = type.equals("Seq Scan") || type.startsWith("Bitmap") || type.startsWith("Hash");
                work = new Work(
                        Math.round(loops
                                * (node.path("Rows Removed by Filter").asDouble()
                                        + node.path("Rows Removed by Index Recheck")
                                                .asDouble())),
                        type.contains("Sort") ? rows(node.path("Plans").path(0)) : 0,
                        node.path("Shared Hit Blocks").asLong()
                                + node.path("Shared Read Blocks").asLong(),
                        isWhole
                                ? List.of(
                                        type + " " + node.path("Relation Name").asText())
                                : List.of());
            }
            for (JsonNode part : node.path("Plans")) {
                work = work.and(of(part));
            }
            return work;
        }

        private static long rows(JsonNode node) {
            return Math.round(node.path("Actual Rows").asDouble()
                    * node.path("Actual Loops").asDouble());
        }

        private Work and(Work part) {
            List<String> tables = new ArrayList<>(wholeTables);
            tables.addAll(part.wholeTables);
            return new Work(
                    leftOut + part.leftOut, Math.max(sorted, part.sorted), Math.max(blocks, part.blocks), tables);
        }
    }

    /** The plan that is kept for any values, and what it does for these. */
    private static String plan(Connection connection, Query query) throws SQLException {
        String text = query.getSQL(ParamType.INDEXED);
        for (int number = 1; text.contains("?"); number++) {
            text = text.replaceFirst("\\?", Matcher.quoteReplacement("$" + number));
        }
        String values = query.getParams().values().stream()
                .map(value -> literal(connection, value))
                .collect(Collectors.joining(", ", "(", ")"));
        try (Statement statement = connection.createStatement()) {
            statement.execute("PREPARE question AS " + text);
            try (ResultSet plan =
                    statement.executeQuery("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE question" + values)) {
                plan.next();
                return plan.getString(1);
            } finally {
                statement.execute("DEALLOCATE question");
            }
        }
    }

    private static String literal(Connection connection, Param<?> value) {
        return Dsl.of(connection).renderInlined(inline(value));
    }

    private static Query ofLanes(DSLContext sql, String account, PostingFilter filter, Cursor.@Nullable InTime cursor) {
        PostingPages.Lanes lanes = PostingPages.Lanes.of(new Snapshot(sql, null), account, filter);
        return PostingPages.ofLanes(sql, lanes, filter, ALWAYS, cursor, ROWS);
    }

    private static Query ofAsset(DSLContext sql, String asset, PostingFilter filter, Cursor.@Nullable InAsset cursor) {
        return PostingPages.ofAsset(sql, asset, filter, ALWAYS, cursor, ROWS);
    }

    private static Query journal(DSLContext sql, EntryFilter filter, Cursor.@Nullable InTime cursor) {
        return EntryPages.read(sql, filter, ALWAYS, cursor, ROWS);
    }

    private static Query rejections(DSLContext sql, RejectionPages.Filter filter) {
        return RejectionPages.read(sql, filter, ALWAYS, null, ROWS);
    }

    private static Query balances(DSLContext sql, Condition condition, Instant then) {
        return BalanceQueries.page(sql, condition, Boundary.before(then), ROWS);
    }

    /** Questions that an index answers. */
    private Map<String, Query> exact(DSLContext sql) {
        Map<String, Query> queries = new LinkedHashMap<>();
        for (String account : List.of(history.hot(), history.user(7, 1), CLEARING)) {
            ofAccount(sql, account, null, queries);
            ofAccount(sql, account, new Cursor.InTime(Cursor.Kind.ACCOUNT, MIDDLE_MILLIS, 0, 7), queries);
            queries.put(
                    account + ", lines of a statement",
                    PostingPages.ofStatement(
                            sql, account, "GOLD", new Span(MIDDLE, MIDDLE.plus(Duration.ofHours(12))), 1_000));
        }
        for (String account : List.of(history.hot(), history.user(7, 1))) {
            queries.put(
                    account + " as of then",
                    BalanceQueries.holdings(sql, condition("account = {0}", val(account)), Boundary.before(MIDDLE)));
        }
        for (String asset : List.of("GOLD", "SILVER", SkewedHistory.RARE_ASSET, "NONE")) {
            queries.put(asset, ofAsset(sql, asset, PostingFilter.ANY, null));
            Cursor.InAsset deep = new Cursor.InAsset(MIDDLE_MILLIS, 3, 9, "user", 1);
            queries.put(asset + " deep", ofAsset(sql, asset, PostingFilter.ANY, deep));
        }
        for (EntryFilter filter : List.of(
                EntryFilter.ANY,
                new EntryFilter("TransferSent", null, null, null, null),
                new EntryFilter(SkewedHistory.RARE_TYPE, null, null, null, null),
                new EntryFilter("HoldExpired", null, null, null, null),
                new EntryFilter(null, null, null, history.command(43), null),
                new EntryFilter(null, null, null, null, SkewedHistory.COMMON_MEMBER),
                new EntryFilter(null, null, null, null, SkewedHistory.RARE_MEMBER))) {
            queries.put("journal " + filter, journal(sql, filter, null));
            Cursor.InTime deep = new Cursor.InTime(Cursor.Kind.JOURNAL, MIDDLE_MILLIS, 2, 9);
            queries.put("journal deep " + filter, journal(sql, filter, deep));
        }
        for (RejectionPages.Filter filter : List.of(
                RejectionPages.Filter.ANY,
                new RejectionPages.Filter(SkewedHistory.RARE_CODE, null),
                new RejectionPages.Filter("INSUFFICIENT_FUNDS", null),
                new RejectionPages.Filter(null, history.user(11, 2)))) {
            queries.put("rejections " + filter, rejections(sql, filter));
        }
        for (Cursor.InTime cursor :
                new Cursor.InTime[] {null, new Cursor.InTime(Cursor.Kind.ACCOUNT, MIDDLE_MILLIS, 0, 7)}) {
            queries.put("many assets " + cursor, ofLanes(sql, DUST, PostingFilter.ANY, cursor));
        }
        queries.put("entry", EntryPages.entry(sql, new Position(3, 77)));
        queries.put(
                "postings of entries",
                EntryPages.postings(
                        sql,
                        EntryPages.read(sql, EntryFilter.ANY, ALWAYS, null, ROWS)
                                .fetch()));
        queries.put("entries of a command", CommandQueries.ofCommand(sql, history.command(5), condition("true"), 100));
        queries.put("supplies", ReportQueries.supplies(sql, "GOLD", List.of(MIDDLE, MIDDLE.plus(Duration.ofDays(1)))));
        Condition rare = condition("account >= {0} AND asset = {1}", val("A"), val(SkewedHistory.RARE_ASSET));
        queries.put("balances of then, rare asset", balances(sql, rare, ALWAYS.to()));
        return queries;
    }

    private void ofAccount(DSLContext sql, String account, Cursor.@Nullable InTime cursor, Map<String, Query> queries) {
        List<PostingFilter> filters = new ArrayList<>(List.of(
                PostingFilter.ANY,
                new PostingFilter("GOLD", null, null, null, null),
                new PostingFilter(SkewedHistory.RARE_ASSET, null, null, null, null),
                new PostingFilter(null, Bucket.AVAILABLE, null, null, null),
                new PostingFilter(null, Bucket.HELD, null, null, null),
                new PostingFilter("GOLD", Bucket.AVAILABLE, null, null, null)));
        if (!account.equals(CLEARING)) {
            filters.add(new PostingFilter(null, null, history.user(3, 0), null, null));
            filters.add(new PostingFilter(null, null, history.hot(), null, null));
        }
        for (PostingFilter filter : filters) {
            queries.put(account + " " + filter + " " + cursor, ofLanes(sql, account, filter, cursor));
        }
    }

    /** Questions that rows are looked through for, up to a bound. */
    private Map<String, Query> lookingThrough(DSLContext sql) {
        Map<String, Query> queries = new LinkedHashMap<>();
        for (String account : List.of(history.hot(), CLEARING)) {
            for (PostingFilter filter : List.of(
                    PostingFilter.ofEntries(SkewedHistory.RARE_TYPE, null),
                    PostingFilter.ofEntries("HoldExpired", null),
                    PostingFilter.ofEntries("TransferPosted", null),
                    PostingFilter.ofEntries(null, SkewedHistory.RARE_KIND),
                    new PostingFilter("GOLD", null, history.user(3, 0), null, null))) {
                queries.put(account + " " + filter, ofLanes(sql, account, filter, null));
            }
        }
        PostingFilter rareType = PostingFilter.ofEntries(SkewedHistory.RARE_TYPE, null);
        queries.put("rare type of an asset", ofAsset(sql, "GOLD", rareType, null));
        for (EntryFilter filter : List.of(
                new EntryFilter(null, SkewedHistory.RARE_KIND, null, null, null),
                new EntryFilter(null, "capture", null, null, null),
                new EntryFilter(SkewedHistory.RARE_TYPE, null, null, null, SkewedHistory.COMMON_MEMBER),
                new EntryFilter("TransferPosted", SkewedHistory.RARE_KIND, null, null, null),
                new EntryFilter(null, null, history.command(77), null, null))) {
            queries.put("journal " + filter, journal(sql, filter, null));
        }
        queries.put(
                "rejections of an account with a code",
                rejections(sql, new RejectionPages.Filter(SkewedHistory.RARE_CODE, history.user(11, 2))));
        queries.put(
                "bucket of many assets",
                ofLanes(sql, DUST, new PostingFilter(null, Bucket.HELD, null, null, null), null));
        queries.put(
                "many assets as of then",
                BalanceQueries.page(sql, condition("account = {0}", val(DUST)), Boundary.before(MIDDLE), ROWS));
        queries.put("reversals", CommandQueries.reversalSteps(sql, history.command(43), "nobody"));
        // Each bucket of a holding is looked for in each month since.
        queries.put("balances of then", balances(sql, condition("account >= {0}", val("A")), MIDDLE));
        queries.put(
                "balances of long ago",
                balances(sql, condition("account >= {0}", val("A")), Instant.parse("2025-01-02T00:00:00Z")));
        queries.put(
                "a clearing account as of then",
                BalanceQueries.holdings(sql, condition("account = {0}", val(CLEARING)), Boundary.before(MIDDLE)));
        Periods days = Periods.of(Grain.day, new Asked(MIDDLE, MIDDLE.plus(Duration.ofDays(40))), MIDDLE);
        queries.put("figures", ReportQueries.figures(sql, "GOLD", days));
        queries.put("counts", ReportQueries.counts(sql, List.of("ACCOUNT_CLOSED", "INSUFFICIENT_FUNDS"), days));
        return queries;
    }
}
