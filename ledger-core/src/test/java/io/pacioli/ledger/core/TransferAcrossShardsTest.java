package io.pacioli.ledger.core;

import static io.pacioli.ledger.core.LedgerFixture.goldLedger;
import static io.pacioli.ledger.core.Request.MAX;
import static io.pacioli.ledger.core.Request.highest;
import static io.pacioli.ledger.core.Request.lowest;
import static io.pacioli.ledger.core.Request.mint;
import static io.pacioli.ledger.core.Request.open;
import static io.pacioli.ledger.core.Request.transfer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TransferAcrossShardsTest {
    @Test
    void isSentAndReceived() {
        goldLedger(2)
                .given(mint("alice", "100"))
                .whenSent(transfer("alice", "bob1", "30"))
                .then("TransferSent")
                .accepted("TransferSent")
                .balance("alice", "70")
                .balance("bob1", "none")
                .clearing(0, 1, "30")
                .deliver()
                .then("TransferSent", "TransferReceived")
                .balance("bob1", "30")
                .clearing(0, 1, "30")
                .clearing(1, 0, "-30");
    }

    @Test
    void backAndForthLeavesClearingAtZero() {
        goldLedger(2)
                .given(mint("alice", "100"), transfer("alice", "bob1", "30"))
                .when(transfer("bob1", "alice", "30"))
                .clearing(0, 1, "0")
                .clearing(1, 0, "0")
                .balance("alice", "100");
    }

    @Test
    void isFinalAtThePayersShard() {
        goldLedger(2)
                .given(mint("alice", "100"))
                .whenSent(transfer("alice", "bob1", "100"))
                .whenSent(transfer("alice", "carol1", "1"))
                .rejected(Rejection.INSUFFICIENT_FUNDS);
    }

    @Test
    void comesBackWhenThePayeeMayNotHaveIt() {
        LedgerFixture ledger = goldLedger(2)
                .given(mint("alice", "100"), open("bob1", highest("29")))
                .when(transfer("alice", "bob1", "30").as("t"))
                .then("TransferSent", "TransferRefused", "TransferReturned")
                .accepted("TransferSent")
                .balance("alice", "100")
                .balance("bob1", "0")
                .clearing(0, 1, "0");
        Rejected reason = new Rejected(Rejection.HIGHEST_BALANCE_EXCEEDED, "amount", "29", "30");
        assertThat(((Event.TransferRefused) ledger.since().get(1).event()).reason())
                .isEqualTo(reason);
        assertThat(((Event.TransferReturned) ledger.since().get(2).event()).reason())
                .isEqualTo(reason);
        assertThat(ledger.since()).extracting(Entry::commandId).containsOnly("t");
    }

    @Test
    void comesBackWhenThePayeesBalanceWouldPass38Digits() {
        goldLedger(3)
                .given(open("alice2", lowest("-1")), mint("bob1", MAX))
                .when(transfer("alice2", "bob1", "1"))
                .then("TransferSent", "TransferRefused", "TransferReturned")
                .balance("alice2", "0");
    }

    @Test
    void comesBackToAPayerThatIsFullByNow() {
        goldLedger(2)
                .given(mint("alice", "10"), open("alice", highest("10")), open("bob1", highest("0")))
                .whenSent(transfer("alice", "bob1", "10"))
                .whenSent(mint("alice", "10"))
                .deliver()
                .balance("alice", "20")
                .when(mint("alice", "1"))
                .rejected(Rejection.HIGHEST_BALANCE_EXCEEDED, "amount", "-10", "1");
    }

    @Test
    void givesBackACreditLineThatWasDrawn() {
        goldLedger(2)
                .given(open("alice", lowest("-10")), open("bob1", highest("0")))
                .whenSent(transfer("alice", "bob1", "10"))
                .balance("alice", "-10")
                .deliver()
                .balance("alice", "0");
    }

    /** The one way to a balance of more than 38 digits: there is nowhere else for the money to go. */
    @Test
    void comesBackEvenToAPayerThatHasAllThat38DigitsHoldByNow() {
        goldLedger(2)
                .given(mint("alice", MAX), open("carol", lowest("-" + MAX)), open("bob1", highest("0")))
                .whenSent(transfer("alice", "bob1", MAX))
                .whenSent(transfer("carol", "alice", MAX))
                .accepted("TransferPosted")
                .deliver()
                .balance("alice", Amount.MAX.add(Amount.MAX).toString());
    }

    @Test
    void mayNotBringClearingAbove38Digits() {
        goldLedger(2)
                .given(open("alice", lowest("-" + MAX)), open("dave", lowest("-1")), transfer("alice", "bob1", MAX))
                .when(transfer("dave", "carol1", "1"))
                .rejected(Rejection.HIGHEST_BALANCE_EXCEEDED, "amount", "0", "1")
                .clearing(0, 1, MAX);
    }

    @Test
    void ignoresAMessageThatComesTwice() {
        LedgerFixture ledger = goldLedger(2).given(mint("alice", "100")).whenSent(transfer("alice", "bob1", "30"));
        Transit credit = ledger.inTransit().getFirst();
        ledger.deliver().balance("bob1", "30");
        assertThat(ledger.rules().decide(ledger.transitInput(credit), ledger.shard(1)))
                .isEqualTo(new Decision.Ignored());
        ledger.whenGiven(ledger.transitInput(credit), 1).then().balance("bob1", "30");
    }

    @Test
    void ignoresAReturnThatComesTwice() {
        LedgerFixture ledger = goldLedger(2)
                .given(mint("alice", "100"), open("bob1", highest("0")))
                .whenSent(transfer("alice", "bob1", "30"));
        Transit.TransferCredit credit =
                (Transit.TransferCredit) ledger.inTransit().getFirst();
        ledger.deliver().balance("alice", "100");
        Transit again = new Transit.TransferReturn(
                1, 0, 1, credit.terms(), new Rejected(Rejection.HIGHEST_BALANCE_EXCEEDED, "amount", "0", "30"));
        ledger.whenGiven(ledger.transitInput(again), 0).then().balance("alice", "100");
    }

    @Test
    void stopsWhenAMessageIsSkipped() {
        LedgerFixture ledger = goldLedger(2)
                .given(mint("alice", "100"))
                .whenSent(transfer("alice", "bob1", "1"))
                .whenSent(transfer("alice", "bob1", "2"));
        Transit second = ledger.inTransit().getLast();
        assertThatThrownBy(() -> ledger.rules().decide(ledger.transitInput(second), ledger.shard(1)))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("gapless: number=3 received=1");
    }

    @Test
    void stopsWhenAMessageIsForAnotherShard() {
        LedgerFixture ledger = goldLedger(3).given(mint("alice", "100")).whenSent(transfer("alice", "bob1", "1"));
        Transit credit = ledger.inTransit().getFirst();
        assertThatThrownBy(() -> ledger.rules().decide(ledger.transitInput(credit), ledger.shard(2)))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("must be for this shard: to=1 shard=2");
    }

    @Test
    void stopsWhenACommandIsForAnotherShard() {
        LedgerFixture ledger = goldLedger(2);
        Command command = transfer("alice", "bob1", "1").withId("t");
        assertThatThrownBy(() -> ledger.rules().decide(ledger.commandInput(command), ledger.shard(1)))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("key=alice");
    }

    @Test
    void stopsBeforeTheShardIsConfigured() {
        LedgerFixture ledger = goldLedger(2).given(mint("alice", "1")).whenSent(transfer("alice", "bob1", "1"));
        Input command = ledger.commandInput(open("alice").withId("o"));
        Transit.TransferCredit sent =
                (Transit.TransferCredit) ledger.inTransit().getFirst();
        Input transit = ledger.transitInput(new Transit.TransferCredit(0, 1, 1, sent.terms()));
        assertThatThrownBy(() -> ledger.rules().decide(command, new InMemoryShard(0)))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("must be configured");
        assertThatThrownBy(() -> ledger.rules().decide(transit, new InMemoryShard(1)))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("must be configured");
    }
}
