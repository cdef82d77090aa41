package io.pacioli.ledger.projection.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.testkit.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pages that are read one after the other: while entries arrive, when what is asked for is rare, when there are many lanes to merge. */
class PagesWhileWritingIT {
    private static final int SHARDS = 3;
    private static final int COMMANDS = 3_000;
    private static final int FIRST_RECORDS = 1_200;

    private final ProjectedLedger projected = new ProjectedLedger(SHARDS);
    private final ScriptedLedger ledger = projected.ledger();

    @AfterEach
    void close() {
        projected.close();
    }

    /** A part of a list. */
    private record Part(List<String> names, @Nullable String next) {}

    /** Reads a list in small pages while more of the journal is projected, and checks that it is what it was when the first page was read. */
    private void check(String list, BiFunction<@Nullable String, Integer, Part> page) {
        List<String> expected = page.apply(null, 10_000).names();
        assertThat(expected).as(list).hasSizeGreaterThan(8);
        List<String> read = new ArrayList<>();
        String cursor = null;
        do {
            Part part = page.apply(cursor, 1 + expected.size() / 12);
            read.addAll(part.names());
            cursor = part.next();
            projected.projectSome(2);
        } while (cursor != null);
        assertThat(read).as(list).isEqualTo(expected);
    }

    @Test
    void everyListStaysWhatItWas() {
        Workload workload = new Workload(21);
        for (int i = 0; i < COMMANDS; i++) {
            ledger.run(workload.next(ledger.nextMillis()));
        }
        projected.projectSome(FIRST_RECORDS);
        check("account", (cursor, limit) -> ofAccount("alice", PostingFilter.ANY, cursor, limit));
        check("clearing account", (cursor, limit) -> ofAccount("@clearing/1/GOLD", PostingFilter.ANY, cursor, limit));
        check(
                "asset of an account",
                (cursor, limit) ->
                        ofAccount("alice", new PostingFilter("GOLD", null, null, null, null), cursor, limit));
        check("asset", this::ofAsset);
        check(
                "journal",
                (cursor, limit) -> journal(new EntryFilter("TransferSent", null, null, null, null), cursor, limit));
        check("rejections", this::rejections);
    }

    /** Entries of a shard that lags are older than what the list has told already, or than what it has yet to tell. */
    @Test
    void whatAShardThatLagsAddsHidesAndDoublesNothing() {
        Workload workload = new Workload(22);
        for (int i = 0; i < COMMANDS; i++) {
            ledger.run(workload.next(ledger.nextMillis()));
        }
        int issuer = ledger.router().shardOf(AccountId.issuer("EUR"));
        int lagging = (issuer + 1) % SHARDS;
        for (int shard = 0; shard < SHARDS; shard++) {
            projected.projectSome(shard, shard == lagging ? 100 : 10 * COMMANDS);
        }
        checkWhile(lagging, "asset", this::ofAsset);
        checkWhile(lagging, "journal", (cursor, limit) -> journal(EntryFilter.ANY, cursor, limit));
        checkWhile(lagging, "rejections", this::rejections);
    }

    private void checkWhile(int lagging, String list, BiFunction<@Nullable String, Integer, Part> page) {
        List<String> expected = page.apply(null, 10_000).names();
        List<String> read = new ArrayList<>();
        String cursor = null;
        do {
            Part part = page.apply(cursor, 1 + expected.size() / 12);
            read.addAll(part.names());
            cursor = part.next();
            projected.projectSome(lagging, 20);
        } while (cursor != null);
        assertThat(read).as(list).doesNotHaveDuplicates();
        List<String> added = new ArrayList<>(read);
        added.removeAll(Set.copyOf(expected));
        assertThat(added)
                .as(list)
                .isNotEmpty()
                .allSatisfy(name -> assertThat(name).startsWith(lagging + ":"));
        read.retainAll(Set.copyOf(expected));
        assertThat(read).as(list).isEqualTo(expected);
    }

    private Part ofAccount(String account, PostingFilter filter, @Nullable String cursor, int limit) {
        History.AccountEntries page = projected
                .postings()
                .ofAccount(
                        account,
                        filter,
                        Asked.ALL,
                        cursor == null ? null : Cursor.InTime.parse(Cursor.Kind.ACCOUNT, cursor),
                        limit)
                .present();
        return new Part(names(page.entries()), page.nextCursor());
    }

    private Part ofAsset(@Nullable String cursor, int limit) {
        Cursor.InAsset from = cursor == null ? null : Cursor.InAsset.parse(cursor);
        History.AssetEntries page = projected
                .postings()
                .ofAsset("EUR", PostingFilter.ANY, Asked.ALL, from, limit)
                .present();
        return new Part(names(page.entries()), page.nextCursor());
    }

    private Part journal(EntryFilter filter, @Nullable String cursor, int limit) {
        Cursor.InTime from = cursor == null ? null : Cursor.InTime.parse(Cursor.Kind.JOURNAL, cursor);
        History.JournalEntries page =
                projected.entries().page(filter, Asked.ALL, from, limit).present();
        return new Part(
                page.entries().stream()
                        .map(entry -> entry.position().toString())
                        .toList(),
                page.nextCursor());
    }

    private Part rejections(@Nullable String cursor, int limit) {
        Cursor.InTime from = cursor == null ? null : Cursor.InTime.parse(Cursor.Kind.REJECTIONS, cursor);
        History.Rejections page = projected
                .rejections()
                .page(RejectionPages.Filter.ANY, Asked.ALL, from, limit)
                .present();
        return new Part(
                page.rejections().stream()
                        .map(rejection -> rejection.position().toString())
                        .toList(),
                page.nextCursor());
    }

    private static List<String> names(List<History.PostedEntry> entries) {
        return entries.stream()
                .map(entry -> entry.position() + " " + entry.account() + " " + entry.version())
                .toList();
    }

    /** Pages are short or empty then, and all of them together tell everything. */
    @Test
    void whatIsRareIsFoundPageByPage() {
        String payer = ledger.accountOn(0, "payer");
        String near = ledger.accountOn(0, "near");
        ledger.define("GOLD", payer, 1_000_000);
        ledger.run(ScriptedLedger.hold("first", "GOLD", payer, 1));
        for (int i = 0; i < 3 * Page.READ_MAX; i++) {
            ledger.run(ScriptedLedger.transfer("t" + i, "GOLD", payer, near, 1));
            if (i == Page.READ_MAX) {
                ledger.run(ScriptedLedger.hold("second", "GOLD", payer, 1));
            }
        }
        projected.project();
        List<String> found = new ArrayList<>();
        String cursor = null;
        int pages = 0;
        int empty = 0;
        do {
            Part part = ofAccount(payer, PostingFilter.ofEntries("HoldPlaced", null), cursor, 10);
            found.addAll(part.names());
            empty += part.names().isEmpty() ? 1 : 0;
            cursor = part.next();
            pages++;
        } while (cursor != null);
        assertThat(found).hasSize(4).doesNotHaveDuplicates();
        assertThat(empty).isPositive();
        assertThat(pages).isEqualTo(4);
        Part mints = journal(new EntryFilter(null, "mint", null, null, null), null, 10);
        assertThat(mints.names()).isEmpty();
        assertThat(mints.next()).isNotNull();
    }

    /** More assets, and so more lanes, than a page has entries. */
    @Test
    void anAccountWithManyAssetsIsToldInOrder() {
        String payer = ledger.accountOn(0, "payer");
        String near = ledger.accountOn(0, "near");
        int assets = 40;
        for (int i = 0; i < assets; i++) {
            ledger.define("A" + i, payer, 1_000);
        }
        for (int i = 0; i < 4 * assets; i++) {
            ledger.run(ScriptedLedger.transfer("t" + i, "A" + (i * i) % assets, payer, near, 1));
        }
        projected.project();
        List<String> expected = new JournalModel(ledger.journal())
                .ofAccount(posted -> posted.posting().account().equals(payer));
        for (int limit : List.of(1, 2, 7, 60, 500)) {
            List<String> found = new ArrayList<>();
            String cursor = null;
            do {
                Part part = ofAccount(payer, PostingFilter.ANY, cursor, limit);
                assertThat(part.names()).hasSizeBetween(1, limit);
                found.addAll(part.names());
                cursor = part.next();
            } while (cursor != null);
            assertThat(found).as("limit=%s", limit).isEqualTo(expected);
        }
    }
}
