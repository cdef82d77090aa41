package io.pacioli.ledger.app.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Posting;
import io.pacioli.ledger.core.Rejected;
import io.pacioli.ledger.core.Rejection;
import io.pacioli.ledger.core.TransferKind;
import io.pacioli.ledger.core.TransferTerms;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TransferCheckTest {
    private static final TransferTerms TERMS = terms(5);

    private final Violations violations = new Violations();
    private final TransferCheck check = new TransferCheck(violations);

    @Test
    void whatIsSentArrivesInAnyOrderOfReading() {
        check.entry(received(1, 7, TERMS, 5));
        check.entry(sent(1, 7, TERMS, -5));
        check.entry(sent(2, 8, TERMS, -5));
        check.entry(received(2, 8, TERMS, 5));

        check.finish();

        assertThat(violations.first()).isEmpty();
    }

    @Test
    void whatIsRefusedComesBack() {
        Rejected reason = new Rejected(Rejection.ACCOUNT_CLOSED, "to", "", "bob");
        check.entry(sent(1, 7, TERMS, -5));
        check.entry(entry(1, 1, new Event.TransferRefused(TERMS, 0, 7, 3, reason), "", 0));
        check.entry(entry(0, 2, new Event.TransferReturned(TERMS, 1, 3, reason), "alice", 5));

        check.finish();

        assertThat(violations.first()).isEmpty();
    }

    @Test
    void whatDoesNotArriveIsFound() {
        check.entry(sent(1, 7, TERMS, -5));

        check.finish();

        assertThat(violations.first()).containsExactly("TransferSent of t1 at 0:1 was sent and did not arrive");
    }

    @Test
    void whatArrivesTwiceIsFound() {
        check.entry(sent(1, 7, TERMS, -5));
        check.entry(received(1, 7, TERMS, 5));
        check.entry(received(2, 7, TERMS, 5));

        check.finish();

        assertThat(violations.first()).containsExactly("TransferReceived of t1 at 1:2 arrived and was never sent");
    }

    @Test
    void anotherAmountThanWasSentIsFound() {
        check.entry(sent(1, 7, TERMS, -5));
        check.entry(received(1, 7, terms(6), 6));

        check.finish();

        assertThat(violations.first())
                .containsExactly(
                        "one message has two contents: TransferSent of t1 at 0:1, and TransferReceived of t1 at 1:1");
    }

    @Test
    void anEntryThatTakesOrGivesAnotherAmountIsFound() {
        check.entry(sent(1, 7, TERMS, -4));
        check.entry(received(1, 7, TERMS, 6));

        check.finish();

        assertThat(violations.first())
                .containsExactly(
                        "TransferSent of t1 at 0:1 is about 5 and changes alice by -4",
                        "TransferReceived of t1 at 1:1 is about 5 and changes bob by 6");
    }

    private static TransferTerms terms(long amount) {
        return new TransferTerms(
                "t1", TransferKind.TRANSFER, "GOLD", "alice", "bob", Amount.of(amount), null, "", Map.of());
    }

    private static Entry sent(long sequence, long number, TransferTerms terms, long change) {
        return entry(0, sequence, new Event.TransferSent(terms, 1, number), "alice", change);
    }

    private static Entry received(long sequence, long number, TransferTerms terms, long change) {
        return entry(1, sequence, new Event.TransferReceived(terms, 0, number), "bob", change);
    }

    private static Entry entry(int shard, long sequence, Event event, String account, long change) {
        List<Posting> postings = change == 0
                ? List.of()
                : List.of(posting(account, change), posting("@clearing/" + (1 - shard) + "/GOLD", -change));
        return new Entry(shard, sequence, "t1", null, "ledger.commands-0@1", 0, event, postings);
    }

    private static Posting posting(String account, long amount) {
        return new Posting(
                account, Bucket.AVAILABLE, "GOLD", BigInteger.valueOf(amount), BigInteger.valueOf(amount), 1);
    }
}
