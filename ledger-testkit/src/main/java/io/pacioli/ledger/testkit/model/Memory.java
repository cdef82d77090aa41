package io.pacioli.ledger.testkit.model;

/** Something that is over since an entry, and how long it was to be remembered when that was written. */
record Memory(long sinceMillis, long sinceSequence, long windowMillis, long windowEntries) {
    boolean lasts(long nowMillis, long lastSequence) {
        return nowMillis - sinceMillis <= windowMillis && lastSequence - sinceSequence < windowEntries;
    }
}
