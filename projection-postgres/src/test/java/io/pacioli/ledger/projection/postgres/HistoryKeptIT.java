package io.pacioli.ledger.projection.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.projection.postgres.schema.enums.Grain;
import io.pacioli.ledger.service.ProblemException;
import io.pacioli.ledger.testkit.workload.Workload;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Questions after old months have been detached. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HistoryKeptIT {
    private static final int SHARDS = 3;
    private static final int COMMANDS = 1_200;
    private static final long STEP_MILLIS = Duration.ofDays(100).toMillis() / COMMANDS;
    private static final Instant HORIZON = Instant.parse("2027-01-01T00:00:00Z");
    private static final Asked BEFORE = new Asked(HORIZON.minusMillis(1), null);

    private final ProjectedLedger projected = new ProjectedLedger(SHARDS);
    private final ScriptedLedger ledger = projected.ledger();
    private JournalModel model = new JournalModel(List.of());

    @BeforeAll
    void detach() {
        Workload workload = new Workload(5);
        for (int i = 0; i < COMMANDS; i++) {
            ledger.run(workload.next(ledger.nextMillis()));
            ledger.pass(STEP_MILLIS);
        }
        projected.project();
        model = new JournalModel(ledger.journal());
        projected.database().execute("SELECT ledger.detach_partitions_before('2027-01-05Z')");
    }

    @AfterAll
    void close() {
        projected.close();
    }

    private static Instant at(Entry entry) {
        return Instant.ofEpochMilli(entry.atMillis());
    }

    private static boolean isKept(Entry entry) {
        return !at(entry).isBefore(HORIZON);
    }

    private static void isGone(ThrowingCallable question) {
        assertThatThrownBy(question).isInstanceOfSatisfying(ProblemException.class, gone -> {
            assertThat(gone.problem().status()).isEqualTo(410);
            assertThat(gone.problem().extensions())
                    .containsEntry("code", "HISTORY_DETACHED")
                    .containsEntry("horizon", HORIZON.toString());
        });
    }

    @Test
    void listsEndAtTheHorizon() {
        History.JournalEntries page = projected
                .entries()
                .page(EntryFilter.ANY, Asked.ALL, null, 10 * COMMANDS)
                .present();
        assertThat(page.entries().stream().map(entry -> entry.position().toString()))
                .isNotEmpty()
                .containsExactlyElementsOf(model.journal(HistoryKeptIT::isKept));
        assertThat(page.nextCursor()).isNull();
        assertThat(projected
                        .postings()
                        .ofAccount("alice", PostingFilter.ANY, Asked.ALL, null, 2_000)
                        .present()
                        .entries())
                .isNotEmpty()
                .hasSameSizeAs(model.ofAccount(
                        posted -> posted.posting().account().equals("alice") && isKept(posted.entry())));
        isGone(() -> projected.entries().page(EntryFilter.ANY, BEFORE, null, 10));
        isGone(() -> projected.postings().ofAccount("alice", PostingFilter.ANY, BEFORE, null, 10));
        isGone(() -> projected.postings().ofAsset("GOLD", PostingFilter.ANY, BEFORE, null, 10));
        isGone(() -> projected.rejections().page(RejectionPages.Filter.ANY, BEFORE, null, 10));
        assertThat(projected
                        .entries()
                        .page(EntryFilter.ANY, new Asked(HORIZON, null), null, 10)
                        .present()
                        .entries())
                .hasSize(10);
    }

    @Test
    void whatWasDetachedIsGoneAndNotMissing() {
        isGone(() -> projected.entries().at(new Position(1, 1)));
        assertThat(projected.entries().at(new Position(1, ledger.sequence(1))).answer())
                .isNotNull();
        assertThat(projected
                        .entries()
                        .at(new Position(1, ledger.sequence(1) + 1))
                        .answer())
                .isNull();
    }

    @Test
    void balancesAreExactBackToTheHorizon() {
        for (Instant then : List.of(HORIZON.minusMillis(1), HORIZON.plus(Duration.ofDays(9)))) {
            AsOf at = new AsOf.Time(then);
            Map<String, BigInteger> told = new TreeMap<>();
            projected
                    .balances()
                    .ofAll(at, null, true, null, 10_000)
                    .present()
                    .balances()
                    .forEach(balance -> told.put(
                            balance.account() + " " + balance.asset() + " " + balance.shard(), balance.total()));
            Map<String, BigInteger> expected = new TreeMap<>();
            model.holdings(entry -> !at(entry).isAfter(then))
                    .forEach((name, holding) -> expected.put(name, holding.total()));
            assertThat(told).isEqualTo(expected);
            assertThat(projected.reports().trialBalance(at).present().assets())
                    .isNotEmpty()
                    .allSatisfy(asset -> assertThat(asset.sum()).isZero());
        }
        AsOf before = new AsOf.Time(HORIZON.minusMillis(2));
        isGone(() -> projected.balances().ofAll(before, null, true, null, 10));
        isGone(() -> projected.balances().ofAccount("alice", before, null, 10));
        isGone(() -> projected.reports().trialBalance(before));
        AsOf beginning = new AsOf.Places(IntStream.range(0, SHARDS)
                .mapToObj(shard -> new Position(shard, 1))
                .toList());
        isGone(() -> projected.balances().ofAll(beginning, null, true, null, 10));
    }

    @Test
    void aStatementBeginsAtTheHorizon() {
        Statement statement =
                projected.statements().statement("alice", "GOLD", Asked.ALL).present();
        assertThat(statement.from()).isEqualTo(HORIZON);
        assertThat(statement.opening().total())
                .isEqualTo(JournalModel.sum(
                        model.holdings(entry -> !isKept(entry)), key -> key.startsWith("alice GOLD ")));
        isGone(() -> projected.statements().statement("alice", "GOLD", BEFORE));
    }

    @Test
    void aReportHasItsFiguresButNoSupplyFromBeforeTheHorizon() {
        Asked asked = new Asked(HORIZON.minus(Duration.ofDays(20)), HORIZON.plus(Duration.ofDays(2)));
        List<Reports.AssetPeriod> periods =
                projected.reports().activity("GOLD", Grain.day, asked).present().periods();
        assertThat(periods).hasSize(22);
        assertThat(periods.subList(0, 19))
                .extracting(Reports.AssetPeriod::supply)
                .containsOnlyNulls();
        assertThat(periods.subList(19, 22))
                .extracting(Reports.AssetPeriod::supply)
                .doesNotContainNull();
        assertThat(periods.subList(0, 19))
                .anySatisfy(period -> assertThat(period.activeAccounts()).isPositive());
    }
}
