package io.pacioli.ledger.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.core.Position;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ComparisonTest {
    private final Books books = ScratchLedger.inUse().fold();
    private final Store store = new Store(books);

    @Test
    void aFaithfulStoreAgrees() {
        Comparison comparison = Comparison.of(books, store);

        assertThat(comparison.differences()).isEmpty();
        assertThat(comparison.agrees()).isTrue();
        assertThat(comparison.compared()).isEqualTo(books.balances()).isPositive();
    }

    @Test
    void anEmptyHoldingIsTheSameAsNone() {
        store.rows.add(new Row(0, "nobody", Holding.empty("GOLD")));

        assertThat(Comparison.of(books, store).agrees()).isTrue();
    }

    @Test
    void aChangedBalanceIsNamed() {
        Row row = store.rows.get(5);
        BigInteger found = row.holding().available().add(BigInteger.ONE);
        store.rows.set(5, new Row(row.shard(), row.account(), changed(row.holding(), found)));

        assertThat(Comparison.of(books, store).differences())
                .containsExactly(new Difference(
                        "Store",
                        row.shard(),
                        row.account() + " " + row.holding().asset() + " available",
                        row.holding().available(),
                        found));
    }

    @Test
    void aMissingRowIsNamed() {
        Row row = store.rows.remove(5);

        assertThat(Comparison.of(books, store).differences())
                .singleElement()
                .satisfies(difference ->
                        assertThat(difference.what()).startsWith(row.account()).endsWith("available"))
                .satisfies(difference -> assertThat(difference.found()).isZero());
    }

    @Test
    void aRowThatTheJournalDoesNotKnowIsNamed() {
        store.rows.add(new Row(0, "ghost", changed(Holding.empty("GOLD"), BigInteger.TEN)));

        assertThat(Comparison.of(books, store).differences())
                .singleElement()
                .hasToString("Store, shard 0: ghost GOLD available: expected 0, found 10");
    }

    @Test
    void aStoreThatIsBehindIsToldSoFirst() {
        Position last = store.positions.removeLast();
        store.positions.add(new Position(last.shard(), last.sequence() - 1));

        assertThat(Comparison.of(books, store).differences())
                .singleElement()
                .satisfies(difference -> assertThat(difference.what()).isEqualTo("position"));
    }

    @Test
    void theListIsBoundedAndTheCountIsNot() {
        for (int i = 0; i < 150; i++) {
            store.rows.add(new Row(0, "ghost-" + i, changed(Holding.empty("GOLD"), BigInteger.TEN)));
        }

        Comparison comparison = Comparison.of(books, store);

        assertThat(comparison.differenceCount()).isEqualTo(150);
        assertThat(comparison.differences()).hasSize(Comparison.DIFFERENCES_MAX);
    }

    @Test
    void clearingAccountsAreComparedOnEachShard() {
        ScratchLedger ledger = ScratchLedger.inUse();
        for (int i = 0; i < 30; i++) {
            ledger.submitUndelivered(new Command.Mint("more-" + i, "POINTS", "a" + i, Amount.of(5), Map.of()));
        }
        Books underWay = ledger.fold();
        Store other = new Store(underWay);
        assertThat(other.rows.removeIf(row -> AccountId.isClearing(row.account())))
                .isTrue();

        assertThat(Comparison.of(underWay, other).differences())
                .isNotEmpty()
                .allSatisfy(difference -> assertThat(difference.what()).startsWith("@clearing/"));
    }

    private static Holding changed(Holding holding, BigInteger available) {
        return new Holding(holding.asset(), available, holding.held(), holding.locked(), holding.staked());
    }

    private record Row(int shard, String account, Holding holding) {}

    private static final class Store implements BalanceSource {
        private final List<Row> rows = new ArrayList<>();
        private final List<Position> positions;

        Store(Books books) {
            books.forEach((shard, account, holding) -> rows.add(new Row(shard, account, holding)));
            positions = new ArrayList<>(books.positions());
        }

        @Override
        public String name() {
            return "Store";
        }

        @Override
        public List<Position> positions() {
            return positions;
        }

        @Override
        public void forEach(Books.HoldingVisitor visitor) {
            rows.forEach(row -> visitor.visit(row.shard(), row.account(), row.holding()));
        }
    }
}
