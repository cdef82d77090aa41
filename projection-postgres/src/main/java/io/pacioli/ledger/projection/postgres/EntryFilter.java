package io.pacioli.ledger.projection.postgres;

import org.jspecify.annotations.Nullable;

/**
 * Which entries of the journal are asked for; null stands for any.
 *
 * @param reference the transfer or hold that they refer to
 */
record EntryFilter(
        @Nullable String type,
        @Nullable String kind,
        @Nullable String commandId,
        @Nullable String reference,
        @Nullable Member metadata) {
    /** All entries. */
    static final EntryFilter ANY = new EntryFilter(null, null, null, null, null);

    /** A member of the client's metadata. */
    record Member(String key, String value) {}

    /** How many conditions it has. */
    int conditions() {
        return (type == null ? 0 : 1)
                + (kind == null ? 0 : 1)
                + (commandId == null ? 0 : 1)
                + (reference == null ? 0 : 1)
                + (metadata == null ? 0 : 1);
    }
}
