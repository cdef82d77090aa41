package io.pacioli.ledger.audit;

import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Posting;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The first difference between two entries.
 *
 * @param account the account of the posting that differs; null when it is none
 * @param what the part that differs
 * @param expected its value in the one
 * @param found its value in the other
 */
record EntryDifference(@Nullable String account, String what, String expected, String found) {
    /** The difference, or null when there is none. Money first: that is what a reader looks for. */
    static @Nullable EntryDifference of(Entry expected, Entry found) {
        List<Posting> wanted = expected.postings();
        List<Posting> postings = found.postings();
        for (int i = 0; i < Math.min(wanted.size(), postings.size()); i++) {
            EntryDifference difference = of(wanted.get(i), postings.get(i));
            if (difference != null) {
                return difference;
            }
        }
        if (wanted.size() != postings.size()) {
            return new EntryDifference(null, "number of postings", text(wanted.size()), text(postings.size()));
        }
        return first(
                of("sequence", expected.sequence(), found.sequence()),
                of("cause", expected.cause(), found.cause()),
                of("commandId", expected.commandId(), found.commandId()),
                of("fingerprint", expected.fingerprint(), found.fingerprint()),
                of("type", expected.event().type(), found.event().type()),
                of("at", expected.atMillis(), found.atMillis()),
                of("data", expected.event(), found.event()),
                of("shard", expected.shard(), found.shard()));
    }

    private static @Nullable EntryDifference of(Posting expected, Posting found) {
        if (expected.equals(found)) {
            return null;
        }
        String place = expected.account() + " " + expected.asset() + " "
                + expected.bucket().wireName();
        if (!expected.account().equals(found.account())
                || !expected.asset().equals(found.asset())
                || expected.bucket() != found.bucket()) {
            return new EntryDifference(
                    expected.account(),
                    "posting",
                    place,
                    found.account() + " " + found.asset() + " " + found.bucket().wireName());
        }
        EntryDifference difference = first(
                of("amount", Amount.digits(expected.amount()), Amount.digits(found.amount())),
                of("balance", Amount.digits(expected.balance()), Amount.digits(found.balance())),
                of("version", expected.version(), found.version()));
        return difference == null
                ? null
                : new EntryDifference(place, difference.what, difference.expected, difference.found);
    }

    private static @Nullable EntryDifference of(String what, @Nullable Object expected, @Nullable Object found) {
        return Objects.equals(expected, found) ? null : new EntryDifference(null, what, text(expected), text(found));
    }

    private static @Nullable EntryDifference first(@Nullable EntryDifference... differences) {
        for (EntryDifference difference : differences) {
            if (difference != null) {
                return difference;
            }
        }
        return null;
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }
}
