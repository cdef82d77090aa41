package io.pacioli.ledger.audit;

import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.core.Position;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One look at a {@link BalanceSource}. What is read together is true for one position, which is told with it. Not thread safe. */
public interface BalanceReading extends AutoCloseable {
    /** How far the source has got, one position a shard; none for a shard of which it has nothing. */
    List<Position> positions();

    /** Into how many pages each shard is divided. With one page, it is true for the shard's position of {@link #positions}. */
    int pages();

    /**
     * Reads a page: tells its position and then each holding in it, once, in any order; empty holdings may be left out.
     *
     * @throws AuditException when it cannot be read
     */
    void read(int shard, int page, PageVisitor visitor);

    /** The history that goes with the balances; null when the source keeps none, see {@link BalanceSource#hasHistory}. */
    default @Nullable HistoryReading history() {
        return null;
    }

    @Override
    void close();

    /** Hears of a page. */
    interface PageVisitor {
        /**
         * The position that the page is true for.
         *
         * @return false to be told no more of it
         */
        boolean at(Position position);

        /** One holding of the page. */
        void holding(String account, Holding holding);
    }
}
