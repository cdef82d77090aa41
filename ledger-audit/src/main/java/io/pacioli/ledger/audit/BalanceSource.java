package io.pacioli.ledger.audit;

/** A store of balances that claims to be a fold of the journal, and may go on while it is looked at. */
public interface BalanceSource {
    /** Its name in reports, such as {@code Redis}. */
    String name();

    /** Whether it keeps a history, which is compared too. */
    default boolean hasHistory() {
        return false;
    }

    /**
     * Begins to look at it.
     *
     * @throws AuditException when it cannot be read
     */
    BalanceReading open();
}
