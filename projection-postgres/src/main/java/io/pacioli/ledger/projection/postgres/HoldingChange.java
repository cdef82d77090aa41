package io.pacioli.ledger.projection.postgres;

import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.core.Posting;
import java.math.BigInteger;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What became of a holding within a batch: the last balance of each bucket that changed, and when. Not thread safe. */
final class HoldingChange {
    private final Map<Bucket, BigInteger> balances = new EnumMap<>(Bucket.class);
    private final long firstMillis;
    private long lastMillis;
    private long version;

    /** @param firstMillis when it changes first */
    HoldingChange(long firstMillis) {
        this.firstMillis = firstMillis;
        this.lastMillis = firstMillis;
    }

    void apply(Posting posting, long atMillis) {
        balances.put(posting.bucket(), posting.balance());
        version = posting.version();
        lastMillis = atMillis;
    }

    /** The bucket's balance in the end; null when it did not change. */
    @Nullable
    BigInteger balance(Bucket bucket) {
        return balances.get(bucket);
    }

    /** The account's version by which the last of the balances came to be. */
    long version() {
        return version;
    }

    /** When it changed first, milliseconds since 1970-01-01 UTC. */
    long firstMillis() {
        return firstMillis;
    }

    /** When it changed last. */
    long lastMillis() {
        return lastMillis;
    }
}
