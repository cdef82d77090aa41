package io.pacioli.ledger.bench.compare;

/**
 * What senders have sent.
 *
 * @param transfers how many were answered
 * @param accepted how many of them took effect
 */
record Counts(long transfers, long accepted) {
    static final Counts NONE = new Counts(0, 0);

    /** Both together. */
    Counts plus(Counts other) {
        return new Counts(transfers + other.transfers, accepted + other.accepted);
    }
}
