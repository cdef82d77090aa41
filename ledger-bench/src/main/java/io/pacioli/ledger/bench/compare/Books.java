package io.pacioli.ledger.bench.compare;

/**
 * What a system says that it has, once all is done.
 *
 * @param transfers rows of its history
 * @param balances the sum of all clients' balances, in minor units
 */
record Books(long transfers, long balances) {
    /**
     * Money must neither have come nor gone, and each accepted transfer must have left one row.
     *
     * @throws IllegalStateException otherwise: what was measured was no ledger
     */
    void require(String system, long accepted, long funded) {
        if (transfers != accepted || balances != funded) {
            throw new IllegalStateException(system + " has wrong books: transfers=" + transfers + " accepted="
                    + accepted + " balances=" + balances + " funded=" + funded);
        }
    }
}
