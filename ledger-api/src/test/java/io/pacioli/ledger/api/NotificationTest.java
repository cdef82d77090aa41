package io.pacioli.ledger.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Posting;
import io.pacioli.ledger.core.TransferKind;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;

class NotificationTest {
    private static final BigInteger AMOUNT = BigInteger.valueOf(1250);

    @Test
    void clearingAccountsAreLeftOutAndNamedByWhoIsBehindThem() {
        Event received = new Event.TransferReceived(Samples.terms(TransferKind.TRANSFER), 5, 12);
        List<Posting> postings = List.of(
                new Posting("@clearing/5/GOLD", Bucket.AVAILABLE, "GOLD", AMOUNT.negate(), AMOUNT, 4),
                new Posting("bob", Bucket.AVAILABLE, "GOLD", AMOUNT, AMOUNT, 1));

        List<Notification> notifications = Notification.of(Samples.entry(received, postings));

        assertThat(notifications).hasSize(1);
        assertThat(notifications.getFirst().account()).isEqualTo("bob");
        assertThat(notifications.getFirst().asset()).isEqualTo("GOLD");
        assertThat(notifications.getFirst().json()).contains("\"amount\":\"1250\"", "\"counterparty\":\"alice\"");
    }

    @Test
    void issuersAndBothBucketsOfAHoldAreTold() {
        Event mint = new Event.TransferPosted(Samples.terms(TransferKind.MINT));
        List<Posting> minted = List.of(
                new Posting("@GOLD", Bucket.AVAILABLE, "GOLD", AMOUNT.negate(), AMOUNT.negate(), 1),
                new Posting("bob", Bucket.AVAILABLE, "GOLD", AMOUNT, AMOUNT, 1));
        assertThat(Notification.of(Samples.entry(mint, minted)))
                .extracting(Notification::account)
                .containsExactly("@GOLD", "bob");

        List<Notification> held =
                Notification.of(Samples.entry(new Event.HoldPlaced(Samples.HOLD), Samples.held(AMOUNT)));
        assertThat(held).extracting(Notification::account).containsExactly("alice", "alice");
        assertThat(held.getFirst().json()).contains("\"bucket\":\"available\"").doesNotContain("kind", "counterparty");
        assertThat(held.getLast().json()).contains("\"bucket\":\"held\"", "\"version\":18");
    }

    @Test
    void whatConcernsNoAccountIsNotTold() {
        Event rejected = new Event.CommandRejected("Transfer", "alice", Samples.REJECTED);

        assertThat(Notification.of(Samples.entry(rejected, List.of()))).isEmpty();
    }

    @Test
    void whatHasNoCommandHasNoCommandId() {
        Entry entry = new Entry(0, 1, null, null, "x@0", 0, new Event.HoldExpired("h", "alice"), Samples.held(AMOUNT));

        assertThat(Notification.of(entry).getFirst().json())
                .startsWith(
                        "{\"position\":\"0:1\",\"at\":\"1970-01-01T00:00:00.000Z\",\"type\":\"HoldExpired\",\"account\"");
    }
}
