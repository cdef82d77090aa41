package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.Timestamps;
import java.util.Comparator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something that is not as it must be, and where.
 *
 * @param kind what is wrong
 * @param source what was looked at: the name of a topic or of a projection
 * @param shard the shard
 * @param sequence of the journal entry, or of the one that is expected next; 0 when there is none to name
 * @param offset of the record in the shard's partition of the source; -1 when there is none
 * @param atMillis the ledger's time there, by which findings are ordered; what comes first is most likely what led to the others
 * @param account the account concerned, with its asset and bucket where it matters; null when it is about no single one
 * @param message what must hold, one sentence
 * @param expected what that would be; empty when there is nothing to put beside {@code found}
 * @param found what is there instead
 */
public record Finding(
        Kind kind,
        String source,
        int shard,
        long sequence,
        long offset,
        long atMillis,
        @Nullable String account,
        String message,
        String expected,
        String found) {
    /** No record of a partition. */
    public static final long NO_OFFSET = -1;

    /** The order in which they happened. */
    public static final Comparator<Finding> ORDER = Comparator.comparing(Finding::isWarning)
            .thenComparingLong(Finding::atMillis)
            .thenComparing(Finding::kind)
            .thenComparingInt(Finding::shard)
            .thenComparingLong(Finding::sequence);

    /** What is wrong; of what happened at the same time the first is most likely the reason of the others. */
    public enum Kind {
        /** A record of the journal is none, is out of its place, or was changed after it was sealed. */
        CHAIN("journal damaged"),
        /** A signed checkpoint is none, or contradicts the journal or those before it. */
        CHECKPOINT("signed checkpoint contradicted"),
        /** An entry is not what the ledger decides about its input. */
        DECISION("not as decided"),
        /** An entry breaks a rule of the books. */
        RULE("rule broken"),
        /** An entry names an input that there is not, or that led to another entry already. */
        OUTCOME_WITHOUT_COMMAND("outcome without command"),
        /** A command was passed over. */
        COMMAND_WITHOUT_OUTCOME("command without outcome"),
        /** What is on the transit topic is not what decisions have sent. */
        MESSAGE("message between shards"),
        /** The clearing accounts of two shards do not net to zero with what is under way. */
        CLEARING("clearing does not net to zero"),
        /** The accounts of an asset do not sum to zero. */
        SUM("accounts do not sum to zero"),
        /** A projection is not where it can be. */
        POSITION("position of a projection"),
        /** A projection shows another balance than the journal gives at its own position. */
        BALANCE("balance of a projection"),
        /** A projection has other entries or postings than the journal. */
        HISTORY("history of a projection"),
        /** No checkpoint covers entries that are old: the notary is away, or the newest checkpoints were removed. */
        UNSIGNED("entries without a signed checkpoint"),
        /** One id was used for commands on two shards: allowed, and hardly meant. */
        ID_ON_TWO_SHARDS("command id used on two shards");

        private final String title;

        Kind(String title) {
            this.title = title;
        }

        /** A few words for people. */
        public String title() {
            return title;
        }
    }

    /** Whether it is worth knowing and no difference. */
    public boolean isWarning() {
        return kind == Kind.ID_ON_TWO_SHARDS || kind == Kind.UNSIGNED;
    }

    /** One line. */
    @Override
    public String toString() {
        StringBuilder line = new StringBuilder(source).append(' ').append(shard);
        if (sequence > 0) {
            line.append(':').append(sequence);
        }
        if (offset >= 0) {
            line.append(" (offset ").append(offset).append(')');
        }
        if (atMillis > 0) {
            line.append(" at ").append(Timestamps.format(atMillis));
        }
        line.append(", ").append(kind.title).append(": ");
        if (account != null) {
            line.append(account).append(": ");
        }
        line.append(message);
        if (!expected.isEmpty() || !found.isEmpty()) {
            line.append(": expected ").append(Objects.toString(expected.isEmpty() ? "nothing" : expected));
            line.append(", found ").append(found.isEmpty() ? "nothing" : found);
        }
        return line.toString();
    }
}
