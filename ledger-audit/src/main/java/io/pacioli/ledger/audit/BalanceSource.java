package io.pacioli.ledger.audit;

import io.pacioli.ledger.core.Position;
import java.util.List;

/** A store of balances that claims to be a fold of the journal. */
public interface BalanceSource {
    /** Its name in reports, such as {@code Redis}. */
    String name();

    /**
     * How far it has got: one position for each shard of which it holds anything.
     *
     * @throws AuditException when it cannot be read
     */
    List<Position> positions();

    /**
     * Hands over every holding that it has, once, in any order; empty ones may be left out.
     *
     * @throws AuditException when it cannot be read
     */
    void forEach(Books.HoldingVisitor visitor);
}
