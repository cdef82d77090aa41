package io.pacioli.ledger.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.PublicKeys;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Position;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Projections that go on while they are compared, with and without what somebody has planted in them. */
final class ReconciliationTest {
    private static final int PAGES = 8;
    private static final int SHARD = 1;

    private final ScratchLedger ledger = ScratchLedger.inUse();
    private int made;

    @ParameterizedTest
    @ValueSource(ints = {1, PAGES})
    void agreesWhileTheLedgerAndTheProjectionGoOn(int pages) {
        ScratchProjection projection = new ScratchProjection(ledger, pages, this::goOn);

        AuditReport report = audit(projection);

        assertThat(report.findings()).isEmpty();
        assertThat(report.projections()).singleElement().satisfies(figures -> {
            assertThat(figures.balances()).isGreaterThan(30);
            assertThat(figures.positions()).hasSize(ScratchLedger.SHARDS);
            assertThat(figures.differences()).isZero();
            assertThat(figures.entries()).matches(entries -> pages == 1 ? entries > 300 : entries == 0);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, PAGES})
    void aBalanceThatWasChangedByHandIsNamed(int pages) {
        ScratchProjection projection = new ScratchProjection(ledger, pages, this::goOn);
        String account = ledger.accountOn(SHARD);
        projection.changed.put(ScratchProjection.key(SHARD, account, "GOLD"), BigInteger.TEN);

        assertThat(audit(projection).findings())
                .singleElement()
                .returns(Finding.Kind.BALANCE, Finding::kind)
                .returns("Scratch", Finding::source)
                .returns(SHARD, Finding::shard)
                .returns(account + " GOLD available", Finding::account)
                .satisfies(finding -> assertThat(new BigInteger(finding.found()))
                        .isEqualTo(new BigInteger(finding.expected()).add(BigInteger.TEN)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, PAGES})
    void aRowThatWasDeletedIsNamed(int pages) {
        ScratchProjection projection = new ScratchProjection(ledger, pages, this::goOn);
        // Each of the pages of a busy issuer is of another position.
        int issuer = ledger.shardOf("@GOLD");
        projection.deleted.add(ScratchProjection.key(issuer, "@GOLD", "GOLD"));

        assertThat(audit(projection).findings())
                .singleElement()
                .returns(Finding.Kind.BALANCE, Finding::kind)
                .returns(issuer, Finding::shard)
                .returns("@GOLD GOLD available", Finding::account)
                .returns("0", Finding::found);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, PAGES})
    void anAccountThatTheJournalDoesNotKnowIsNamed(int pages) {
        ScratchProjection projection = new ScratchProjection(ledger, pages, () -> {});
        projection.changed.put(ScratchProjection.key(SHARD, "ghost", "GOLD"), BigInteger.TWO);

        assertThat(audit(projection).findings())
                .singleElement()
                .returns("ghost GOLD available", Finding::account)
                .returns("0", Finding::expected)
                .returns("2", Finding::found);
    }

    @Test
    void aProjectionAheadOfTheJournalIsNamed() {
        ScratchProjection projection = new ScratchProjection(ledger, PAGES, () -> {});
        Arrays.fill(projection.ahead, 3);

        assertThat(audit(projection).findings())
                .hasSize(ScratchLedger.SHARDS)
                .allSatisfy(finding -> assertThat(finding).returns(Finding.Kind.POSITION, Finding::kind));
    }

    /** The others are behind the journal, so it is compared where they stand. */
    @ParameterizedTest
    @ValueSource(ints = {1, PAGES})
    void aProjectionAheadOfTheJournalOnOneShardAndBehindOnOthersIsNamed(int pages) {
        ScratchProjection projection = new ScratchProjection(ledger, pages, () -> {});
        projection.open().close();
        projection.stopped = true;
        goOn();
        goOn();
        projection.ahead[SHARD] = 1_000;

        assertThat(audit(projection).findings())
                .singleElement()
                .returns(Finding.Kind.POSITION, Finding::kind)
                .returns(SHARD, Finding::shard)
                .returns("at most " + SHARD + ":" + ledger.journal(SHARD).size(), Finding::expected);
    }

    /** It says that it is where the journal is, and has left entries out. */
    @Test
    void aProjectionThatHasSkippedABatchIsNamed() {
        ScratchProjection projection = new ScratchProjection(ledger, PAGES, () -> {});
        projection.skipped = 20;

        assertThat(audit(projection).findings())
                .isNotEmpty()
                .allSatisfy(finding -> assertThat(finding).returns(Finding.Kind.BALANCE, Finding::kind));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, PAGES})
    void aProjectionThatHasStoppedIsComparedWhereItStands(int pages) {
        ScratchProjection projection = new ScratchProjection(ledger, pages, () -> {});
        projection.open().close();
        projection.stopped = true;
        long then = ledger.journal(SHARD).size();
        for (int i = 0; i < 40; i++) {
            goOn();
        }

        AuditReport report = audit(projection);

        assertThat(report.findings()).isEmpty();
        assertThat(report.projections().getFirst().positions()).contains(new Position(SHARD, then));
        String account = ledger.accountOn(SHARD);
        projection.changed.put(ScratchProjection.key(SHARD, account, "GOLD"), BigInteger.TEN);
        assertThat(audit(projection).findings())
                .singleElement()
                .returns(account + " GOLD available", Finding::account)
                .returns(then, Finding::sequence);
    }

    @Test
    void anEntryThatIsMissingInTheHistoryIsNamed() {
        ScratchProjection projection = new ScratchProjection(ledger, 1, () -> {});
        projection.entries.put(new Position(SHARD, 57), null);

        assertThat(audit(projection).findings())
                .singleElement()
                .returns(Finding.Kind.HISTORY, Finding::kind)
                .returns(SHARD, Finding::shard)
                .returns(57L, Finding::sequence)
                .returns("", Finding::found);
    }

    @Test
    void anEntryWithAnotherHashIsNamed() {
        ScratchProjection projection = new ScratchProjection(ledger, 1, this::goOn);
        projection.entries.put(new Position(SHARD, 57), new byte[32]);

        assertThat(audit(projection).findings())
                .singleElement()
                .returns(57L, Finding::sequence)
                .returns("00".repeat(32), Finding::found);
    }

    @Test
    void aHistoryThatDiffersIsNamedAlsoWhereTheJournalWasPurged(@TempDir Path state) {
        ScratchProjection projection = new ScratchProjection(ledger, 1, this::goOn);
        assertThat(audit(projection, state).passed()).isTrue();
        ledger.purge(20);
        projection.entries.put(new Position(SHARD, 57), new byte[32]);

        assertThat(audit(projection, state).findings())
                .singleElement()
                .returns(Finding.Kind.HISTORY, Finding::kind)
                .returns(SHARD, Finding::shard)
                .returns(1L, Finding::sequence);
    }

    /** Where it stands, the journal begins no more: nobody can say what it must show. */
    @ParameterizedTest
    @ValueSource(ints = {1, 100})
    void aProjectionThatHasStoppedBeforeThePurgedJournalIsAnErrorAndNoPass(int kept, @TempDir Path state) {
        ScratchProjection projection = new ScratchProjection(ledger, PAGES, () -> {});
        projection.open().close();
        projection.stopped = true;
        // All that is kept is from behind the place where it stands, or some is from before it.
        for (int i = 0; i < 20; i++) {
            goOn();
        }
        assertThat(audit(new ScratchProjection(ledger, PAGES, () -> {}), state).passed())
                .isTrue();
        ledger.purge(kept);
        goOn();

        assertThatThrownBy(() -> audit(projection, state))
                .isInstanceOf(AuditException.class)
                .hasMessageContaining("cannot be read from its beginning");
    }

    @Test
    void whatCannotBeLookedIntoIsAnError() {
        ScratchProjection projection = new ScratchProjection(ledger, 1, () -> {});
        projection.entries.put(new Position(SHARD, 57), new byte[32]);
        ScratchTopics.Broker dead = new ScratchTopics.Broker() {
            @Override
            public boolean polled() {
                return false;
            }
        };
        Patience patience = new Patience(Duration.ZERO, Duration.ofMillis(100), Duration.ofMillis(100));
        int[] consumers = {0};
        // The first asks where everything ends, the second reads all, the third looks into what differs.
        Audit audit = new Audit(
                settings(projection, null),
                () -> consumers[0]++ < 2 ? ScratchTopics.consumer(ledger) : ScratchTopics.consumer(ledger, dead),
                patience);

        assertThatThrownBy(() -> audit.run(Progress.NONE))
                .isInstanceOf(AuditException.class)
                .hasMessageContaining("could not be read again");
    }

    @Test
    void aPostingThatIsMissingInTheHistoryIsNamedWithItsEntryAndItsAccount() {
        ScratchProjection projection = new ScratchProjection(ledger, 1, () -> {});
        int place = 60;
        while (JournalCodec.decode(ledger.journal(SHARD).get(place - 1))
                .entry()
                .postings()
                .isEmpty()) {
            place++;
        }
        projection.postings.add(new Position(SHARD, place));
        String account = JournalCodec.decode(ledger.journal(SHARD).get(place - 1))
                .entry()
                .postings()
                .getFirst()
                .account();
        long sequence = place;

        assertThat(audit(projection).findings())
                .singleElement()
                .returns(sequence, Finding::sequence)
                .satisfies(finding -> assertThat(finding.account()).startsWith(account));
    }

    @Test
    void aChangedBalanceOfAPostingIsNamed() {
        posting(old -> withBalance(old, old.balance() + "0"), "must have the journal's balance after it");
    }

    @Test
    void aChangedTimeOfAPostingIsNamed() {
        posting(
                old -> new HistoryPosting(
                        old.shard(),
                        old.sequence(),
                        old.version(),
                        old.atMicros() + 1,
                        old.account(),
                        old.asset(),
                        old.bucket(),
                        old.amount(),
                        old.balance(),
                        old.counterparty()),
                "must have the journal's time in microseconds");
    }

    @Test
    void aChangedCounterpartyIsNamed() {
        posting(
                old -> new HistoryPosting(
                        old.shard(),
                        old.sequence(),
                        old.version(),
                        old.atMicros(),
                        old.account(),
                        old.asset(),
                        old.bucket(),
                        old.amount(),
                        old.balance(),
                        "somebody"),
                "must have the journal's counterparty");
    }

    /** Somebody changes the first posting behind entry 60, and nothing else. */
    private void posting(UnaryOperator<HistoryPosting> change, String message) {
        int place = 60;
        while (entry(ledger.journal(SHARD), place - 1).postings().isEmpty()) {
            place++;
        }
        HistoryPosting old =
                HistoryPosting.allOf(entry(ledger.journal(SHARD), place - 1)).getFirst();
        ScratchProjection projection = new ScratchProjection(ledger, 1, () -> {});
        projection.postingChange = row -> row.equals(old) ? change.apply(row) : row;

        assertThat(audit(projection).findings())
                .singleElement()
                .returns(Finding.Kind.HISTORY, Finding::kind)
                .returns(SHARD, Finding::shard)
                .returns((long) place, Finding::sequence)
                .returns(old.place(), Finding::account)
                .returns(message, Finding::message);
    }

    /** Neither the number of postings nor any sum changes. */
    @Test
    void twoOppositeChangesOfAnAccountsAmountsAreNamed() {
        String account = ledger.accountOn(SHARD);
        List<HistoryPosting> all = ledger.journal(SHARD).stream()
                .flatMap(record ->
                        HistoryPosting.allOf(JournalCodec.decode(record).entry()).stream())
                .filter(row -> row.account().equals(account) && row.asset().equals("GOLD"))
                .toList();
        HistoryPosting more = all.get(1);
        HistoryPosting less = all.get(2);
        ScratchProjection projection = new ScratchProjection(ledger, 1, () -> {});
        projection.postingChange =
                row -> row.equals(more) ? withAmount(row, 1) : row.equals(less) ? withAmount(row, -1) : row;

        assertThat(audit(projection).findings())
                .hasSize(2)
                .allSatisfy(finding -> assertThat(finding)
                        .returns(more.place(), Finding::account)
                        .returns("must have the journal's amount", Finding::message))
                .extracting(Finding::sequence)
                .containsExactlyInAnyOrder(more.sequence(), less.sequence());
    }

    @Test
    void aChangedTypeOfAnEntryIsNamed() {
        entry(old -> with(old, "Transferred", old.atMicros(), old.commandId(), old.data()), "type");
    }

    @Test
    void aChangedTimeOfAnEntryIsNamed() {
        entry(old -> with(old, old.type(), old.atMicros() - 1, old.commandId(), old.data()), "time in microseconds");
    }

    @Test
    void aChangedCommandIdOfAnEntryIsNamed() {
        entry(old -> with(old, old.type(), old.atMicros(), "other", old.data()), "command id");
    }

    @Test
    void changedDataOfAnEntryAreNamed() {
        entry(
                old -> with(
                        old,
                        old.type(),
                        old.atMicros(),
                        old.commandId(),
                        old.data().replaceFirst("\\{", "{\"memo\":\"bribe\",")),
                "data");
    }

    /** A database keeps neither the order of members nor how they were spelled. */
    @Test
    void dataThatSayTheSameAreNoDifference() {
        ScratchProjection projection = new ScratchProjection(ledger, 1, () -> {});
        projection.entryChange = old -> with(
                old,
                old.type(),
                old.atMicros(),
                old.commandId(),
                old.data().replace(",\"", " , \"").replace("a", "\\u0061"));

        assertThat(audit(projection).findings()).isEmpty();
    }

    private void entry(UnaryOperator<HistoryEntry> change, String what) {
        ScratchProjection projection = new ScratchProjection(ledger, 1, () -> {});
        projection.entryChange = row -> row.shard() == SHARD && row.sequence() == 57 ? change.apply(row) : row;

        assertThat(audit(projection).findings())
                .singleElement()
                .returns(Finding.Kind.HISTORY, Finding::kind)
                .returns(SHARD, Finding::shard)
                .returns(57L, Finding::sequence)
                .returns("must have the journal's " + what, Finding::message);
    }

    private static HistoryEntry with(
            HistoryEntry old, String type, long atMicros, @Nullable String commandId, String data) {
        return new HistoryEntry(
                old.shard(),
                old.sequence(),
                atMicros,
                type,
                old.kind(),
                commandId,
                old.cause(),
                old.isOutcome(),
                old.hash(),
                data);
    }

    private static HistoryPosting withAmount(HistoryPosting old, long more) {
        return new HistoryPosting(
                old.shard(),
                old.sequence(),
                old.version(),
                old.atMicros(),
                old.account(),
                old.asset(),
                old.bucket(),
                new BigInteger(old.amount()).add(BigInteger.valueOf(more)).toString(),
                old.balance(),
                old.counterparty());
    }

    private static HistoryPosting withBalance(HistoryPosting old, String balance) {
        return new HistoryPosting(
                old.shard(),
                old.sequence(),
                old.version(),
                old.atMicros(),
                old.account(),
                old.asset(),
                old.bucket(),
                old.amount(),
                balance,
                old.counterparty());
    }

    /** A night costs a day's entries, of the history too; but what no audit has compared yet is compared. */
    @Test
    void aHistoryThatWasComparedIsNotReadAgain(@TempDir Path state) {
        for (int i = 0; i < 600; i++) {
            goOn();
        }
        ScratchProjection none = new ScratchProjection(ledger, PAGES, () -> {});
        ScratchProjection projection = new ScratchProjection(ledger, 1, () -> {});
        assertThat(audit(none, state).passed()).isTrue();
        AuditReport first = audit(projection, state);
        long whole = projection.read;
        assertThat(first.findings()).isEmpty();
        assertThat(whole).isEqualTo(ledger.fold().entries());
        projection.read = 0;
        goOn();

        AuditReport second = audit(projection, state);

        assertThat(second.findings()).isEmpty();
        assertThat(projection.read).isPositive().isLessThan(whole / 2);
        projection.postings.add(new Position(SHARD, ledger.journal(SHARD).size()));
        assertThat(audit(projection, state).findings())
                .isNotEmpty()
                .allSatisfy(finding -> assertThat(finding).returns(Finding.Kind.HISTORY, Finding::kind));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 500})
    void whatIsNotKeptAnyMoreIsNotMissed(int more) {
        Kept kept = kept(more);

        AuditReport report = audit(kept.projection);

        assertThat(report.findings()).isEmpty();
        long notKept = 0;
        for (int shard = 0; shard < ScratchLedger.SHARDS; shard++) {
            notKept += ledger.journal(shard).stream()
                    .filter(record -> JournalCodec.decode(record).entry().atMillis() < kept.projection.horizonMillis)
                    .count();
        }
        assertThat(report.projections().getFirst())
                .returns(notKept, ProjectionFigures::notKept)
                .returns(kept.projection.horizonMillis, ProjectionFigures::horizonMillis)
                .returns(report.entries() - notKept, ProjectionFigures::entries);
        assertThat(notKept).isPositive();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 500})
    void whatIsMissingOfWhatIsKeptIsNamed(int more) {
        Kept kept = kept(more);
        kept.projection.entries.put(new Position(SHARD, kept.first), null);
        assertThat(audit(kept.projection).findings())
                .singleElement()
                .returns(Finding.Kind.HISTORY, Finding::kind)
                .returns(kept.first, Finding::sequence);
        kept.projection.entries.clear();
        kept.projection.entries.put(new Position(SHARD, ledger.journal(SHARD).size()), new byte[32]);
        assertThat(audit(kept.projection).findings())
                .singleElement()
                .returns((long) ledger.journal(SHARD).size(), Finding::sequence);
        kept.projection.entries.clear();

        String account = JournalCodec.decode(ledger.journal(SHARD).get((int) kept.first - 1))
                .entry()
                .postings()
                .getFirst()
                .account();
        kept.projection.postings.add(new Position(SHARD, kept.first));
        assertThat(audit(kept.projection).findings())
                .singleElement()
                .returns(kept.first, Finding::sequence)
                .satisfies(finding -> assertThat(finding.account()).startsWith(account));
    }

    @Test
    void aHistoryOfWhichNothingIsKeptIsEmpty() {
        Kept kept = kept(0);
        kept.projection.horizonMillis = ledger.nowMillis() + 1;

        AuditReport report = audit(kept.projection);

        assertThat(report.findings()).isEmpty();
        assertThat(report.projections().getFirst())
                .returns(report.entries(), ProjectionFigures::notKept)
                .returns(0L, ProjectionFigures::entries);
    }

    /** A projection whose history begins with an entry of the shard that has postings. */
    private record Kept(ScratchProjection projection, long first) {}

    private Kept kept(int more) {
        for (int i = 0; i < more; i++) {
            goOn();
        }
        List<byte[]> journal = ledger.journal(SHARD);
        int place = journal.size() / 2;
        while (entry(journal, place).postings().isEmpty()
                || entry(journal, place).atMillis() == entry(journal, place - 1).atMillis()) {
            place++;
        }
        ScratchProjection projection = new ScratchProjection(ledger, 1, () -> {});
        projection.horizonMillis = entry(journal, place).atMillis();
        return new Kept(projection, place + 1);
    }

    private static Entry entry(List<byte[]> journal, int place) {
        return JournalCodec.decode(journal.get(place)).entry();
    }

    /** What the projection has is in the journal, and comes late. */
    @ParameterizedTest
    @ValueSource(ints = {1, PAGES})
    void aBrokerThatSendsNothingForAWhileIsNoDifference(int pages) {
        ScratchProjection projection = new ScratchProjection(ledger, pages, this::goOn);
        int[] polls = {0};
        ScratchTopics.Broker slow = new ScratchTopics.Broker() {
            @Override
            public boolean polled() {
                return polls[0]++ % 4 == 3;
            }
        };

        AuditReport report = audit(projection, slow, Duration.ZERO);

        assertThat(report.findings()).isEmpty();
    }

    /** The transaction that wrote a message and the entry that sent it ends in the entry's partition first. */
    @Test
    void aMessageThatComesLateIsNoDifference() {
        ledger.submitUndelivered(new Command.Mint("late", "GOLD", "x", Amount.of(1), Map.of()));
        int issuer = ledger.shardOf("@GOLD");
        String payee = ledger.accountOn((issuer + 1) % ScratchLedger.SHARDS);
        ledger.deliver();
        ledger.submitUndelivered(new Command.Mint("later", "GOLD", payee, Amount.of(1), Map.of()));
        ScratchLedger.Written message = ledger.transit(ledger.shardOf(payee)).removeLast();
        int[] asked = {0};
        ScratchTopics.Broker late = new ScratchTopics.Broker() {
            @Override
            public void endsAsked(String topic) {
                // At the start, for what must have been sent, and for what must be there.
                if (topic.equals(Topics.DEFAULT.transit()) && ++asked[0] == 2 + 2 * ScratchLedger.SHARDS) {
                    ledger.transit(ledger.shardOf(payee)).add(message);
                }
            }
        };

        AuditReport report = audit(new ScratchProjection(ledger, PAGES, () -> {}), late, Duration.ofMillis(1));

        assertThat(report.findings()).isEmpty();
    }

    /** Somebody's commands come to a wrong shard, which passes them on, while the audit looks at the projection. */
    @Test
    void commandsThatWerePassedOnMeanwhileAreMetWhereTheyBelong() {
        ScratchProjection projection = new ScratchProjection(ledger, PAGES, this::goAstray);

        AuditReport report = audit(projection);

        assertThat(report.findings()).isEmpty();
        assertThat(report.inputs())
                .isNotNull()
                .satisfies(inputs -> assertThat(inputs.misrouted()).isPositive());
    }

    /** The last shard is compared last: what it passes on to the first one is behind all that was read of that one. */
    private void goAstray() {
        int wrong = ledger.shards() - 1;
        ledger.write(wrong, CommandCodec.encode(openOn(0)));
        ledger.take(wrong);
        ledger.take(0);
        // The journal of the wrong shard goes past it.
        ledger.submit(openOn(wrong));
    }

    private Command openOn(int shard) {
        while (ledger.shardOf("new-" + made) != shard) {
            made++;
        }
        String account = "new-" + made++;
        return new Command.OpenAccount("open-" + account, account, AccountLimits.DEFAULT, Map.of());
    }

    private AuditReport audit(BalanceSource source) {
        return audit(source, new ScratchTopics.Broker() {}, Duration.ofMillis(100));
    }

    private AuditReport audit(BalanceSource source, Path state) {
        Patience patience = new Patience(Duration.ofMillis(100), Duration.ofSeconds(30), Duration.ofMillis(100));
        return new Audit(settings(source, state), () -> ScratchTopics.consumer(ledger), patience).run(Progress.NONE);
    }

    private static AuditSettings settings(BalanceSource source, @Nullable Path state) {
        return new AuditSettings(Map.of(), Topics.DEFAULT, true, 1, List.of(source), PublicKeys.NONE, state);
    }

    private AuditReport audit(BalanceSource source, ScratchTopics.Broker broker, Duration late) {
        Patience patience = new Patience(late, Duration.ofSeconds(30), Duration.ofMillis(100));
        return new Audit(settings(source, null), () -> ScratchTopics.consumer(ledger, broker), patience)
                .run(Progress.NONE);
    }

    /** New accounts, busy accounts, accounts that are emptied. */
    private void goOn() {
        int number = made++;
        ledger.submit(new Command.Mint("on-" + number, "GOLD", "new-" + number, Amount.of(5), Map.of()));
        ledger.submit(new Command.Transfer(
                "back-" + number,
                "GOLD",
                "new-" + number,
                "a" + number % 30,
                Amount.of(number % 2 == 0 ? 5 : 3),
                "",
                Map.of()));
    }
}
