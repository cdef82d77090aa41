package io.pacioli.ledger.projection.redis;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What becomes of an account's status, whatever it was before. */
enum StatusChange {
    /** It was opened by command: that opens what was closed, and unfreezes nothing. */
    OPENED,
    /** It is open. */
    OPEN,
    /** It is frozen. */
    FROZEN,
    /** It is closed. */
    CLOSED;

    /** The word for it in the script that applies batches. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Both changes as one: this one comes later. */
    StatusChange after(@Nullable StatusChange earlier) {
        if (this != OPENED || earlier == null) {
            return this;
        }
        return earlier == CLOSED ? OPEN : earlier;
    }
}
