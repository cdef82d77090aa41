package io.pacioli.ledger.bench.compare;

import io.pacioli.ledger.bench.AccountPairs;
import io.pacioli.ledger.bench.BenchWorkload;

/**
 * The transfers of one run: the same for the same seed, whatever the system.
 *
 * @param pairs who pays whom
 * @param seed of all chance; those of two runs on the same data must be {@link #LANES_MAX} apart
 */
record Load(AccountPairs pairs, long seed) {
    /** Most senders that draw from one load. */
    static final int LANES_MAX = 1_000;

    /** The transfers of one of several senders. */
    BenchWorkload lane(int number) {
        if (number < 0 || number >= LANES_MAX) {
            throw new IllegalArgumentException("must be 0 to " + (LANES_MAX - 1) + ": number=" + number);
        }
        return new BenchWorkload(pairs, seed + number);
    }
}
