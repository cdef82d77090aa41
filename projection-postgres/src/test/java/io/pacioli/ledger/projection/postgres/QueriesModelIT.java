package io.pacioli.ledger.projection.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.core.Posting;
import io.pacioli.ledger.core.TransferTerms;
import io.pacioli.ledger.projection.postgres.JournalModel.Posted;
import io.pacioli.ledger.projection.postgres.schema.enums.Grain;
import io.pacioli.ledger.service.ProblemException;
import io.pacioli.ledger.testkit.workload.Workload;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Every question about a journal of everything that the ledger does, over some months, against a model that looks through all of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QueriesModelIT {
    private static final int SHARDS = 3;
    private static final int COMMANDS = 2_000;
    private static final int QUESTIONS = 120;
    private static final long SEED = 11;
    private static final long PAUSE_MILLIS_MAX = Duration.ofHours(60).toMillis();

    private final ProjectedLedger projected = new ProjectedLedger(SHARDS);
    private final ScriptedLedger ledger = projected.ledger();
    private final Random random = new Random(SEED);
    private JournalModel model = new JournalModel(List.of());
    private List<Posted> postings = List.of();

    @BeforeAll
    void fill() {
        Workload workload = new Workload(SEED);
        for (int i = 0; i < COMMANDS; i++) {
            if (random.nextInt(20) == 0) {
                ledger.pass(random.nextLong(PAUSE_MILLIS_MAX));
            }
            ledger.runWithoutTransit(workload.next(ledger.nextMillis()));
            while (random.nextInt(3) > 0 && ledger.deliverOneTransit()) {
                ledger.pass(random.nextInt(3));
            }
        }
        projected.project();
        model = new JournalModel(ledger.journal());
        postings = model.postings();
        assertThat(projected
                        .database()
                        .number("SELECT count(*) FROM ledger.v_partitions WHERE table_name = 'postings'"))
                .isGreaterThan(3);
    }

    @AfterAll
    void close() {
        projected.close();
    }

    private <T> T any(List<T> several) {
        return several.get(random.nextInt(several.size()));
    }

    /** One of several, or null as often as not. */
    private <T> @Nullable T maybe(List<T> several) {
        return several.isEmpty() || random.nextBoolean() ? null : any(several);
    }

    private static <T> List<T> known(@Nullable T one) {
        return one == null ? List.of() : List.of(one);
    }

    private Entry anyEntry() {
        return any(model.entries());
    }

    private static Instant at(Entry entry) {
        return Instant.ofEpochMilli(entry.atMillis());
    }

    private Asked anyTime() {
        Instant one = at(anyEntry());
        Instant other = at(anyEntry());
        Instant from = random.nextInt(3) > 0 ? null : one.isBefore(other) ? one : other;
        Instant to = random.nextInt(3) > 0 ? null : (one.isBefore(other) ? other : one).plusMillis(1);
        return new Asked(from, to);
    }

    private static boolean isIn(Asked asked, Entry entry) {
        return (asked.from() == null || !at(entry).isBefore(asked.from()))
                && (asked.to() == null || at(entry).isBefore(asked.to()));
    }

    private static boolean fits(@Nullable Object wanted, @Nullable Object value) {
        return wanted == null || wanted.equals(value);
    }

    /** Reads page after page. */
    private static <T> List<String> stitched(
            Function<@Nullable String, T> page, Function<T, List<String>> names, Function<T, @Nullable String> next) {
        List<String> all = new ArrayList<>();
        String cursor = null;
        do {
            T answer = page.apply(cursor);
            all.addAll(names.apply(answer));
            cursor = next.apply(answer);
        } while (cursor != null);
        return all;
    }

    private static String name(History.PostedEntry entry) {
        return entry.position() + " " + entry.account() + " " + entry.version();
    }

    private static Cursor.@Nullable InTime cursor(Cursor.Kind kind, @Nullable String text) {
        return text == null ? null : Cursor.InTime.parse(kind, text);
    }

    private List<String> ofAccount(String account, PostingFilter filter, Asked asked, int limit) {
        return stitched(
                text -> projected
                        .postings()
                        .ofAccount(account, filter, asked, cursor(Cursor.Kind.ACCOUNT, text), limit)
                        .present(),
                answer -> answer.entries().stream().map(QueriesModelIT::name).toList(),
                History.AccountEntries::nextCursor);
    }

    @Test
    void entriesOfAccountsByAnyFilter() {
        int found = 0;
        for (int i = 0; i < QUESTIONS; i++) {
            Posted one = any(postings);
            String account = one.posting().account();
            PostingFilter filter = new PostingFilter(
                    maybe(List.of(one.posting().asset())),
                    maybe(List.of(one.posting().bucket(), Bucket.HELD)),
                    maybe(known(one.counterparty())),
                    maybe(List.of(one.entry().event().type(), anyEntry().event().type())),
                    maybe(known(JournalModel.kind(one.entry()))));
            Asked asked = anyTime();
            List<String> expected =
                    model.ofAccount(posted -> posted.posting().account().equals(account)
                            && fits(filter.asset(), posted.posting().asset())
                            && fits(filter.bucket(), posted.posting().bucket())
                            && fits(filter.counterparty(), posted.counterparty())
                            && fits(filter.type(), posted.entry().event().type())
                            && fits(filter.kind(), JournalModel.kind(posted.entry()))
                            && isIn(asked, posted.entry()));
            int limit = 1 + random.nextInt(expected.size() < 50 ? 3 : 200);
            assertThat(ofAccount(account, filter, asked, limit))
                    .as("%s %s %s limit=%s", account, filter, asked, limit)
                    .isEqualTo(expected);
            found += expected.size();
        }
        assertThat(found).isGreaterThan(QUESTIONS);
    }

    @Test
    void entriesOfAssetsByAnyFilter() {
        for (int i = 0; i < QUESTIONS; i++) {
            Posted one = any(postings);
            String asset = one.posting().asset();
            PostingFilter filter = PostingFilter.ofEntries(
                    maybe(List.of(one.entry().event().type())), maybe(known(JournalModel.kind(one.entry()))));
            Asked asked = anyTime();
            int limit = 20 + random.nextInt(300);
            List<String> found = stitched(
                    text -> projected
                            .postings()
                            .ofAsset(asset, filter, asked, text == null ? null : Cursor.InAsset.parse(text), limit)
                            .present(),
                    answer ->
                            answer.entries().stream().map(QueriesModelIT::name).toList(),
                    History.AssetEntries::nextCursor);
            assertThat(found)
                    .as("%s %s %s limit=%s", asset, filter, asked, limit)
                    .isEqualTo(model.ofAsset(posted -> posted.posting().asset().equals(asset)
                            && fits(filter.type(), posted.entry().event().type())
                            && fits(filter.kind(), JournalModel.kind(posted.entry()))
                            && isIn(asked, posted.entry())));
        }
    }

    @Test
    void aPostingIsToldAsItIsInTheJournal() {
        for (int i = 0; i < QUESTIONS; i++) {
            Posted one = any(postings);
            Posting posting = one.posting();
            Asked asked = new Asked(at(one.entry()), at(one.entry()).plusMillis(1));
            PostingFilter filter = new PostingFilter(posting.asset(), posting.bucket(), null, null, null);
            History.PostedEntry told =
                    projected
                            .postings()
                            .ofAccount(posting.account(), filter, asked, null, 500)
                            .present()
                            .entries()
                            .stream()
                            .filter(entry -> name(entry).equals(one.name()))
                            .findFirst()
                            .orElseThrow();
            assertThat(told.amount()).isEqualTo(posting.amount());
            assertThat(told.balance()).isEqualTo(posting.balance());
            assertThat(told.at()).isEqualTo(at(one.entry()));
            assertThat(told.type()).isEqualTo(one.entry().event().type());
            assertThat(told.kind()).isEqualTo(JournalModel.kind(one.entry()));
            assertThat(told.commandId()).isEqualTo(one.entry().commandId());
            assertThat(told.counterparty()).isEqualTo(one.counterparty());
        }
    }

    private static @Nullable String reference(Entry entry) {
        TransferTerms terms = entry.event().transfer();
        return terms == null ? null : terms.reference();
    }

    @Test
    void theJournalByAnyFilter() {
        int found = 0;
        for (int i = 0; i < 2 * QUESTIONS; i++) {
            Entry one = anyEntry();
            List<EntryFilter.Member> members = one.event().metadata().entrySet().stream()
                    .map(member -> new EntryFilter.Member(member.getKey(), member.getValue()))
                    .toList();
            EntryFilter filter = new EntryFilter(
                    maybe(List.of(one.event().type())),
                    maybe(known(JournalModel.kind(one))),
                    maybe(known(one.commandId())),
                    maybe(known(reference(one))),
                    maybe(members));
            Asked asked = anyTime();
            int limit = 10 + random.nextInt(filter.equals(EntryFilter.ANY) ? 490 : 50);
            List<String> positions = stitched(
                    text -> projected
                            .entries()
                            .page(filter, asked, cursor(Cursor.Kind.JOURNAL, text), limit)
                            .present(),
                    answer -> answer.entries().stream()
                            .map(entry -> entry.position().toString())
                            .toList(),
                    History.JournalEntries::nextCursor);
            EntryFilter.Member member = filter.metadata();
            assertThat(positions)
                    .as("%s %s limit=%s", filter, asked, limit)
                    .isEqualTo(model.journal(entry -> fits(
                                    filter.type(), entry.event().type())
                            && fits(filter.kind(), JournalModel.kind(entry))
                            && fits(filter.commandId(), entry.commandId())
                            && fits(filter.reference(), reference(entry))
                            && (member == null
                                    || member.value()
                                            .equals(entry.event().metadata().get(member.key())))
                            && isIn(asked, entry)));
            found += positions.size();
        }
        assertThat(found).isGreaterThan(2 * QUESTIONS);
    }

    @Test
    void anEntryHasItsPostings() {
        for (int i = 0; i < QUESTIONS; i++) {
            Entry one = anyEntry();
            History.JournalEntry told =
                    projected.entries().at(JournalModel.position(one)).present().entry();
            assertThat(told.type()).isEqualTo(one.event().type());
            assertThat(told.cause()).isEqualTo(one.cause());
            assertThat(told.postings())
                    .extracting(posting -> String.join(
                            " ",
                            posting.account(),
                            posting.asset(),
                            posting.bucket(),
                            posting.amount().toString(),
                            posting.balance().toString(),
                            Long.toString(posting.version())))
                    .containsExactlyInAnyOrderElementsOf(one.postings().stream()
                            .map(posting -> String.join(
                                    " ",
                                    posting.account(),
                                    posting.asset(),
                                    posting.bucket().wireName(),
                                    posting.amount().toString(),
                                    posting.balance().toString(),
                                    Long.toString(posting.version())))
                            .toList());
        }
    }

    @Test
    void rejectionsByAnyFilter() {
        List<Entry> rejected = model.entries().stream()
                .filter(entry -> JournalModel.code(entry) != null)
                .toList();
        for (int i = 0; i < QUESTIONS; i++) {
            Entry one = any(rejected);
            RejectionPages.Filter filter = new RejectionPages.Filter(
                    maybe(known(JournalModel.code(one))),
                    maybe(List.of(((Event.CommandRejected) one.event()).account())));
            Asked asked = anyTime();
            int limit = 5 + random.nextInt(100);
            List<String> positions = stitched(
                    text -> projected
                            .rejections()
                            .page(filter, asked, cursor(Cursor.Kind.REJECTIONS, text), limit)
                            .present(),
                    answer -> answer.rejections().stream()
                            .map(rejection -> rejection.position().toString())
                            .toList(),
                    History.Rejections::nextCursor);
            assertThat(positions)
                    .as("%s %s limit=%s", filter, asked, limit)
                    .isEqualTo(model.journal(entry -> entry.event() instanceof Event.CommandRejected rejection
                            && fits(filter.code(), JournalModel.code(entry))
                            && fits(filter.account(), rejection.account())
                            && isIn(asked, entry)));
        }
    }

    /** A time or a place, and which entries come before it. */
    private record Then(AsOf at, Predicate<Entry> includes) {}

    private Then then() {
        if (random.nextBoolean()) {
            Instant instant = at(anyEntry()).minusMillis(random.nextInt(2));
            return new Then(new AsOf.Time(instant), entry -> !at(entry).isAfter(instant));
        }
        List<Position> positions = IntStream.range(0, SHARDS)
                .mapToObj(shard -> new Position(shard, random.nextLong(1 + ledger.sequence(shard))))
                .toList();
        return new Then(
                new AsOf.Places(positions),
                entry -> entry.sequence() <= positions.get(entry.shard()).sequence());
    }

    private static SortedMap<String, Holding> holdings(List<Balances.OfAsset> told) {
        SortedMap<String, Holding> holdings = new TreeMap<>();
        for (Balances.OfAsset one : told) {
            Holding holding = new Holding(one.asset(), one.available(), one.held(), one.locked(), one.staked());
            assertThat(holdings.put(one.account() + " " + one.asset() + " " + one.shard(), holding))
                    .isNull();
        }
        return holdings;
    }

    private static String asset(String key) {
        return key.split(" ", -1)[1];
    }

    private static SortedMap<String, Holding> only(SortedMap<String, Holding> holdings, Predicate<String> which) {
        SortedMap<String, Holding> some = new TreeMap<>(holdings);
        some.keySet().removeIf(which.negate());
        return some;
    }

    @Test
    void balancesOfAnAccountAsOfAnyTimeAndPlaceAreTheFold() {
        for (int i = 0; i < QUESTIONS; i++) {
            Then then = then();
            String account = any(postings).posting().account();
            assertThat(holdings(projected
                            .balances()
                            .ofAccount(account, then.at(), null, 500)
                            .present()
                            .balances()))
                    .as("%s as of %s", account, then.at())
                    .isEqualTo(only(model.holdings(then.includes()), key -> key.startsWith(account + " ")));
        }
    }

    /** Every place in turn at which the busiest account changed; many entries have the same time. */
    @Test
    void balancesAtEveryPositionAreTheFold() {
        String account = postings.stream()
                .map(posted -> posted.posting().account())
                .filter(name -> !AccountId.isSystem(name))
                .collect(Collectors.groupingBy(name -> name, Collectors.counting()))
                .entrySet()
                .stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
        Map<String, Holding> expected = new HashMap<>();
        for (Entry entry : model.entries()) {
            List<Posting> changes = entry.postings().stream()
                    .filter(posting -> posting.account().equals(account))
                    .toList();
            for (Posting posting : changes) {
                Holding before = expected.getOrDefault(posting.asset(), Holding.empty(posting.asset()));
                expected.put(posting.asset(), before.with(posting.bucket(), posting.balance()));
            }
            if (!changes.isEmpty()) {
                AsOf here = new AsOf.Places(List.of(JournalModel.position(entry)));
                assertThat(holdings(projected
                                        .balances()
                                        .ofAccount(account, here, null, 500)
                                        .present()
                                        .balances())
                                .values())
                        .as("%s at %s", account, here)
                        .containsExactlyInAnyOrderElementsOf(expected.values().stream()
                                .filter(holding -> !holding.isEmpty())
                                .toList());
            }
        }
        assertThat(expected).isNotEmpty();
    }

    @Test
    void balancesOfAllAsOfAnyTimeAndPlaceAreTheFold() {
        for (int i = 0; i < QUESTIONS / 4; i++) {
            Then then = then();
            boolean withSystem = random.nextBoolean();
            String asset = maybe(List.of(any(postings).posting().asset()));
            int limit = 5 + random.nextInt(60);
            List<Balances.OfAsset> told = new ArrayList<>();
            String cursor = null;
            do {
                Balances.OfAll page = projected
                        .balances()
                        .ofAll(
                                then.at(),
                                asset,
                                withSystem,
                                cursor == null ? null : Cursor.InHoldings.parse(cursor),
                                limit)
                        .present();
                told.addAll(page.balances());
                cursor = page.nextCursor();
            } while (cursor != null);
            assertThat(holdings(told))
                    .as("%s asset=%s system=%s limit=%s", then.at(), asset, withSystem, limit)
                    .isEqualTo(only(
                            model.holdings(then.includes()),
                            key -> (withSystem || !AccountId.isSystem(key)) && fits(asset, asset(key))));
            assertThat(told)
                    .isSortedAccordingTo((one, other) -> Arrays.compareUnsigned(
                            utf8(one.account() + "\0" + one.asset()), utf8(other.account() + "\0" + other.asset())));
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void theTrialBalanceAddsUpAtAnyTimeAndPlace() {
        for (int i = 0; i < QUESTIONS / 8; i++) {
            Then then = then();
            boolean isNow = i == 0;
            SortedMap<String, Holding> expected = model.holdings(isNow ? entry -> true : then.includes());
            List<Reports.AssetBalance> told = projected
                    .reports()
                    .trialBalance(isNow ? null : then.at())
                    .present()
                    .assets();
            assertThat(told)
                    .extracting(Reports.AssetBalance::asset)
                    .containsAll(expected.values().stream().map(Holding::asset).toList());
            for (Reports.AssetBalance balance : told) {
                Predicate<String> ofAsset = key -> asset(key).equals(balance.asset());
                SortedMap<String, Holding> clients = only(expected, ofAsset.and(key -> !AccountId.isSystem(key)));
                assertThat(balance.sum()).as("%s %s", then.at(), balance).isZero();
                assertThat(balance.clients().total()).isEqualTo(JournalModel.sum(clients, key -> true));
                assertThat(balance.clients().held())
                        .isEqualTo(
                                clients.values().stream().map(Holding::held).reduce(BigInteger.ZERO, BigInteger::add));
                assertThat(balance.issuer()).isEqualTo(JournalModel.sum(expected, ofAsset.and(AccountId::isIssuer)));
                assertThat(balance.clearing())
                        .isEqualTo(JournalModel.sum(expected, ofAsset.and(AccountId::isClearing)));
                assertThat(balance.accounts()).isEqualTo(clients.size());
            }
        }
    }

    @Test
    void aStatementLeadsFromItsOpeningToItsClosingBalance() {
        int lines = 0;
        for (int i = 0; i < QUESTIONS; i++) {
            Posted one = any(postings);
            String account = one.posting().account();
            String asset = one.posting().asset();
            Asked asked = anyTime();
            Statement statement =
                    projected.statements().statement(account, asset, asked).present();
            assertThat(statement.opening().total())
                    .as("%s %s %s", account, asset, asked)
                    .isEqualTo(totalBefore(statement.from(), account + " " + asset + " "));
            assertThat(statement.closing().total()).isEqualTo(totalBefore(statement.to(), account + " " + asset + " "));
            assertThat(statement
                            .opening()
                            .total()
                            .add(statement.totals().in())
                            .subtract(statement.totals().out()))
                    .isEqualTo(statement.closing().total());
            List<String> expected = new ArrayList<>(
                    model.ofAccount(posted -> posted.posting().account().equals(account)
                            && posted.posting().asset().equals(asset)
                            && isIn(asked, posted.entry())));
            Collections.reverse(expected);
            assertThat(statement.entries()).extracting(QueriesModelIT::name).isEqualTo(expected);
            lines += expected.size();
        }
        assertThat(lines).isGreaterThan(QUESTIONS);
    }

    private BigInteger totalBefore(Instant time, String prefix) {
        return JournalModel.sum(model.holdings(entry -> at(entry).isBefore(time)), key -> key.startsWith(prefix));
    }

    @Test
    void supplyAtTheEndOfEachPeriodIsWhatTheIssuerHasGivenOut() {
        Asked sinceTheFirst = new Asked(at(model.entries().getFirst()), null);
        for (String asset : List.of("GOLD", "POINT")) {
            Reports.AssetActivity report = projected
                    .reports()
                    .activity(asset, Grain.day, sinceTheFirst)
                    .present();
            assertThat(report.periods()).hasSizeGreaterThan(30);
            BigInteger minted = BigInteger.ZERO;
            for (Reports.AssetPeriod period : report.periods()) {
                Instant end = period.starts().plus(Duration.ofDays(1));
                assertThat(period.supply())
                        .as("%s %s", asset, period)
                        .isEqualTo(
                                totalBefore(end, AccountId.issuer(asset) + " ").negate());
                minted = minted.add(period.minted());
            }
            assertThat(minted).isPositive();
        }
    }

    @Test
    void rejectionsAreCountedByPeriodAndCode() {
        Map<String, Long> counts = new TreeMap<>();
        projected
                .reports()
                .rejections(Grain.day, null, new Asked(at(model.entries().getFirst()), null))
                .present()
                .periods()
                .forEach(period -> period.codes().forEach((code, count) -> counts.merge(code, count, Long::sum)));
        assertThat(counts)
                .isEqualTo(model.entries().stream()
                        .map(JournalModel::code)
                        .filter(Objects::nonNull)
                        .collect(Collectors.groupingBy(code -> code, TreeMap::new, Collectors.counting())));
    }

    @Test
    void aPositionThatIsNotThereYetIsNotFound() {
        Position next = new Position(1, ledger.sequence(1) + 1);
        assertThat(projected.entries().at(next).answer()).isNull();
        AsOf tooLate = new AsOf.Places(List.of(new Position(0, 1), next, new Position(2, 1)));
        assertThatThrownBy(() -> projected.balances().ofAll(tooLate, null, false, null, 10))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem ->
                                assertThat(problem.problem().extensions()).containsEntry("code", "POSITION_NOT_FOUND"));
        AsOf tooFew = new AsOf.Places(List.of(new Position(0, 1), new Position(2, 1)));
        assertThatThrownBy(() -> projected.balances().ofAll(tooFew, null, false, null, 10))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.problem().extensions())
                                .containsEntry("field", "at")
                                .containsEntry("rule", "must name a position on each of these shards: 0, 1, 2"));
    }
}
