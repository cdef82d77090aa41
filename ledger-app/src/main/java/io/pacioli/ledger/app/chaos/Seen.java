package io.pacioli.ledger.app.chaos;

import io.pacioli.ledger.core.Holding;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client has read about an account, true for a place in its shard's journal by the word of the one who answered.
 *
 * @param source who answered
 * @param account the account
 * @param shard of the place
 * @param sequence of the place
 * @param holdings what it had, without empty ones; null when there was no such account
 */
record Seen(
        String source,
        String account,
        int shard,
        long sequence,
        @Nullable List<Holding> holdings) {
    /** The order of the journal. */
    static final Comparator<Seen> ORDER = Comparator.comparingInt(Seen::shard).thenComparingLong(Seen::sequence);
}
