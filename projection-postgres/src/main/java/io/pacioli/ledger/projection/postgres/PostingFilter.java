package io.pacioli.ledger.projection.postgres;

import io.pacioli.ledger.core.Bucket;
import org.jspecify.annotations.Nullable;

/**
 * Which postings are asked for; null stands for any.
 *
 * @param type of the entry
 * @param kind of the entry
 */
record PostingFilter(
        @Nullable String asset,
        @Nullable Bucket bucket,
        @Nullable String counterparty,
        @Nullable String type,
        @Nullable String kind) {
    /** All postings. */
    static final PostingFilter ANY = new PostingFilter(null, null, null, null, null);

    /** Postings whose entries are of a type or kind. */
    static PostingFilter ofEntries(@Nullable String type, @Nullable String kind) {
        return new PostingFilter(null, null, null, type, kind);
    }

    /** Whether it has conditions on entries, for which postings have no index. */
    boolean hasEntry() {
        return type != null || kind != null;
    }
}
