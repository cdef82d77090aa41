package io.pacioli.ledger.core;

import static io.pacioli.ledger.core.LedgerFixture.START_MILLIS;
import static io.pacioli.ledger.core.LedgerFixture.goldLedger;
import static io.pacioli.ledger.core.LedgerFixture.ledger;
import static io.pacioli.ledger.core.Request.define;
import static io.pacioli.ledger.core.Request.highest;
import static io.pacioli.ledger.core.Request.mint;
import static io.pacioli.ledger.core.Request.open;
import static io.pacioli.ledger.core.Request.transfer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Evolve refuses an entry that does not follow from the state, whatever wrote it. */
class EvolutionTest {
    @Test
    void refusesASequenceThatIsNotTheNext() {
        refuses(
                e -> with(e, e.sequence() + 1, e.atMillis(), e.postings()),
                "sequences must be gapless: entry=5 last=3");
        refuses(
                e -> with(e, e.sequence() - 1, e.atMillis(), e.postings()),
                "sequences must be gapless: entry=3 last=3");
    }

    @Test
    void refusesTimeThatGoesBack() {
        refuses(e -> with(e, e.sequence(), START_MILLIS - 1, e.postings()), "time must not go back");
    }

    @Test
    void refusesAWrongVersion() {
        refuses(e -> posted(e, -30, 70, 3), "account versions must be gapless: posting=3 last=1");
        refuses(e -> posted(e, -30, 70, 1), "account versions must be gapless: posting=1 last=1");
    }

    @Test
    void refusesAWrongBalance() {
        refuses(e -> posted(e, -30, 71, 2), "balance must follow from the state");
    }

    @Test
    void refusesABalanceBelowItsLimit() {
        refuses(e -> moving(e, 101, alice(-101, -1, 2), bob(101, 101)), "must not fall below its limit");
    }

    @Test
    void refusesAnIssuerBelowItsMaximumSupply() {
        LedgerFixture ledger = ledger(1).given(define(Request.asset("GOLD", "100"), "0", null), mint("alice", "100"));
        Posting issuer = new Posting("@GOLD", Bucket.AVAILABLE, "GOLD", big(-1), big(-101), 2);
        Entry last = with(ledger.journal().getLast(), 4, START_MILLIS, List.of());
        Entry tooMuch = moving(last, 1, issuer, alice(1, 101, 2));
        assertThatThrownBy(() -> ledger.rules().evolve(ledger.shard(0), tooMuch))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("must not fall below its limit");
    }

    @Test
    void refusesAnEntryOfAnotherShard() {
        refuses(
                e -> new Entry(1, e.sequence(), null, null, e.cause(), e.atMillis(), e.event(), e.postings()),
                "must be of this shard: entry=1 shard=0");
    }

    @Test
    void refusesToDefineOrOpenTwice() {
        LedgerFixture ledger = goldLedger(1).given(open("alice"));
        Entry defined = ledger.journal().get(1);
        Entry opened = ledger.journal().get(2);
        assertThatThrownBy(() -> ledger.rules().evolve(ledger.shard(0), with(defined, 4, START_MILLIS, List.of())))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("must be defined once: asset=GOLD");
        assertThatThrownBy(() -> ledger.rules().evolve(ledger.shard(0), with(opened, 4, START_MILLIS, List.of())))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("must be opened once: account=alice");
    }

    @Test
    void refusesMessagesOutOfNumber() {
        LedgerFixture ledger = goldLedger(2)
                .given(mint("alice", "9"), open("bob1", highest("5")))
                .given(transfer("alice", "bob1", "5"))
                .when(transfer("alice", "bob1", "1"))
                .then("TransferSent", "TransferRefused", "TransferReturned");
        for (Entry entry : ledger.journal()) {
            Event skipping = skip(entry.event());
            if (skipping.equals(entry.event())) {
                continue;
            }
            InMemoryShard again = new InMemoryShard(entry.shard());
            ledger.journal().stream()
                    .filter(e -> e.shard() == entry.shard() && e.sequence() < entry.sequence())
                    .forEach(e -> ledger.rules().evolve(again, e));
            assertThatThrownBy(() -> ledger.rules().evolve(again, withEvent(entry, skipping)))
                    .as(entry.event().type())
                    .isInstanceOf(InvariantViolation.class)
                    .hasMessageContaining("gaplessly");
        }
    }

    @Test
    void refusesAnythingBeforeTheConfiguration() {
        LedgerFixture ledger = goldLedger(1);
        Entry first = with(ledger.journal().getLast(), 1, START_MILLIS, List.of());
        assertThatThrownBy(() -> ledger.rules().evolve(new InMemoryShard(0), first))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("must be configured");
    }

    @Test
    void rebuildsTheStateFromTheJournalAlone() {
        LedgerFixture ledger = goldLedger(2)
                .given(mint("alice", "9"), open("bob1", highest("5")), open("carol"))
                .given(transfer("alice", "bob1", "5"), transfer("alice", "carol", "1"))
                .when(transfer("alice", "bob1", "1"))
                .when(transfer("alice", "bob1", "100"));
        for (int shard = 0; shard < 2; shard++) {
            InMemoryShard live = ledger.shard(shard);
            InMemoryShard again = new InMemoryShard(shard);
            ledger.journal().stream()
                    .filter(e -> e.shard() == live.header().shard())
                    .forEach(e -> ledger.rules().evolve(again, e));
            assertThat(again.header()).isEqualTo(live.header());
            assertThat(again.accounts()).containsExactlyInAnyOrderElementsOf(live.accounts());
            assertThat(again.assets()).containsExactlyInAnyOrderElementsOf(live.assets());
            assertThat(again.channel(1 - shard)).isEqualTo(live.channel(1 - shard));
        }
    }

    @Test
    void timeNeverGoesBackForAnInputThatCameLate() {
        LedgerFixture ledger = goldLedger(1).at(5).when(open("alice"));
        assertThat(ledger.since().getFirst().atMillis()).isEqualTo(START_MILLIS);
        assertThat(ledger.lastOutcome().atMillis()).isEqualTo(START_MILLIS);
        ledger.at(START_MILLIS + 9).when(open("bob"));
        assertThat(ledger.since().getFirst().atMillis()).isEqualTo(START_MILLIS + 9);
    }

    @Test
    void theNumberOfShardsIsFixed() {
        LedgerFixture ledger = ledger(2);
        assertThatThrownBy(() -> ledger.whenConfigured(new ShardConfiguration(3, 1, 1)))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("shards=3");
    }

    @Test
    void theSameConfigurationAgainChangesNothing() {
        LedgerFixture ledger = ledger(2);
        ledger.whenConfigured(ledger.shard(0).header().configured()).then();
    }

    /** Gives a tampered form of the next entry, a transfer of 30 from Alice's 100 to Bob, to the state before it. */
    private static void refuses(UnaryOperator<Entry> tamper, String message) {
        LedgerFixture ledger = goldLedger(1).given(mint("alice", "100"));
        Command command = transfer("alice", "bob", "30").withId("t");
        Decision.Journaled decision =
                (Decision.Journaled) ledger.rules().decide(ledger.commandInput(command), ledger.shard(0));
        Entry tampered = tamper.apply(decision.entries().getFirst());
        assertThatThrownBy(() -> ledger.rules().evolve(ledger.shard(0), tampered))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining(message);
    }

    private static Event skip(Event event) {
        return switch (event) {
            case Event.AssetLearned e -> new Event.AssetLearned(e.asset(), e.fromShard(), e.number() + 1);
            case Event.TransferSent e -> new Event.TransferSent(e.terms(), e.toShard(), e.number() + 1);
            case Event.TransferReceived e -> new Event.TransferReceived(e.terms(), e.fromShard(), e.number() + 1);
            case Event.TransferRefused e ->
                new Event.TransferRefused(e.terms(), e.fromShard(), e.number(), e.returnNumber() + 1, e.reason());
            case Event.TransferReturned e ->
                new Event.TransferReturned(e.terms(), e.fromShard(), e.number() + 1, e.reason());
            case Event.TransactionPrepared e ->
                new Event.TransactionPrepared(e.terms(), e.number(), e.voteNumber() + 1);
            case Event.TransactionRefused e ->
                new Event.TransactionRefused(e.terms(), e.number() + 1, e.voteNumber(), e.reason());
            case Event.TransactionVoted e ->
                new Event.TransactionVoted(e.transaction(), e.fromShard(), e.number() + 1, e.prepare(), e.reason());
            case Event.TransactionSettled e -> new Event.TransactionSettled(e.terms(), e.fromShard(), e.number() + 1);
            case Event.TransactionReleased e ->
                new Event.TransactionReleased(e.transaction(), e.fromShard(), e.number() + 1, e.reason());
            default -> event;
        };
    }

    private static Entry with(Entry entry, long sequence, long atMillis, List<Posting> postings) {
        return new Entry(
                entry.shard(),
                sequence,
                entry.commandId(),
                entry.fingerprint(),
                entry.cause(),
                atMillis,
                entry.event(),
                postings);
    }

    private static Entry withEvent(Entry entry, Event event) {
        return new Entry(
                entry.shard(),
                entry.sequence(),
                entry.commandId(),
                entry.fingerprint(),
                entry.cause(),
                entry.atMillis(),
                event,
                entry.postings());
    }

    /** The entry of the same transfer of another amount. */
    private static Entry moving(Entry entry, long amount, Posting... postings) {
        TransferTerms t = ((Event.TransferPosted) entry.event()).terms();
        TransferTerms terms = new TransferTerms(
                t.id(), t.kind(), t.asset(), t.from(), t.to(), Amount.of(amount), null, t.memo(), t.metadata());
        Entry told = withEvent(entry, new Event.TransferPosted(terms));
        return with(told, entry.sequence(), entry.atMillis(), List.of(postings));
    }

    private static Entry posted(Entry entry, long amount, long balance, long version) {
        Posting other = entry.postings().get(1);
        return with(entry, entry.sequence(), entry.atMillis(), List.of(alice(amount, balance, version), other));
    }

    private static Posting alice(long amount, long balance, long version) {
        return new Posting("alice", Bucket.AVAILABLE, "GOLD", big(amount), big(balance), version);
    }

    private static Posting bob(long amount, long balance) {
        return new Posting("bob", Bucket.AVAILABLE, "GOLD", big(amount), big(balance), 1);
    }

    private static BigInteger big(long number) {
        return BigInteger.valueOf(number);
    }
}
