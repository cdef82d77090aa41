package io.pacioli.ledger.service.rebuild;

import io.pacioli.ledger.core.Position;
import java.util.Comparator;

/**
 * Something that the store had otherwise than the journal gives it, both at one position.
 *
 * @param position where both stood
 * @param subject what it is about: an account, an asset, a table
 * @param stored what the store had; empty for nothing
 * @param rebuilt what the journal gives; empty for nothing
 */
public record Difference(Position position, String subject, String stored, String rebuilt) {
    /** By shard, then by what they are about. */
    public static final Comparator<Difference> ORDER = Comparator.<Difference>comparingInt(
                    difference -> difference.position().shard())
            .thenComparing(Difference::subject);

    /** One line. */
    @Override
    public String toString() {
        return position + ", " + subject + ": was " + text(stored) + ", the journal gives " + text(rebuilt);
    }

    private static String text(String text) {
        return text.isEmpty() ? "nothing" : text;
    }
}
