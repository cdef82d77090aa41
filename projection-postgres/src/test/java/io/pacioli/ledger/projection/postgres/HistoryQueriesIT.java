package io.pacioli.ledger.projection.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.pacioli.ledger.api.Timestamps;
import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Conditions;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.service.Positions;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.groups.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HistoryQueriesIT {
    private static final int SHARDS = 3;

    private final ProjectedLedger projected = new ProjectedLedger(SHARDS);
    private final ScriptedLedger ledger = projected.ledger();
    private final String payer = ledger.accountOn(0, "payer");
    private final String neighbour = ledger.accountOn(0, "neighbour");
    private final String stranger = ledger.accountOn(1, "stranger");

    @BeforeEach
    void define() {
        ledger.define("GOLD", payer, 1_000_000);
        project();
    }

    @AfterEach
    void close() {
        projected.close();
    }

    private void project() {
        projected.project();
    }

    private History.AccountEntries page(String account, @Nullable String cursor, int limit) {
        return projected
                .postings()
                .ofAccount(
                        account,
                        PostingFilter.ANY,
                        Asked.ALL,
                        cursor == null ? null : Cursor.InTime.parse(Cursor.Kind.ACCOUNT, cursor),
                        limit)
                .present();
    }

    private History.Rejections rejections(@Nullable String cursor, int limit) {
        return projected
                .rejections()
                .page(
                        RejectionPages.Filter.ANY,
                        Asked.ALL,
                        cursor == null ? null : Cursor.InTime.parse(Cursor.Kind.REJECTIONS, cursor),
                        limit)
                .present();
    }

    private History.Transfer transfer(String id) {
        return projected.commands().transfer(id).present();
    }

    private History.Command command(String id) {
        return projected.commands().command(id).present();
    }

    @Test
    void anAccountsHistoryTellsEachChange() {
        ledger.run(ScriptedLedger.transfer("t1", "GOLD", payer, stranger, 1_250, "lunch 🍜", Map.of("order", "a/7")));
        project();

        History.AccountEntries page = page(payer, null, 10);
        assertThat(page.asOf()).isEqualTo("0:" + ledger.sequence(0));
        assertThat(page.nextCursor()).isNull();
        assertThat(page.entries()).hasSize(2);
        History.PostedEntry sent = page.entries().getFirst();
        assertThat(sent.position().toString()).isEqualTo("0:" + ledger.sequence(0));
        assertThat(sent.type()).isEqualTo("TransferSent");
        assertThat(sent.kind()).isEqualTo("transfer");
        assertThat(sent.commandId()).isEqualTo("t1");
        assertThat(sent.asset()).isEqualTo("GOLD");
        assertThat(sent.bucket()).isEqualTo("available");
        assertThat(sent.amount()).isEqualTo(-1_250);
        assertThat(sent.balance()).isEqualTo(998_750);
        assertThat(sent.version()).isEqualTo(2);
        assertThat(sent.counterparty()).isEqualTo(stranger);
        assertThat(sent.memo()).isEqualTo("lunch 🍜");
        assertThat(sent.metadata()).isEqualTo("{\"order\": \"a/7\"}");
        assertThat(page.entries().getLast().kind()).isEqualTo("mint");
        assertThat(page.entries().getLast().counterparty()).isEqualTo("@GOLD");
        assertThat(page(stranger, null, 10).entries())
                .singleElement()
                .satisfies(entry -> assertThat(entry.counterparty()).isEqualTo(payer));
    }

    @Test
    void pagesStayCorrectWhileEntriesArrive() {
        transfers("before", 40);
        String clearing = AccountId.clearing(1, "GOLD");
        for (String account : List.of(payer, clearing)) {
            List<History.PostedEntry> expected = page(account, null, 500).entries();
            List<History.PostedEntry> read = new ArrayList<>();
            String cursor = null;
            do {
                History.AccountEntries page = page(account, cursor, 7);
                read.addAll(page.entries());
                cursor = page.nextCursor();
                transfers("during" + account + read.size(), 3);
            } while (cursor != null);
            assertThat(read).isEqualTo(expected);
            assertThat(read)
                    .isSortedAccordingTo(
                            Comparator.comparing(History.PostedEntry::at).reversed());
        }
    }

    private void transfers(String id, int count) {
        for (int i = 0; i < count; i++) {
            ledger.run(ScriptedLedger.transfer(id + i, "GOLD", payer, i % 2 == 0 ? stranger : neighbour, 1 + i));
            ledger.run(ScriptedLedger.transfer(id + i + "x", "GOLD", payer, ledger.accountOn(2, "other"), 1));
        }
        project();
    }

    @Test
    void anAccountWithoutEntriesIsKnownOnceOpened() {
        assertThat(projected
                        .postings()
                        .ofAccount("nobody", PostingFilter.ANY, Asked.ALL, null, 10)
                        .answer())
                .isNull();
        ledger.open("opened", "GOLD", 10);
        project();
        assertThat(page("opened", null, 10).entries()).isEmpty();
    }

    @Test
    void aTransferOnOneShardIsPosted() {
        ledger.run(ScriptedLedger.transfer("t1", "GOLD", payer, neighbour, 5, "memo", Map.of("k", "v")));
        project();
        History.Transfer transfer = transfer("t1");
        assertThat(transfer.status()).isEqualTo(History.TransferStatus.POSTED);
        assertThat(transfer.kind()).isEqualTo("transfer");
        assertThat(transfer.from()).isEqualTo(payer);
        assertThat(transfer.to()).isEqualTo(neighbour);
        assertThat(transfer.amount()).isEqualTo(5);
        assertThat(transfer.memo()).isEqualTo("memo");
        assertThat(transfer.metadata()).containsExactly(Map.entry("k", "v"));
        assertThat(transfer.asOf()).isEqualTo("0:" + ledger.sequence(0));
        assertThat(transfer.entries()).hasSize(1);
    }

    @Test
    void aTransferAcrossShardsIsSentAndThenReceived() {
        ledger.runWithoutTransit(ScriptedLedger.transfer("t1", "GOLD", payer, stranger, 5));
        project();
        assertThat(transfer("t1").status()).isEqualTo(History.TransferStatus.SENT);
        ledger.deliverOneTransit();
        project();
        History.Transfer transfer = transfer("t1");
        assertThat(transfer.status()).isEqualTo(History.TransferStatus.RECEIVED);
        assertThat(transfer.reason()).isNull();
        assertThat(transfer.entries())
                .extracting(History.EntryStep::type)
                .containsExactly("TransferSent", "TransferReceived");
        assertThat(transfer.asOf()).isEqualTo("0:" + ledger.sequence(0) + ",1:" + ledger.sequence(1));
    }

    @Test
    void aTransferThatCannotBeCreditedIsReturnedWithTheReason() {
        String capped = ledger.accountOn(1, "capped");
        ledger.open(capped, "GOLD", 10);
        ledger.runWithoutTransit(ScriptedLedger.transfer("t1", "GOLD", payer, capped, 11));
        ledger.deliverOneTransit();
        project();
        assertThat(transfer("t1").status()).isEqualTo(History.TransferStatus.SENT);
        assertThat(Objects.requireNonNull(transfer("t1").reason()).code()).isEqualTo("HIGHEST_BALANCE_EXCEEDED");
        ledger.deliverOneTransit();
        project();
        History.Transfer transfer = transfer("t1");
        assertThat(transfer.status()).isEqualTo(History.TransferStatus.RETURNED);
        assertThat(Objects.requireNonNull(transfer.reason()).message()).contains("highest balance allowed");
        assertThat(transfer.entries())
                .extracting(History.EntryStep::type)
                .containsExactly("TransferSent", "TransferRefused", "TransferReturned");
    }

    @Test
    void aTransferWhosePayersShardIsBehindIsReceived() {
        ledger.run(ScriptedLedger.transfer("t1", "GOLD", payer, stranger, 5));
        projected.projectOnly(1);
        assertThat(transfer("t1").status()).isEqualTo(History.TransferStatus.RECEIVED);
        assertThat(transfer("t1").entries()).hasSize(1);
    }

    @Test
    void anUnknownTransferIsNotFoundAsOfAllShards() {
        Found<History.Transfer> found = projected.commands().transfer("none");
        assertThat(found.answer()).isNull();
        assertThat(Positions.text(found.asOf()))
                .isEqualTo("0:" + ledger.sequence(0) + ",1:" + ledger.sequence(1) + ",2:" + ledger.sequence(2));
    }

    @Test
    void theFirstSupplyIsATransferAndTheOutcomeOfItsDefinition() {
        assertThat(transfer("define-GOLD").kind()).isEqualTo("mint");
        assertThat(command("define-GOLD").type()).startsWith("Transfer");
    }

    @Test
    void aCommandHasTheOutcomeThatItWasGiven() {
        Outcome accepted =
                Objects.requireNonNull(ledger.run(ScriptedLedger.transfer("t1", "GOLD", payer, neighbour, 5)));
        Outcome refused =
                Objects.requireNonNull(ledger.run(ScriptedLedger.transfer("t2", "GOLD", payer, neighbour, 2_000_000)));
        project();

        History.Command first = command("t1");
        assertThat(first.outcome()).isEqualTo(History.CommandStatus.ACCEPTED);
        assertThat(first.position()).isEqualTo(accepted.position());
        assertThat(first.at().toEpochMilli()).isEqualTo(accepted.atMillis());
        assertThat(first.rejection()).isNull();

        History.Command second = command("t2");
        assertThat(second.outcome()).isEqualTo(History.CommandStatus.REJECTED);
        assertThat(second.position()).isEqualTo(refused.position());
        History.Reason reason = Objects.requireNonNull(second.rejection());
        assertThat(reason.code()).isEqualTo("INSUFFICIENT_FUNDS");
        assertThat(reason.field()).isEqualTo("amount");
        assertThat(reason.limit()).isEqualTo("999995");
        assertThat(reason.value()).isEqualTo("2000000");
    }

    private static History.Reversal reversal(String id, long amount, History.TransferStatus status) {
        return new History.Reversal(id, BigInteger.valueOf(amount), status);
    }

    @Test
    void captureAndReversalTellWhatTheyGoBackTo() {
        ledger.run(ScriptedLedger.hold("hold", "GOLD", payer, 100));
        ledger.run(ScriptedLedger.capture("capture", "hold", payer, 60, stranger));
        ledger.run(ScriptedLedger.reverse("reverse1", "capture", stranger, 10));
        ledger.runWithoutTransit(ScriptedLedger.reverse("reverse2", "capture", stranger, 20));
        project();

        History.Transfer capture = transfer("capture");
        assertThat(capture.kind()).isEqualTo("capture");
        assertThat(capture.reference()).isEqualTo("hold");
        assertThat(capture.reversals())
                .containsExactly(
                        reversal("reverse2", 20, History.TransferStatus.SENT),
                        reversal("reverse1", 10, History.TransferStatus.RECEIVED));
        History.Transfer reversal = transfer("reverse1");
        assertThat(reversal.kind()).isEqualTo("reversal");
        assertThat(reversal.reference()).isEqualTo("capture");
        assertThat(reversal.reversals()).isEmpty();

        ledger.deliverOneTransit();
        ledger.run(new Command.VoidHold("void", "hold", payer, Map.of()));
        project();
        assertThat(transfer("capture").reversals())
                .first()
                .isEqualTo(reversal("reverse2", 20, History.TransferStatus.RECEIVED));
        assertThat(page(payer, null, 7).entries())
                .extracting(
                        History.PostedEntry::type,
                        History.PostedEntry::bucket,
                        entry -> entry.amount().intValue(),
                        History.PostedEntry::reference,
                        History.PostedEntry::counterparty)
                .containsExactly(
                        tuple("HoldVoided", "held", -40, "hold", null),
                        tuple("HoldVoided", "available", 40, "hold", null),
                        tuple("TransferReceived", "available", 20, "capture", stranger),
                        tuple("TransferReceived", "available", 10, "capture", stranger),
                        tuple("TransferSent", "held", -60, "hold", stranger),
                        tuple("HoldPlaced", "held", 100, null, null),
                        tuple("HoldPlaced", "available", -100, null, null));
    }

    @Test
    void aReversalThatComesBackIsReturned() {
        ledger.run(ScriptedLedger.transfer("t1", "GOLD", payer, stranger, 50));
        ledger.run(ScriptedLedger.freeze("freeze", payer));
        ledger.run(ScriptedLedger.reverse("reverse", "t1", stranger, 50));
        project();
        assertThat(transfer("t1").reversals())
                .containsExactly(reversal("reverse", 50, History.TransferStatus.RETURNED));
    }

    @Test
    void reversalsOfAnotherTransferWithTheSameIdAreNotTold() {
        ledger.run(ScriptedLedger.transfer("same", "GOLD", payer, neighbour, 50));
        ledger.run(ScriptedLedger.reverse("reverse", "same", neighbour, 5));
        ledger.run(ScriptedLedger.transfer("fill", "GOLD", payer, stranger, 50));
        ledger.run(ScriptedLedger.transfer("same", "GOLD", stranger, payer, 50));
        project();
        assertThat(transfer("same").from()).isEqualTo(stranger);
        assertThat(transfer("same").reversals()).isEmpty();
    }

    @Test
    void theNewestReversalsAreTold() {
        ledger.run(ScriptedLedger.transfer("t1", "GOLD", payer, stranger, 500));
        for (int i = 0; i < 110; i++) {
            ledger.run(ScriptedLedger.reverse("reverse" + i, "t1", stranger, 1));
        }
        project();
        assertThat(transfer("t1").reversals())
                .hasSize(100)
                .startsWith(reversal("reverse109", 1, History.TransferStatus.RECEIVED))
                .endsWith(reversal("reverse10", 1, History.TransferStatus.RECEIVED));
    }

    /** The counterparties of what a transaction moved to and from an account, in order. */
    private List<Tuple> movements(String account) {
        return page(account, null, 20).entries().reversed().stream()
                .filter(entry -> "trade".equals(entry.commandId()))
                .map(entry -> tuple(entry.bucket(), entry.amount().intValue(), entry.counterparty()))
                .toList();
    }

    @Test
    void theLegsOfATransactionHaveCounterpartiesOnAllItsShards() {
        String other = ledger.accountOn(2, "other");
        ledger.run(ScriptedLedger.transact(
                "trade",
                ScriptedLedger.leg("GOLD", payer, stranger, 30),
                ScriptedLedger.leg("GOLD", payer, neighbour, 5),
                ScriptedLedger.leg("GOLD", stranger, other, 20),
                ScriptedLedger.leg("GOLD", other, neighbour, 10)));
        project();

        assertThat(movements(payer))
                .containsExactly(
                        tuple("available", -35, null),
                        tuple("held", 35, null),
                        tuple("available", 35, null),
                        tuple("held", -35, null),
                        tuple("available", -30, stranger),
                        tuple("available", -5, neighbour));
        assertThat(movements(neighbour)).containsExactly(tuple("available", 5, payer), tuple("available", 10, other));
        assertThat(movements(stranger)).containsExactly(tuple("available", 30, payer), tuple("available", -20, other));
        assertThat(movements(other))
                .containsExactly(tuple("available", 20, stranger), tuple("available", -10, neighbour));
        assertThat(movements(AccountId.clearing(0, "GOLD")))
                .containsExactlyInAnyOrder(tuple("available", -30, stranger), tuple("available", 10, other));
        assertThat(movements(AccountId.clearing(1, "GOLD")))
                .containsExactlyInAnyOrder(tuple("available", 30, payer), tuple("available", -20, other));
        assertThat(movements(AccountId.clearing(2, "GOLD")))
                .containsExactlyInAnyOrder(tuple("available", 20, stranger), tuple("available", -10, neighbour));
    }

    @Test
    void aTransactionOnOneShardHasCounterparties() {
        ledger.run(ScriptedLedger.transact(
                "trade",
                ScriptedLedger.leg("GOLD", payer, neighbour, 30),
                ScriptedLedger.leg("GOLD", neighbour, payer, 10)));
        project();
        assertThat(movements(payer))
                .containsExactly(tuple("available", -30, neighbour), tuple("available", 10, neighbour));
        assertThat(movements(neighbour)).containsExactly(tuple("available", 30, payer), tuple("available", -10, payer));
    }

    @Test
    void aCommandIsPendingUntilItsTimeHasCome() {
        long due = ledger.nextMillis() + 1_000;
        ledger.run(new Command.Transfer(
                "later", "GOLD", payer, neighbour, Amount.of(5), "", new Conditions(due, null, null), Map.of()));
        project();
        assertThat(command("later").outcome()).isEqualTo(History.CommandStatus.PENDING);
        assertThat(command("later").type()).isEqualTo("CommandDeferred");
        assertThat(transfer("later").status()).isEqualTo(History.TransferStatus.PENDING);
        assertThat(transfer("later").notBefore()).isEqualTo(Timestamps.format(due));

        ledger.pass(1_000);
        ledger.run(ScriptedLedger.transfer("t1", "GOLD", payer, neighbour, 1));
        project();
        assertThat(command("later").outcome()).isEqualTo(History.CommandStatus.ACCEPTED);
        assertThat(transfer("later").amount()).isEqualTo(5);
        assertThat(transfer("later").status()).isEqualTo(History.TransferStatus.POSTED);
        assertThat(transfer("later").notBefore()).isEqualTo(Timestamps.format(due));
        assertThat(transfer("later").entries())
                .extracting(History.EntryStep::type)
                .containsExactly("CommandDeferred", "TransferPosted");
    }

    @Test
    void aTransactionIsPendingUntilTheOtherShardsHaveAgreed() {
        ledger.runWithoutTransit(ScriptedLedger.transact("trade", ScriptedLedger.leg("GOLD", payer, stranger, 30)));
        project();
        assertThat(command("trade").outcome()).isEqualTo(History.CommandStatus.PENDING);
        ledger.deliverTransit();
        project();
        assertThat(command("trade").outcome()).isEqualTo(History.CommandStatus.ACCEPTED);
        assertThat(command("trade").type()).isEqualTo("TransactionCommitted");

        ledger.runWithoutTransit(ScriptedLedger.transact("late", ScriptedLedger.leg("GOLD", payer, stranger, 30)));
        ledger.pass(Command.Transact.DEADLINE_DEFAULT_MILLIS);
        ledger.run(ScriptedLedger.transfer("t1", "GOLD", payer, neighbour, 1));
        project();
        assertThat(command("late").outcome()).isEqualTo(History.CommandStatus.REJECTED);
        assertThat(Objects.requireNonNull(command("late").rejection()).code()).isEqualTo("TRANSACTION_TIMED_OUT");
    }

    @Test
    void aConflictOverAnIdDoesNotHideTheOutcome() {
        ledger.run(ScriptedLedger.transfer("t1", "GOLD", payer, neighbour, 5));
        Outcome conflict =
                Objects.requireNonNull(ledger.run(ScriptedLedger.transfer("t1", "GOLD", payer, neighbour, 6)));
        project();
        assertThat(conflict).isInstanceOf(Outcome.Refused.class);
        assertThat(command("t1").outcome()).isEqualTo(History.CommandStatus.ACCEPTED);
        assertThat(transfer("t1").amount()).isEqualTo(5);
        assertThat(rejections(null, 1).rejections()).singleElement().satisfies(rejected -> {
            assertThat(rejected.code()).isEqualTo("IDEMPOTENCY_CONFLICT");
            assertThat(rejected.position()).isEqualTo(conflict.position());
        });
    }

    /** Before what follows from the command, and after it: a client can make any number of them. */
    @Test
    void anyNumberOfConflictsOverAnIdHidesNothing() {
        ledger.open(stranger, "GOLD", 1);
        ledger.runWithoutTransit(ScriptedLedger.transfer("t1", "GOLD", payer, stranger, 5));
        conflicts(Page.READ_MAX);
        ledger.deliverTransit();
        conflicts(Page.READ_MAX);
        project();
        assertThat(transfer("t1").status()).isEqualTo(History.TransferStatus.RETURNED);
        assertThat(transfer("t1").entries())
                .extracting(History.EntryStep::type)
                .containsExactly("TransferSent", "TransferRefused", "TransferReturned");
        assertThat(command("t1").outcome()).isEqualTo(History.CommandStatus.ACCEPTED);
        assertThat(command("t1").entries()).isEqualTo(transfer("t1").entries());

        EntryFilter ofCommand = new EntryFilter(null, null, "t1", null, null);
        List<String> types = new ArrayList<>();
        String cursor = null;
        do {
            History.JournalEntries page = projected
                    .entries()
                    .page(
                            ofCommand,
                            Asked.ALL,
                            cursor == null ? null : Cursor.InTime.parse(Cursor.Kind.JOURNAL, cursor),
                            500)
                    .present();
            page.entries().forEach(entry -> types.add(entry.type()));
            cursor = page.nextCursor();
        } while (cursor != null);
        List<String> conflicts = Collections.nCopies(Page.READ_MAX, "CommandRejected");
        List<String> expected = new ArrayList<>(conflicts);
        expected.addAll(List.of("TransferReturned", "TransferRefused"));
        expected.addAll(conflicts);
        expected.add("TransferSent");
        assertThat(types).isEqualTo(expected);
    }

    private void conflicts(int number) {
        for (int i = 0; i < number; i++) {
            ledger.runWithoutTransit(ScriptedLedger.transfer("t1", "GOLD", payer, neighbour, 6 + i));
        }
    }

    /** The decimals of an answer come from there; without it the answer would change while its entity tag does not. */
    @Test
    void balancesOfAnAccountAreAsOfTheIssuersShardsToo() {
        ledger.run(ScriptedLedger.transfer("t1", "GOLD", payer, stranger, 5));
        project();
        Found<Balances.OfAccount> found = projected
                .balances()
                .ofAccount(stranger, new AsOf.Time(Instant.ofEpochMilli(ledger.nextMillis())), null, 10);
        assertThat(found.present().balances())
                .singleElement()
                .satisfies(balance -> assertThat(balance.decimals()).isEqualTo(2));
        assertThat(found.asOf())
                .extracting(Position::shard)
                .contains(1, ledger.router().shardOf(AccountId.issuer("GOLD")));
    }

    @Test
    void balancesOfAnAccountAreToldByPages() {
        int assets = 30;
        for (int i = 0; i < assets; i++) {
            ledger.define("A" + i, payer, 1_000 + i);
        }
        ledger.run(ScriptedLedger.transfer("all", "A7", payer, stranger, 1_007));
        project();
        AsOf now = new AsOf.Time(Instant.ofEpochMilli(ledger.nextMillis()));
        List<Balances.OfAsset> whole =
                projected.balances().ofAccount(payer, now, null, 500).present().balances();
        assertThat(whole)
                .hasSize(assets)
                .extracting(Balances.OfAsset::asset)
                .isSorted()
                .doesNotContain("A7");
        List<Balances.OfAsset> told = new ArrayList<>();
        String cursor = null;
        do {
            Balances.OfAccount page = projected
                    .balances()
                    .ofAccount(payer, now, cursor == null ? null : Cursor.InHoldings.parse(cursor), 7)
                    .present();
            assertThat(page.balances()).hasSizeLessThanOrEqualTo(7);
            told.addAll(page.balances());
            cursor = page.nextCursor();
        } while (cursor != null);
        assertThat(told).isEqualTo(whole);
    }

    /** Nothing of a shard that has not begun can have been detached. */
    @Test
    void aPlaceOnAShardThatHasNothingYetIsItsBeginning() {
        ledger.pass(Duration.ofDays(40).toMillis());
        ledger.run(ScriptedLedger.transfer("t1", "GOLD", payer, neighbour, 5));
        projected.projectOnly(0);
        projected
                .database()
                .execute("DELETE FROM ledger.positions WHERE shard > 0; DELETE FROM ledger.balances WHERE shard > 0");
        assertThat(projected.database().number("SELECT count(*) FROM ledger.detach_partitions_before('2026-12-15Z')"))
                .isPositive();
        AsOf.Time now = new AsOf.Time(Instant.ofEpochMilli(ledger.nextMillis()));
        Found<Balances.OfAll> here = projected.balances().ofAll(now, null, true, null, 500);
        assertThat(here.present().asOf()).endsWith(",1:0,2:0");
        assertThat(projected
                        .balances()
                        .ofAll(new AsOf.Places(here.asOf()), null, true, null, 500)
                        .present()
                        .balances())
                .isNotEmpty()
                .isEqualTo(here.present().balances());
    }

    @Test
    void rejectionsComeNewestFirstByPages() {
        for (int i = 0; i < 25; i++) {
            ledger.run(ScriptedLedger.transfer("poor" + i, "GOLD", i % 2 == 0 ? stranger : neighbour, payer, 5));
        }
        project();
        List<String> ids = new ArrayList<>();
        String cursor = null;
        do {
            History.Rejections page = rejections(cursor, 10);
            page.rejections().forEach(rejected -> ids.add(rejected.commandId()));
            cursor = page.nextCursor();
        } while (cursor != null);
        assertThat(ids).hasSize(25).startsWith("poor24", "poor23").endsWith("poor0");
    }
}
