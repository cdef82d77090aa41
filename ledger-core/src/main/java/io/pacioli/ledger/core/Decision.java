package io.pacioli.ledger.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@link Ledger#decide} makes of an input. */
public sealed interface Decision {
    /**
     * Something happened.
     *
     * @param entries one or more, to be journaled in this order
     * @param transit messages to other shards, to be sent in the same transaction and in this order
     * @param outcome of the command that was decided, which need not be the input: a command may have waited for it; null when
     *     none was
     */
    record Journaled(
            List<Entry> entries,
            List<Transit> transit,
            @Nullable Outcome outcome) implements Decision {}

    /** The command was decided before: nothing happens, and the answer is the one given first. */
    record Repeated(Outcome outcome) implements Decision {}

    /** The input has had its effect before, or would have none: nothing happens. */
    record Ignored() implements Decision {}
}
