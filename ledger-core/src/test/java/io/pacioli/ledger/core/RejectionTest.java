package io.pacioli.ledger.core;

import static io.pacioli.ledger.core.LedgerFixture.goldLedger;
import static io.pacioli.ledger.core.LedgerFixture.ledger;
import static io.pacioli.ledger.core.Request.asset;
import static io.pacioli.ledger.core.Request.burn;
import static io.pacioli.ledger.core.Request.capture;
import static io.pacioli.ledger.core.Request.close;
import static io.pacioli.ledger.core.Request.define;
import static io.pacioli.ledger.core.Request.freeze;
import static io.pacioli.ledger.core.Request.highest;
import static io.pacioli.ledger.core.Request.hold;
import static io.pacioli.ledger.core.Request.leg;
import static io.pacioli.ledger.core.Request.lowest;
import static io.pacioli.ledger.core.Request.mint;
import static io.pacioli.ledger.core.Request.open;
import static io.pacioli.ledger.core.Request.reverse;
import static io.pacioli.ledger.core.Request.transact;
import static io.pacioli.ledger.core.Request.transfer;
import static io.pacioli.ledger.core.Request.unfreeze;
import static io.pacioli.ledger.core.Request.voided;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rejection is reached, and a command that breaks several rules is rejected for the first in the order of the enum. */
class RejectionTest {
    /** A command that must be rejected, with a name for reports. */
    record Row(Rejection code, LedgerFixture given, Request request) {
        @Override
        public String toString() {
            return code + ": " + request.withId("id");
        }
    }

    /** One row for each rule that the command can break, all later rules broken too where that is possible. */
    static Stream<Row> rows() {
        return rowsOfCommands().stream().flatMap(List::stream);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void isTheFirstThatApplies(Row row) {
        int entries = row.given.journal().size();
        List<Account> before = accounts(row.given);
        row.given.when(row.request).then("CommandRejected").rejected(row.code);
        assertThat(row.given.journal()).hasSize(entries + 1);
        assertThat(row.given.journal().getLast().postings()).isEmpty();
        assertThat(accounts(row.given)).containsExactlyInAnyOrderElementsOf(before);
    }

    @Test
    void isReachedByATestWhateverItsCode() {
        // The last is no fault of the command: see TransactionTest.
        assertThat(rows().map(Row::code))
                .containsAll(EnumSet.complementOf(EnumSet.of(Rejection.TRANSACTION_TIMED_OUT)));
    }

    @Test
    void rowsOfACommandFollowTheOrderOfTheEnum() {
        for (List<Row> rows : rowsOfCommands()) {
            assertThat(rows.stream().map(Row::code)).isSorted().doesNotHaveDuplicates();
        }
    }

    @Test
    void messageNamesFieldRuleLimitAndValue() {
        Rejected rejected = new Rejected(Rejection.INSUFFICIENT_FUNDS, "amount", "5", "6");
        assertThat(rejected.message()).isEqualTo("amount must not exceed what the payer can spend: limit 5, value 6");
    }

    @Test
    void anAccountThatHoldsAsManyAssetsAsItMayTakesMoreOfThem() {
        LedgerFixture books = goldLedger(1).given(moreAssets(Account.HOLDINGS_MAX, "whale"));
        books.when(mint("A7", "whale", "1")).balance("whale", "A7", "2");
        books.when(mint("whale", "1")).rejected(Rejection.TOO_MANY_HOLDINGS, "to", "1000", "whale");
    }

    private static List<List<Row>> rowsOfCommands() {
        return List.of(
                transferRows(),
                mintRows(),
                burnRows(),
                openRows(),
                defineRows(),
                freezeRows(),
                unfreezeRows(),
                closeRows(),
                placeRows(),
                captureRows(),
                voidRows(),
                reverseRows(),
                transactRows());
    }

    private static List<Row> freezeRows() {
        LedgerFixture books = goldLedger(1)
                .given(open("gone"), close("gone"), open("cold"), freeze("cold").as("used"));
        return List.of(
                new Row(Rejection.IDEMPOTENCY_CONFLICT, books, freeze("@GOLD").as("used")),
                new Row(Rejection.ACCOUNT_MUST_NOT_BE_SYSTEM, books, freeze("@GOLD")),
                new Row(Rejection.ACCOUNT_NOT_OPEN, books, freeze("nobody")),
                new Row(Rejection.ACCOUNT_CLOSED, books, freeze("gone")),
                new Row(Rejection.ACCOUNT_FROZEN, books, freeze("cold")));
    }

    private static List<Row> unfreezeRows() {
        LedgerFixture books = goldLedger(1).given(open("gone"), close("gone"), open("alice"));
        return List.of(
                new Row(Rejection.ACCOUNT_MUST_NOT_BE_SYSTEM, books, unfreeze("@GOLD")),
                new Row(Rejection.ACCOUNT_NOT_OPEN, books, unfreeze("nobody")),
                new Row(Rejection.ACCOUNT_CLOSED, books, unfreeze("gone")),
                new Row(Rejection.ACCOUNT_NOT_FROZEN, books, unfreeze("alice")));
    }

    private static List<Row> closeRows() {
        LedgerFixture books =
                goldLedger(1).given(open("gone"), close("gone"), mint("cold", "1"), freeze("cold"), mint("alice", "1"));
        return List.of(
                new Row(Rejection.ACCOUNT_MUST_NOT_BE_SYSTEM, books, close("@GOLD")),
                new Row(Rejection.ACCOUNT_NOT_OPEN, books, close("nobody")),
                new Row(Rejection.ACCOUNT_CLOSED, books, close("gone")),
                new Row(Rejection.ACCOUNT_FROZEN, books, close("cold")),
                new Row(Rejection.ACCOUNT_NOT_EMPTY, books, close("alice")));
    }

    private static List<Row> placeRows() {
        // The shard forgets commands, but never a hold that is active.
        LedgerFixture books = ledger(new ShardConfiguration(1, 1_000_000, 1))
                .given(define("GOLD"), open("gone"), close("gone"), open("cold"), freeze("cold"))
                .given(mint("alice", "1"), hold("alice", null, "1").as("used"), open("bob"));
        long now = LedgerFixture.START_MILLIS;
        return List.of(
                new Row(Rejection.AMOUNT_MUST_BE_POSITIVE, books, hold("NONE", "@GOLD", "@GOLD", "0", now)),
                new Row(Rejection.ACCOUNT_MUST_NOT_BE_SYSTEM, books, hold("NONE", "@GOLD", "@GOLD", "1", now)),
                new Row(Rejection.ACCOUNTS_MUST_BE_DIFFERENT, books, hold("NONE", "nobody", "nobody", "1", now)),
                new Row(Rejection.DEADLINE_PASSED, books, hold("NONE", "nobody", "bob", "1", now)),
                new Row(Rejection.ASSET_NOT_DEFINED, books, hold("NONE", "nobody", "bob", "1", null)),
                new Row(Rejection.ACCOUNT_NOT_OPEN, books, hold("nobody", "bob", "1")),
                new Row(Rejection.ACCOUNT_CLOSED, books, hold("gone", "bob", "1")),
                new Row(Rejection.ACCOUNT_FROZEN, books, hold("cold", "bob", "1")),
                new Row(
                        Rejection.HOLD_ALREADY_PLACED,
                        books,
                        hold("alice", "bob", "1").as("used")),
                new Row(Rejection.INSUFFICIENT_FUNDS, books, hold("alice", "bob", "1")));
    }

    private static List<Row> captureRows() {
        long soon = LedgerFixture.START_MILLIS + 1;
        LedgerFixture books = goldLedger(1)
                .given(mint("alice", "9"), open("gone"), close("gone"), open("cold"), freeze("cold"))
                .given(hold("alice", "bob", "1").as("done"), capture("done", "alice", null, null))
                .given(hold("alice", "bob", "1").as("void"), voided("void", "alice"))
                .given(hold("alice", "bob", "1", soon).as("late"))
                .given(
                        hold("alice", "cold", "1").as("for-cold"),
                        hold("alice", null, "1").as("any"))
                .given(hold("alice", null, "1").as("for-capped"), open("capped", highest("0")))
                .whenTimeIs(soon);
        return List.of(
                new Row(Rejection.AMOUNT_MUST_BE_POSITIVE, books, capture("none", "@GOLD", "0", "@GOLD")),
                new Row(Rejection.ACCOUNT_MUST_NOT_BE_SYSTEM, books, capture("none", "@GOLD", "1", "@GOLD")),
                new Row(Rejection.ACCOUNTS_MUST_BE_DIFFERENT, books, capture("none", "nobody", "1", "nobody")),
                new Row(Rejection.ACCOUNT_NOT_OPEN, books, capture("none", "nobody", null, null)),
                new Row(Rejection.ACCOUNT_CLOSED, books, capture("none", "gone", null, null)),
                new Row(Rejection.ACCOUNT_FROZEN, books, capture("none", "cold", null, null)),
                new Row(Rejection.HOLD_NOT_FOUND, books, capture("none", "alice", null, null)),
                new Row(Rejection.HOLD_ALREADY_CAPTURED, books, capture("done", "alice", "2", "carol")),
                new Row(Rejection.HOLD_ALREADY_VOIDED, books, capture("void", "alice", "2", "carol")),
                new Row(Rejection.HOLD_EXPIRED, books, capture("late", "alice", "2", "carol")),
                new Row(Rejection.HOLD_PAYEE_MISMATCH, books, capture("for-cold", "alice", "2", "carol")),
                new Row(Rejection.HOLD_AMOUNT_EXCEEDED, books, capture("for-cold", "alice", "2", "cold")),
                new Row(Rejection.HIGHEST_BALANCE_EXCEEDED, books, capture("for-capped", "alice", null, "capped")));
    }

    private static List<Row> voidRows() {
        LedgerFixture books = goldLedger(1)
                .given(mint("alice", "9"), open("gone"), close("gone"))
                .given(hold("alice", "bob", "1").as("done"), capture("done", "alice", null, null))
                .given(hold("alice", "bob", "1").as("void"), voided("void", "alice"));
        return List.of(
                new Row(Rejection.ACCOUNT_MUST_NOT_BE_SYSTEM, books, voided("none", "@GOLD")),
                new Row(Rejection.ACCOUNT_NOT_OPEN, books, voided("none", "nobody")),
                new Row(Rejection.ACCOUNT_CLOSED, books, voided("none", "gone")),
                new Row(Rejection.HOLD_NOT_FOUND, books, voided("none", "alice")),
                new Row(Rejection.HOLD_ALREADY_CAPTURED, books, voided("done", "alice")),
                new Row(Rejection.HOLD_ALREADY_VOIDED, books, voided("void", "alice")));
    }

    private static List<Row> reverseRows() {
        LedgerFixture books = goldLedger(1)
                .given(mint("alice", "9"), open("gone"), close("gone"), open("cold"), freeze("cold"))
                .given(transfer("alice", "bob", "2").as("t"), transfer("bob", "carol", "1"));
        return List.of(
                new Row(Rejection.AMOUNT_MUST_BE_POSITIVE, books, reverse("none", "@GOLD", "0")),
                new Row(Rejection.ACCOUNT_MUST_NOT_BE_SYSTEM, books, reverse("none", "@GOLD", null)),
                new Row(Rejection.ACCOUNT_NOT_OPEN, books, reverse("none", "nobody", null)),
                new Row(Rejection.ACCOUNT_CLOSED, books, reverse("none", "gone", null)),
                new Row(Rejection.ACCOUNT_FROZEN, books, reverse("none", "cold", null)),
                new Row(Rejection.TRANSFER_NOT_FOUND, books, reverse("none", "bob", "9")),
                new Row(Rejection.REVERSAL_EXCEEDS_TRANSFER, books, reverse("t", "bob", "9")),
                new Row(Rejection.INSUFFICIENT_FUNDS, books, reverse("t", "bob", "2")));
    }

    private static List<Row> transactRows() {
        long now = LedgerFixture.START_MILLIS;
        LedgerFixture books = goldLedger(1)
                .given(mint("alice", "9"), open("gone"), close("gone"), open("cold"), freeze("cold"))
                .given(open("capped", highest("0")), openForNothing("whale"))
                .given(moreAssets(Account.HOLDINGS_MAX, "whale"));
        Leg nothing = leg("alice", "bob", "0");
        Leg system = leg("alice", "@GOLD", "1");
        Leg self = leg("alice", "alice", "1");
        Leg unknown = leg("NONE", "nobody", "gone", "1");
        return List.of(
                new Row(Rejection.AMOUNT_MUST_BE_POSITIVE, books, transact(now, unknown, self, system, nothing)),
                new Row(Rejection.ACCOUNT_MUST_NOT_BE_SYSTEM, books, transact(now, unknown, self, system)),
                new Row(Rejection.ACCOUNTS_MUST_BE_DIFFERENT, books, transact(now, unknown, self)),
                new Row(Rejection.DEADLINE_PASSED, books, transact(now, unknown)),
                new Row(Rejection.ASSET_NOT_DEFINED, books, transact(unknown)),
                new Row(Rejection.ACCOUNT_NOT_OPEN, books, transact(leg("nobody", "gone", "1"))),
                new Row(Rejection.ACCOUNT_CLOSED, books, transact(leg("cold", "gone", "1"))),
                new Row(Rejection.ACCOUNT_FROZEN, books, transact(leg("alice", "cold", "10"))),
                new Row(Rejection.INSUFFICIENT_FUNDS, books, transact(leg("alice", "whale", "10"))),
                new Row(Rejection.TOO_MANY_HOLDINGS, books, transact(leg("alice", "whale", "1"))),
                new Row(Rejection.HIGHEST_BALANCE_EXCEEDED, books, transact(leg("alice", "capped", "1"))));
    }

    private static List<Row> transferRows() {
        LedgerFixture books = goldLedger(1)
                .given(mint("alice", "10"), open("capped", highest("0")), openForNothing("whale"))
                .given(moreAssets(Account.HOLDINGS_MAX, "whale"))
                .given(transfer("alice", "bob", "1").as("used"))
                .given(open("gone"), close("gone"), open("cold"), freeze("cold"));
        Conditions past = new Conditions(null, 0L, null);
        Conditions rich = new Conditions(null, null, Amount.of(100));
        return List.of(
                new Row(
                        Rejection.IDEMPOTENCY_CONFLICT,
                        books,
                        transfer("NONE", "@GOLD", "@GOLD", "0").as("used")),
                new Row(Rejection.AMOUNT_MUST_BE_POSITIVE, books, transfer("NONE", "@GOLD", "@GOLD", "0")),
                new Row(Rejection.ACCOUNT_MUST_NOT_BE_SYSTEM, books, transfer("NONE", "@GOLD", "@GOLD", "1")),
                new Row(Rejection.ACCOUNTS_MUST_BE_DIFFERENT, books, transfer("NONE", "nobody", "nobody", "1")),
                new Row(Rejection.DEADLINE_PASSED, books, transfer("nobody", "capped", "1", past)),
                new Row(Rejection.ASSET_NOT_DEFINED, books, transfer("NONE", "nobody", "capped", "1")),
                new Row(Rejection.ACCOUNT_NOT_OPEN, books, transfer("nobody", "capped", "1")),
                new Row(Rejection.ACCOUNT_CLOSED, books, transfer("cold", "gone", "1")),
                new Row(Rejection.ACCOUNT_FROZEN, books, transfer("alice", "cold", "11")),
                new Row(Rejection.BALANCE_BELOW_CONDITION, books, transfer("alice", "whale", "11", rich)),
                new Row(Rejection.INSUFFICIENT_FUNDS, books, transfer("alice", "whale", "11")),
                new Row(Rejection.TOO_MANY_HOLDINGS, books, transfer("alice", "whale", "1")),
                new Row(Rejection.HIGHEST_BALANCE_EXCEEDED, books, transfer("alice", "capped", "1")));
    }

    private static List<Row> mintRows() {
        LedgerFixture books = ledger(1)
                .given(define(asset("GOLD", "10"), "0", null), mint("bob", "1").as("used"))
                .given(openForNothing("whale"), open("capped", highest("0")))
                .given(open("gone"), close("gone"), open("cold"), freeze("cold"))
                .given(moreAssets(Account.HOLDINGS_MAX, "whale"));
        return List.of(
                new Row(
                        Rejection.IDEMPOTENCY_CONFLICT,
                        books,
                        mint("@GOLD", "0").as("used")),
                new Row(Rejection.AMOUNT_MUST_BE_POSITIVE, books, mint("NONE", "@GOLD", "0")),
                new Row(Rejection.ACCOUNT_MUST_NOT_BE_SYSTEM, books, mint("NONE", "@clearing/0/GOLD", "1")),
                new Row(Rejection.ASSET_NOT_DEFINED, books, mint("NONE", "capped", "1")),
                new Row(Rejection.ACCOUNT_CLOSED, books, mint("gone", "10")),
                new Row(Rejection.ACCOUNT_FROZEN, books, mint("cold", "10")),
                new Row(Rejection.MAX_SUPPLY_EXCEEDED, books, mint("whale", "10")),
                new Row(Rejection.TOO_MANY_HOLDINGS, books, mint("whale", "1")),
                new Row(Rejection.HIGHEST_BALANCE_EXCEEDED, books, mint("capped", "1")));
    }

    private static List<Row> burnRows() {
        LedgerFixture books = goldLedger(1)
                .given(mint("alice", "1"), open("bob", lowest("-1")))
                .given(burn("alice", "1").as("used"));
        return List.of(
                new Row(
                        Rejection.IDEMPOTENCY_CONFLICT,
                        books,
                        burn("NONE", "alice", "0").as("used")),
                new Row(Rejection.AMOUNT_MUST_BE_POSITIVE, books, burn("NONE", "@GOLD", "0")),
                new Row(Rejection.ACCOUNT_MUST_NOT_BE_SYSTEM, books, burn("NONE", "@GOLD", "1")),
                new Row(Rejection.ASSET_NOT_DEFINED, books, burn("NONE", "nobody", "1")),
                new Row(Rejection.ACCOUNT_NOT_OPEN, books, burn("nobody", "1")),
                new Row(Rejection.INSUFFICIENT_FUNDS, books, burn("bob", "2")),
                new Row(Rejection.HIGHEST_BALANCE_EXCEEDED, books, burn("bob", "1")));
    }

    private static List<Row> openRows() {
        LedgerFixture books = ledger(1).given(open("alice").as("used"));
        return List.of(
                new Row(
                        Rejection.IDEMPOTENCY_CONFLICT,
                        books,
                        open("alice", lowest("1")).as("used")),
                new Row(Rejection.ACCOUNT_MUST_NOT_BE_SYSTEM, books, open("@GOLD", lowest("1"))),
                new Row(Rejection.LIMIT_MUST_NOT_BE_POSITIVE, books, open("alice", lowest("1"))),
                new Row(Rejection.ACCOUNT_ALREADY_OPEN, books, open("alice", lowest("-1"))));
    }

    private static List<Row> defineRows() {
        Asset taken = asset("GOLD", "9");
        Asset fresh = asset("FRESH", "9");
        LedgerFixture books = goldLedger(1)
                .given(define("EUR").as("used"), openForNothing("whale"))
                .given(open("gone"), close("gone"), open("cold"), freeze("cold"))
                .given(open("capped", highest(Map.of("FRESH", "0"))))
                .given(moreAssets(Account.HOLDINGS_MAX, "whale"));
        return List.of(
                new Row(
                        Rejection.IDEMPOTENCY_CONFLICT,
                        books,
                        define(taken, "0", "@GOLD").as("used")),
                new Row(Rejection.ACCOUNT_MUST_NOT_BE_SYSTEM, books, define(taken, "0", "@GOLD")),
                new Row(Rejection.INITIAL_SUPPLY_NEEDS_HOLDER, books, define(taken, "10", null)),
                new Row(Rejection.ASSET_ALREADY_DEFINED, books, define(taken, "10", "capped")),
                new Row(Rejection.ACCOUNT_CLOSED, books, define(fresh, "10", "gone")),
                new Row(Rejection.ACCOUNT_FROZEN, books, define(fresh, "10", "cold")),
                new Row(Rejection.MAX_SUPPLY_EXCEEDED, books, define(fresh, "10", "capped")),
                new Row(Rejection.TOO_MANY_HOLDINGS, books, define(fresh, "1", "whale")),
                new Row(Rejection.HIGHEST_BALANCE_EXCEEDED, books, define(fresh, "1", "capped")));
    }

    /** An account that may have none of GOLD or FRESH, so that it breaks two rules once it holds as many assets as it may. */
    private static Request openForNothing(String account) {
        return open(account, highest(Map.of("GOLD", "0", "FRESH", "0")));
    }

    private static Request[] moreAssets(int assets, String holder) {
        List<Request> definitions = new ArrayList<>();
        for (int i = 0; i < assets; i++) {
            definitions.add(define(asset("A" + i, null), "1", holder));
        }
        return definitions.toArray(Request[]::new);
    }

    private static List<Account> accounts(LedgerFixture ledger) {
        return List.copyOf(ledger.shard(0).accounts());
    }
}
