package io.pacioli.ledger.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EntryTest {
    private static final Event EVENT = new Event.AssetDefined(new Asset("GOLD", "Gold", "", "", 0, null), Map.of());

    @Test
    void balancesForEachAsset() {
        assertThat(entry().postings()).isEmpty();
        assertThat(entry(posting("a", "GOLD", -5), posting("b", "GOLD", 5)).postings())
                .hasSize(2);
        assertThat(entry(posting("a", "GOLD", -5), posting("b", "GOLD", 3), posting("c", "GOLD", 2))
                        .postings())
                .hasSize(3);
        assertThat(entry(
                                posting("a", "GOLD", -5),
                                posting("b", "EUR", -3),
                                posting("b", "GOLD", 5),
                                posting("a", "EUR", 3))
                        .postings())
                .hasSize(4);
    }

    @Test
    void cannotBeConstructedWhenItDoesNotBalance() {
        unbalanced(posting("a", "GOLD", 5));
        unbalanced(posting("a", "GOLD", -5), posting("b", "GOLD", 4));
        unbalanced(posting("a", "GOLD", 5), posting("b", "GOLD", 5));
        unbalanced(posting("a", "GOLD", -5), posting("b", "EUR", 5));
        unbalanced(posting("a", "GOLD", -5), posting("b", "GOLD", 3), posting("c", "GOLD", 1));
        unbalanced(posting("a", "GOLD", -5), posting("b", "EUR", -3), posting("b", "GOLD", 3), posting("a", "EUR", 5));
    }

    @Test
    void keepsItsPostingsOutOfReach() {
        List<Posting> postings = new ArrayList<>(List.of(posting("a", "GOLD", -5), posting("b", "GOLD", 5)));
        Entry entry = new Entry(0, 1, null, null, "test", 0, EVENT, postings);
        postings.clear();
        assertThat(entry.postings()).hasSize(2);
    }

    @Test
    void hasASequenceFrom1AndAnIdOfItsOwn() {
        assertThat(entry().position()).isEqualTo(new Position(4, 7));
        assertThat(entry().id()).isEqualTo("4-7");
        assertThatThrownBy(() -> new Entry(0, 0, null, null, "test", 0, EVENT, List.of()))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("sequence=0");
    }

    @Test
    void hasNoFingerprintWithoutACommand() {
        assertThatThrownBy(() -> new Entry(0, 1, null, new Fingerprint(1, 2), "test", 0, EVENT, List.of()))
                .isInstanceOf(InvariantViolation.class);
    }

    private static void unbalanced(Posting... postings) {
        assertThatThrownBy(() -> entry(postings))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("must sum to zero for each asset");
    }

    private static Entry entry(Posting... postings) {
        return new Entry(4, 7, null, null, "test", 0, EVENT, List.of(postings));
    }

    private static Posting posting(String account, String asset, long amount) {
        return new Posting(account, Bucket.AVAILABLE, asset, BigInteger.valueOf(amount), BigInteger.valueOf(amount), 1);
    }
}
