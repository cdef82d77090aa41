package io.pacioli.ledger.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.api.Batch;
import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.JournalRecord;
import io.pacioli.ledger.api.PublicKeys;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.api.TransitCodec;
import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Posting;
import io.pacioli.ledger.core.Rejected;
import io.pacioli.ledger.core.Rejection;
import io.pacioli.ledger.core.TransferKind;
import io.pacioli.ledger.core.TransferTerms;
import io.pacioli.ledger.core.Transit;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.ObjectAssert;
import org.junit.jupiter.api.Test;

/** Each fault that somebody could plant in the topics is found, and its first place is named. */
final class AuditTest {
    private static final int SHARD = 1;
    private static final Topics TOPICS = Topics.DEFAULT;

    private final ScratchLedger ledger = ScratchLedger.inUse();

    @Test
    void aFaithfulLedgerPasses() {
        AuditReport report = audit();

        assertThat(report.findings()).isEmpty();
        assertThat(report.passed()).isTrue();
        assertThat(report.entries()).isEqualTo(records());
        assertThat(report.shards()).hasSize(ScratchLedger.SHARDS).allMatch(shard -> shard.firstSequence() == 1);
        assertThat(report.inputs())
                .isNotNull()
                .returns(262L, InputFigures::decided)
                .returns(0L, InputFigures::waiting);
    }

    @Test
    void theJournalAlonePassesToo() {
        AuditReport report = audit(false);

        assertThat(report.findings()).isEmpty();
        assertThat(report.entries()).isEqualTo(records());
        assertThat(report.inputs()).isNull();
    }

    @Test
    void whatIsUnderWayOrHasNotBeenReadIsNoDifference() {
        for (int i = 0; i < 30; i++) {
            ledger.submitUndelivered(new Command.Mint("more-" + i, "POINTS", "a" + i, Amount.of(5), Map.of()));
        }
        String account = ledger.accountOn(SHARD);
        Command late = new Command.OpenAccount("late", account, AccountLimits.DEFAULT, Map.of());
        ledger.write(SHARD, CommandCodec.encode(late));

        AuditReport report = audit();

        assertThat(report.findings()).isEmpty();
        assertThat(report.underWay())
                .isNotEmpty()
                .allSatisfy(way -> assertThat(way.asset()).isEqualTo("POINTS"));
        assertThat(report.inputs()).isNotNull().returns(1L, InputFigures::waiting);
    }

    @Test
    void inputsWithoutEntriesAreExplained() {
        String account = ledger.accountOn(SHARD);
        byte[] command = CommandCodec.encode(transfer("twice", account, 5));
        ledger.write(SHARD, command);
        ledger.write(SHARD, "{}".getBytes(StandardCharsets.UTF_8));
        ledger.write(SHARD, command);
        ledger.write(SHARD, null);
        ledger.write((SHARD + 1) % ScratchLedger.SHARDS, CommandCodec.encode(transfer("astray", account, 6)));
        for (int shard = 0; shard < ScratchLedger.SHARDS; shard++) {
            ledger.take(shard);
        }
        ledger.tick(SHARD);
        ledger.deliver();
        // A command behind them: before it, all that came must have been decided or explained.
        for (int shard = 0; shard < ScratchLedger.SHARDS; shard++) {
            ledger.submit(transfer("last-" + shard, ledger.accountOn(shard), 1));
        }

        AuditReport report = audit();

        assertThat(report.findings()).isEmpty();
        assertThat(report.inputs())
                .isNotNull()
                .returns(1L, InputFigures::repeated)
                .returns(2L, InputFigures::malformed)
                .returns(2L, InputFigures::deadLetters)
                .returns(1L, InputFigures::misrouted)
                .returns(4L, InputFigures::ticks);
    }

    @Test
    void aRecordThatIsNoCommandAndHasNoDeadLetterIsFound() {
        ledger.write(SHARD, "{}".getBytes(StandardCharsets.UTF_8));
        ledger.write(SHARD, "[]".getBytes(StandardCharsets.UTF_8));
        long offset = ledger.commands(SHARD).getLast().offset();
        ledger.submit(transfer("last", ledger.accountOn(SHARD), 1));
        ledger.deadLetters().removeLast();

        assertThat(first())
                .returns(Finding.Kind.COMMAND_WITHOUT_OUTCOME, Finding::kind)
                .returns(TOPICS.commands(), Finding::source)
                .returns(SHARD, Finding::shard)
                .returns(offset, Finding::offset)
                .satisfies(finding -> assertThat(finding.message()).contains("dead letter"));
        assertThat(audit().differences()).isEqualTo(1);
    }

    @Test
    void eachCommandOfABatchIsExplained() {
        String account = ledger.accountOn(SHARD);
        String elsewhere = ledger.accountOn((SHARD + 1) % ScratchLedger.SHARDS);
        batch(
                transfer("again", account, 1),
                transfer("first", account, 1),
                transfer("first", account, 1),
                transfer("first", account, 2),
                transfer("astray", elsewhere, 1),
                transfer("last", account, 1),
                transfer("again", account, 1));
        batch(transfer("first", account, 1), transfer("again", account, 1));
        ledger.submit(transfer("behind", account, 1));
        ledger.submit(transfer("beyond", elsewhere, 1));

        AuditReport report = audit();

        assertThat(report.findings()).isEmpty();
        assertThat(report.inputs())
                .isNotNull()
                .returns(262L + 4 + 1 + 2, InputFigures::decided)
                .returns(4L, InputFigures::repeated)
                .returns(1L, InputFigures::misrouted)
                .returns(0L, InputFigures::waiting);
    }

    @Test
    void aBatchThatNobodyHasReadWaits() {
        String account = ledger.accountOn(SHARD);
        ledger.write(SHARD, Batch.encode(List.of(transfer("one", account, 1), transfer("two", account, 1))));

        AuditReport report = audit();

        assertThat(report.findings()).isEmpty();
        assertThat(report.inputs()).isNotNull().returns(2L, InputFigures::waiting);
    }

    @Test
    void anOutcomeThatIsMissingInTheMiddleOfABatchIsFound() {
        long offset = batchWithoutTheOutcomeOf("two", true);

        assertThat(first())
                .returns(Finding.Kind.COMMAND_WITHOUT_OUTCOME, Finding::kind)
                .returns(TOPICS.commands(), Finding::source)
                .returns(offset, Finding::offset)
                .satisfies(finding -> assertThat(finding.message())
                        .contains("command two of ledger.commands-" + SHARD + "@" + offset + "#1"));
        assertThat(audit().differences()).isEqualTo(1);
    }

    @Test
    void anOutcomeThatIsMissingAtTheEndOfABatchIsFound() {
        for (boolean isLast : List.of(true, false)) {
            long offset = batchWithoutTheOutcomeOf("three" + isLast, !isLast);

            assertThat(audit().findings().getLast())
                    .returns(Finding.Kind.COMMAND_WITHOUT_OUTCOME, Finding::kind)
                    .returns(offset, Finding::offset)
                    .satisfies(finding -> assertThat(finding.message()).contains("@" + offset + "#2"));
        }
        assertThat(audit().differences()).isEqualTo(2);
    }

    /** A processor that loses an outcome: its shard is as if the command was not there. */
    private long batchWithoutTheOutcomeOf(String lost, boolean goesOn) {
        String account = ledger.accountOn(SHARD);
        List<Command> all = new ArrayList<>();
        for (String id : List.of("one", "two", "three")) {
            all.add(new Command.FreezeAccount(lost.startsWith(id) ? lost : id + lost, account, "", Map.of()));
        }
        ledger.write(SHARD, Batch.encode(all));
        ledger.lose(lost);
        ledger.take(SHARD);
        long offset = ledger.commands(SHARD).getLast().offset();
        if (goesOn) {
            ledger.submit(transfer("behind" + lost, account, 1));
        }
        return offset;
    }

    @Test
    void anOutcomeOfABatchThatComesTwiceIsFound() {
        String account = ledger.accountOn(SHARD);
        batch(transfer("one", account, 1), transfer("two", account, 1));
        int place = ledger.journal(SHARD).size() - 2;
        append(renumbered(entry(place), place + 3L));

        assertFirst(Finding.Kind.OUTCOME_WITHOUT_COMMAND, place + 2);
    }

    @Test
    void aDeadLetterOfABatchIsOfOneCommand() {
        String account = ledger.accountOn(SHARD);
        byte[] good = CommandCodec.encode(transfer("good", account, 1));
        ledger.write(SHARD, Batch.encode(List.of(transfer("fine", account, 1))));
        String batch =
                "{\"type\":\"Batch\",\"commands\":[{},%s,{}]}".replace("%s", new String(good, StandardCharsets.UTF_8));
        ledger.write(SHARD, batch.getBytes(StandardCharsets.UTF_8));
        ledger.take(SHARD);
        ledger.deliver();
        ledger.submit(transfer("behind", account, 1));
        assertThat(audit().findings()).isEmpty();
        assertThat(ledger.deadLetters()).hasSize(2);

        ledger.deadLetters().removeLast();

        assertThat(first())
                .returns(Finding.Kind.COMMAND_WITHOUT_OUTCOME, Finding::kind)
                .satisfies(finding -> assertThat(finding.message()).contains("#2 is no command"));
        assertThat(audit().differences()).isEqualTo(1);
    }

    private void batch(Command... commands) {
        ledger.write(SHARD, Batch.encode(List.of(commands)));
        ledger.take(SHARD);
        ledger.deliver();
    }

    @Test
    void aChangedAmountIsFoundWithWhatItWas() {
        int place = transferSent();
        Posting posting = entry(place).postings().getFirst();
        String amount = posting.amount().toString();
        byte[] record = ledger.journal(SHARD).get(place);
        String changed = new String(record, StandardCharsets.UTF_8)
                .replaceFirst("\"amount\":\"" + amount + "\"", "\"amount\":\"" + amount + "1\"")
                .replaceFirst(
                        "\"amount\":\"" + amount.substring(1) + "\"", "\"amount\":\"" + amount.substring(1) + "1\"");
        ledger.journal(SHARD).set(place, changed.getBytes(StandardCharsets.UTF_8));

        assertFirst(Finding.Kind.CHAIN, place)
                .returns(posting.account() + " GOLD available", Finding::account)
                .returns(amount, Finding::expected)
                .returns(amount + "1", Finding::found);
        assertThat(audit(false).findings().getFirst().sequence()).isEqualTo(place + 1);
    }

    @Test
    void aRemovedRecordIsFound() {
        ledger.journal(SHARD).remove(20);

        assertFirst(Finding.Kind.CHAIN, 20).returns("21", Finding::expected).returns("22", Finding::found);
    }

    @Test
    void aDoubledRecordIsFound() {
        ledger.journal(SHARD).add(20, ledger.journal(SHARD).get(19));

        assertFirst(Finding.Kind.CHAIN, 20).returns("21", Finding::expected).returns("20", Finding::found);
    }

    @Test
    void swappedRecordsAreFound() {
        Collections.swap(ledger.journal(SHARD), 20, 21);

        assertFirst(Finding.Kind.CHAIN, 20).returns("21", Finding::expected).returns("22", Finding::found);
    }

    @Test
    void aRecordThatIsNoneIsFound() {
        ledger.journal(SHARD).set(20, "{}".getBytes(StandardCharsets.UTF_8));

        assertFirst(Finding.Kind.CHAIN, 20);
    }

    /** A forger who recomputes all hashes fools the chain, and not the rules. */
    @Test
    void aForgedAmountIsFoundByDecidingAgain() {
        int place = transferPosted();
        Posting posting = entry(place).postings().getFirst();
        Forgery.forge(ledger.journal(SHARD), place, AuditTest::withOneMore);

        assertThat(audit(false).findings()).isNotEmpty();
        assertFirst(Finding.Kind.DECISION, place)
                .returns(posting.account() + " GOLD available", Finding::account)
                .returns(posting.amount().toString(), Finding::expected)
                .returns(posting.amount().subtract(BigInteger.ONE).toString(), Finding::found);
    }

    @Test
    void aForgedMemoIsFoundByDecidingAgainOnly() {
        int place = transferPosted();
        Forgery.forge(ledger.journal(SHARD), place, Forgery::bribed);

        assertThat(audit(false).passed()).isTrue();
        assertFirst(Finding.Kind.DECISION, place)
                .satisfies(finding -> assertThat(finding.found()).contains("bribe"));
    }

    @Test
    void aForgedEntryAtTheEndIsAnOutcomeWithoutACommand() {
        int end = ledger.journal(SHARD).size();
        Entry last = entry(end - 1);
        Entry forged = new Entry(
                SHARD,
                end + 1,
                "forged",
                null,
                last.cause(),
                last.atMillis(),
                new Event.CommandRejected("Burn", "a1", rejected()),
                List.of());
        append(forged);

        assertThat(audit(false).passed()).isTrue();
        assertFirst(Finding.Kind.OUTCOME_WITHOUT_COMMAND, end)
                .satisfies(finding -> assertThat(finding.found()).contains("forged"));
    }

    @Test
    void anEntryForARecordThatThereIsNotIsAnOutcomeWithoutACommand() {
        int end = ledger.journal(SHARD).size();
        Entry last = entry(end - 1);
        append(new Entry(
                SHARD,
                end + 1,
                "forged",
                null,
                "ledger.commands-1@123456",
                last.atMillis(),
                new Event.CommandRejected("Burn", "a1", rejected()),
                List.of()));

        assertFirst(Finding.Kind.OUTCOME_WITHOUT_COMMAND, end);
    }

    /** All behind it is numbered and sealed again, as if it had never been: a rejection, so that no balance tells. */
    @Test
    void aForgedGapIsACommandWithoutAnOutcome() {
        int place = place(Event.CommandRejected.class);
        Entry removed = entry(place);
        List<byte[]> journal = ledger.journal(SHARD);
        List<Entry> rest = new ArrayList<>();
        for (int i = place + 1; i < journal.size(); i++) {
            rest.add(entry(i));
        }
        journal.subList(place, journal.size()).clear();
        for (Entry entry : rest) {
            append(renumbered(entry, entry.sequence() - 1));
        }

        assertThat(audit(false).passed()).isTrue();
        Finding first = first();
        assertThat(first.kind()).isEqualTo(Finding.Kind.COMMAND_WITHOUT_OUTCOME);
        assertThat(first.shard()).isEqualTo(SHARD);
        assertThat(first.sequence()).isEqualTo(place + 1);
        assertThat(first.message()).contains(removed.commandId(), removed.cause());
    }

    @Test
    void aCommandThatWasTakenAwayLeavesAnOutcomeWithoutIt() {
        int place = transferPosted();
        String cause = entry(place).cause();
        long offset = Long.parseLong(cause.substring(cause.indexOf('@') + 1));
        assertThat(ledger.commands(SHARD).removeIf(record -> record.offset() == offset))
                .isTrue();

        assertFirst(Finding.Kind.OUTCOME_WITHOUT_COMMAND, place);
    }

    @Test
    void aCommandThatWasChangedLaterIsNotWhatWasDecided() {
        int place = transferPosted();
        String cause = entry(place).cause();
        long offset = Long.parseLong(cause.substring(cause.indexOf('@') + 1));
        TransferTerms terms = ((Event.TransferPosted) entry(place).event()).terms();
        Amount more = new Amount(terms.amount().minorUnits().add(BigInteger.ONE));
        byte[] changed = CommandCodec.encode(
                new Command.Transfer(terms.id(), "GOLD", terms.from(), terms.to(), more, "", Map.of()));
        ledger.commands(SHARD)
                .replaceAll(record -> record.offset() == offset
                        ? new ScratchLedger.Written(offset, record.atMillis(), null, changed, record.headers())
                        : record);

        assertFirst(Finding.Kind.DECISION, place)
                .returns(more.minorUnits().negate().toString(), Finding::expected)
                .returns(terms.amount().minorUnits().negate().toString(), Finding::found);
    }

    @Test
    void aCommandThatWasPutInLaterHasNoOutcome() {
        ScratchLedger.Written before = ledger.commands(SHARD).get(5);
        byte[] planted = CommandCodec.encode(transfer("planted", ledger.accountOn(SHARD), 3));
        ledger.commands(SHARD)
                .add(
                        6,
                        new ScratchLedger.Written(
                                before.offset() + 1, before.atMillis(), null, planted, before.headers()));

        Finding first = first();
        assertThat(first.kind()).isEqualTo(Finding.Kind.COMMAND_WITHOUT_OUTCOME);
        assertThat(first.offset()).isEqualTo(before.offset() + 1);
        assertThat(first.message()).contains("planted");
    }

    @Test
    void aMessageThatWasChangedIsNotWhatWasSent() {
        int place = place(Event.TransferReceived.class);
        Event.TransferReceived received = (Event.TransferReceived) entry(place).event();
        ledger.transit(SHARD).replaceAll(record -> {
            Transit message = TransitCodec.decode(Objects.requireNonNull(record.value()));
            return message.from() == received.fromShard() && message.number() == received.number()
                    ? new ScratchLedger.Written(
                            record.offset(),
                            record.atMillis(),
                            null,
                            TransitCodec.encode(new Transit.TransferCredit(
                                    message.from(),
                                    message.to(),
                                    message.number(),
                                    Forgery.withMemo(received.terms(), "x"))),
                            record.headers())
                    : record;
        });

        AuditReport report = audit();

        assertThat(report.findings())
                .anySatisfy(finding -> assertThat(finding)
                        .returns(Finding.Kind.MESSAGE, Finding::kind)
                        .returns(SHARD, Finding::shard)
                        .satisfies(it -> assertThat(it.message())
                                .contains("message " + received.number() + " from shard " + received.fromShard())))
                .anySatisfy(finding -> assertThat(finding)
                        .returns(Finding.Kind.DECISION, Finding::kind)
                        .returns(place + 1L, Finding::sequence));
    }

    @Test
    void aMessageThatNobodySentIsFound() {
        int from = (SHARD + 1) % ScratchLedger.SHARDS;
        long next = ledger.state(from).channel(SHARD).sent() + 1;
        TransferTerms terms = new TransferTerms(
                "forged",
                TransferKind.TRANSFER,
                "GOLD",
                ledger.accountOn(from),
                ledger.accountOn(SHARD),
                Amount.of(1_000_000),
                null,
                "",
                Map.of());
        List<ScratchLedger.Written> transit = ledger.transit(SHARD);
        long offset = transit.getLast().offset() + 2;
        transit.add(new ScratchLedger.Written(
                offset,
                ledger.nowMillis(),
                null,
                TransitCodec.encode(new Transit.TransferCredit(from, SHARD, next, terms)),
                transit.getLast().headers()));

        assertThat(first())
                .returns(Finding.Kind.MESSAGE, Finding::kind)
                .returns(SHARD, Finding::shard)
                .returns(offset, Finding::offset);
        // The shard takes it for money.
        ledger.deliver();
        assertThat(audit().findings())
                .anySatisfy(finding -> assertThat(finding)
                        .returns(Finding.Kind.MESSAGE, Finding::kind)
                        .returns(SHARD, Finding::shard));
        assertThat(audit(false).passed()).isFalse();
    }

    @Test
    void aMessageThatIsMissingIsFound() {
        ledger.submitUndelivered(new Command.Mint("late", "GOLD", ledger.accountOn(SHARD), Amount.of(1), Map.of()));
        int issuer = ledger.shardOf("@GOLD");
        int to = issuer == SHARD ? (SHARD + 1) % ScratchLedger.SHARDS : SHARD;
        if (issuer == SHARD) {
            ledger.submitUndelivered(new Command.Mint("later", "GOLD", ledger.accountOn(to), Amount.of(1), Map.of()));
        }
        ledger.transit(to).removeLast();

        assertThat(first())
                .returns(Finding.Kind.MESSAGE, Finding::kind)
                .returns(to, Finding::shard)
                .satisfies(finding -> assertThat(finding.expected()).contains(issuer + ":"));
    }

    @Test
    void aMisroutedCommandThatWasNotPassedOnHasNoOutcome() {
        int wrong = (SHARD + 1) % ScratchLedger.SHARDS;
        ledger.write(wrong, CommandCodec.encode(transfer("astray", ledger.accountOn(SHARD), 6)));
        ledger.take(wrong);
        ledger.commands(SHARD).removeLast();
        ledger.submit(transfer("last", ledger.accountOn(wrong), 1));

        assertThat(first())
                .returns(Finding.Kind.COMMAND_WITHOUT_OUTCOME, Finding::kind)
                .returns(wrong, Finding::shard)
                .satisfies(finding -> assertThat(finding.message()).contains("passed on to shard " + SHARD));
    }

    @Test
    void aHoldThatExpiresBeforeItsTimeIsFound() {
        String account = ledger.accountOn(SHARD);
        long expires = ledger.nowMillis() + 50_000;
        ledger.submit(new Command.PlaceHold("hold", "GOLD", account, null, Amount.of(7), expires, "", Map.of()));
        ScratchLedger early = ledger;
        early.pass(100_000);
        early.tick(SHARD);
        // The tick that said what time it was is one of an earlier time now, and so is all behind it.
        ScratchLedger.Written tick = early.commands(SHARD).removeLast();
        early.commands(SHARD)
                .add(new ScratchLedger.Written(
                        tick.offset(), tick.atMillis() - 90_000, null, tick.value(), tick.headers()));

        Finding first = first();
        assertThat(first.kind()).isEqualTo(Finding.Kind.DECISION);
        assertThat(first.sequence()).isEqualTo(early.journal(SHARD).size());
        assertThat(first.message()).contains("time that no input had");
    }

    @Test
    void whatWasDueAndIsNotThereIsFound() {
        String account = ledger.accountOn(SHARD);
        long expires = ledger.nowMillis() + 50;
        ledger.submit(new Command.PlaceHold("hold", "GOLD", account, null, Amount.of(7), expires, "", Map.of()));
        ledger.pass(100_000);
        String payer = account;
        ledger.submit(transfer("after", payer, 1));
        List<byte[]> journal = ledger.journal(SHARD);
        int expired = place(Event.HoldExpired.class);
        Entry after = entry(expired + 1);
        journal.subList(expired, journal.size()).clear();
        // Whoever keeps the money held gives the entries behind it balances that fit.
        append(renumbered(
                new Entry(
                        SHARD,
                        after.sequence(),
                        after.commandId(),
                        after.fingerprint(),
                        after.cause(),
                        after.atMillis(),
                        new Event.CommandRejected("Transfer", account, rejected()),
                        List.of()),
                expired + 1));

        assertFirst(Finding.Kind.DECISION, expired)
                .satisfies(finding -> assertThat(finding.expected()).contains("HOLD_EXPIRY"));
    }

    @Test
    void oneIdOnTwoShardsIsAWarning() {
        ledger.submit(transfer("same", ledger.accountOn(0), 1));
        ledger.submit(transfer("same", ledger.accountOn(2), 1));

        AuditReport report = audit();

        assertThat(report.passed()).isTrue();
        assertThat(report.warnings()).isEqualTo(1);
        assertThat(report.findings())
                .singleElement()
                .returns(Finding.Kind.ID_ON_TWO_SHARDS, Finding::kind)
                .satisfies(finding -> assertThat(finding.message()).contains("same"));
    }

    private AuditReport audit() {
        return audit(true);
    }

    private AuditReport audit(boolean decides) {
        AuditSettings settings = new AuditSettings(Map.of(), TOPICS, decides, 2, List.of(), PublicKeys.NONE, null);
        Patience patience = new Patience(Duration.ofMillis(100), Duration.ofSeconds(30), Duration.ofMillis(100));
        return new Audit(settings, () -> ScratchTopics.consumer(ledger), patience).run(Progress.NONE);
    }

    private Finding first() {
        AuditReport report = audit();
        assertThat(report.passed()).isFalse();
        return report.findings().getFirst();
    }

    /** What is found first is at that index of the shard's journal. */
    private ObjectAssert<Finding> assertFirst(Finding.Kind kind, int place) {
        Finding first = first();
        return assertThat(first)
                .returns(kind, Finding::kind)
                .returns(SHARD, Finding::shard)
                .returns(place + 1L, Finding::sequence)
                .returns(2L * place, Finding::offset);
    }

    private Command transfer(String id, String from, long amount) {
        return new Command.Transfer(
                id, "GOLD", from, "a" + (from.equals("a7") ? 8 : 7), Amount.of(amount), "", Map.of());
    }

    private Entry entry(int place) {
        return JournalCodec.decode(ledger.journal(SHARD).get(place)).entry();
    }

    private int transferPosted() {
        return place(Event.TransferPosted.class);
    }

    private int transferSent() {
        return place(Event.TransferSent.class);
    }

    /** The third place of a kind, so that others are before and behind it; the only one when there is no third. */
    private int place(Class<? extends Event> type) {
        int found = -1;
        int count = 0;
        for (int i = 0; i < ledger.journal(SHARD).size() && count < 3; i++) {
            if (type.isInstance(entry(i).event())) {
                found = i;
                count++;
            }
        }
        assertThat(found).isNotNegative();
        return found;
    }

    private void append(Entry entry) {
        List<byte[]> journal = ledger.journal(SHARD);
        JournalRecord last = JournalCodec.decode(journal.getLast());
        journal.add(JournalCodec.encode(entry, last.hash()).bytes());
    }

    private static Entry renumbered(Entry entry, long sequence) {
        return new Entry(
                entry.shard(),
                sequence,
                entry.commandId(),
                entry.fingerprint(),
                entry.cause(),
                entry.atMillis(),
                entry.event(),
                entry.postings());
    }

    /** One unit more goes the same way. */
    private static Entry withOneMore(Entry entry) {
        TransferTerms terms = ((Event.TransferPosted) entry.event()).terms();
        var one = BigInteger.ONE;
        List<Posting> postings = entry.postings().stream()
                .map(posting -> {
                    var more = posting.amount().signum() < 0 ? one.negate() : one;
                    return new Posting(
                            posting.account(),
                            posting.bucket(),
                            posting.asset(),
                            posting.amount().add(more),
                            posting.balance().add(more),
                            posting.version());
                })
                .toList();
        TransferTerms changed = new TransferTerms(
                terms.id(),
                terms.kind(),
                terms.asset(),
                terms.from(),
                terms.to(),
                new Amount(terms.amount().minorUnits().add(one)),
                terms.reference(),
                terms.memo(),
                terms.metadata());
        return Forgery.with(entry, new Event.TransferPosted(changed), postings);
    }

    private static Rejected rejected() {
        return new Rejected(Rejection.INSUFFICIENT_FUNDS, "amount", "1", "2");
    }

    private long records() {
        long records = 0;
        for (int shard = 0; shard < ledger.shards(); shard++) {
            records += ledger.journal(shard).size();
        }
        return records;
    }
}
