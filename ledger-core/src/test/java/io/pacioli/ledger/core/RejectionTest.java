package io.pacioli.ledger.core;

import static io.pacioli.ledger.core.LedgerFixture.goldLedger;
import static io.pacioli.ledger.core.LedgerFixture.ledger;
import static io.pacioli.ledger.core.Request.asset;
import static io.pacioli.ledger.core.Request.burn;
import static io.pacioli.ledger.core.Request.define;
import static io.pacioli.ledger.core.Request.highest;
import static io.pacioli.ledger.core.Request.lowest;
import static io.pacioli.ledger.core.Request.mint;
import static io.pacioli.ledger.core.Request.open;
import static io.pacioli.ledger.core.Request.transfer;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
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
        return Stream.of(transferRows(), mintRows(), burnRows(), openRows(), defineRows())
                .flatMap(List::stream);
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
        assertThat(rows().map(Row::code)).contains(Rejection.values());
    }

    @Test
    void rowsOfACommandFollowTheOrderOfTheEnum() {
        for (List<Row> rows : List.of(transferRows(), mintRows(), burnRows(), openRows(), defineRows())) {
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

    private static List<Row> transferRows() {
        LedgerFixture books = goldLedger(1)
                .given(mint("alice", "10"), open("capped", highest("0")), openForNothing("whale"))
                .given(moreAssets(Account.HOLDINGS_MAX, "whale"))
                .given(transfer("alice", "bob", "1").as("used"));
        return List.of(
                new Row(
                        Rejection.IDEMPOTENCY_CONFLICT,
                        books,
                        transfer("NONE", "@GOLD", "@GOLD", "0").as("used")),
                new Row(Rejection.AMOUNT_MUST_BE_POSITIVE, books, transfer("NONE", "@GOLD", "@GOLD", "0")),
                new Row(Rejection.ACCOUNT_MUST_NOT_BE_SYSTEM, books, transfer("NONE", "@GOLD", "@GOLD", "1")),
                new Row(Rejection.ACCOUNTS_MUST_BE_DIFFERENT, books, transfer("NONE", "nobody", "nobody", "1")),
                new Row(Rejection.ASSET_NOT_DEFINED, books, transfer("NONE", "nobody", "capped", "1")),
                new Row(Rejection.ACCOUNT_NOT_OPEN, books, transfer("nobody", "capped", "1")),
                new Row(Rejection.INSUFFICIENT_FUNDS, books, transfer("alice", "whale", "11")),
                new Row(Rejection.TOO_MANY_HOLDINGS, books, transfer("alice", "whale", "1")),
                new Row(Rejection.HIGHEST_BALANCE_EXCEEDED, books, transfer("alice", "capped", "1")));
    }

    private static List<Row> mintRows() {
        LedgerFixture books = ledger(1)
                .given(define(asset("GOLD", "10"), "0", null), mint("bob", "1").as("used"))
                .given(openForNothing("whale"), open("capped", highest("0")))
                .given(moreAssets(Account.HOLDINGS_MAX, "whale"));
        return List.of(
                new Row(
                        Rejection.IDEMPOTENCY_CONFLICT,
                        books,
                        mint("@GOLD", "0").as("used")),
                new Row(Rejection.AMOUNT_MUST_BE_POSITIVE, books, mint("NONE", "@GOLD", "0")),
                new Row(Rejection.ACCOUNT_MUST_NOT_BE_SYSTEM, books, mint("NONE", "@clearing/0/GOLD", "1")),
                new Row(Rejection.ASSET_NOT_DEFINED, books, mint("NONE", "capped", "1")),
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
