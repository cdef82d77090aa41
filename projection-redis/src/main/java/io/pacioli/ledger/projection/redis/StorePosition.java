package io.pacioli.ledger.projection.redis;

import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.core.MalformedException;

/**
 * How far the store has got with a shard, as it stands in the store beside the data that it is true for.
 *
 * @param sequence of the last entry applied, 0 for none
 * @param offset the Kafka offset to read on from
 * @param hash of the last entry applied, so that a store cannot be continued from the journal of another ledger
 * @param rebuildUntil the journal's end when the store was found empty: until it is reached, the data are incomplete; 0 when they
 *     are complete
 * @param isRefused whether a projector has found that its journal does not continue the data: nobody may answer from them before one
 *     whose journal does has gone on
 */
record StorePosition(long sequence, long offset, Hash hash, long rebuildUntil, boolean isRefused) {
    private static final int LAYOUT = 2;
    private static final int LAYOUT_DIGITS_MAX = 4;
    private static final int PARTS = 5;
    private static final String REFUSED = " refused";
    private static final int DIGITS_MAX = 18;

    /** Of which layout a text in the store is. */
    enum Layout {
        /** None: it is no position. */
        NONE,
        /** An older one, in which the data lack something: they must be rebuilt. */
        OLDER,
        /** This one. */
        CURRENT,
        /** One that a newer version has written. */
        NEWER
    }

    /** The layout of a position. */
    static Layout layout(String text) {
        int space = text.indexOf(' ');
        String digits = space < 0 ? "" : text.substring(0, space);
        if (!isWhole(digits, LAYOUT_DIGITS_MAX)) {
            return Layout.NONE;
        }
        int order = Integer.compare(Integer.parseInt(digits), LAYOUT);
        return order == 0 ? Layout.CURRENT : order < 0 ? Layout.OLDER : Layout.NEWER;
    }

    /** Where a shard starts whose journal is read from {@code offset} and ends at {@code end} now. */
    static StorePosition beginning(long offset, long end) {
        return new StorePosition(0, offset, Hash.ZERO, end > offset ? end : 0, false);
    }

    /** @throws MalformedException when the text is not of this layout */
    static StorePosition parse(String text) {
        boolean isRefused = text.endsWith(REFUSED);
        String[] parts = text.substring(0, text.length() - (isRefused ? REFUSED.length() : 0))
                .split(" ", -1);
        if (layout(text) == Layout.NEWER) {
            throw new MalformedException("position", "must not be of a layout newer than " + LAYOUT, text);
        }
        if (parts.length != PARTS || layout(text) != Layout.CURRENT) {
            throw new MalformedException(
                    "position",
                    "must be '" + LAYOUT + " <sequence> <offset> <hash> <rebuildUntil>[" + REFUSED + "]'",
                    text);
        }
        return new StorePosition(
                whole(parts[1], text),
                whole(parts[2], text),
                Hash.parse("hash", parts[3]),
                whole(parts[4], text),
                isRefused);
    }

    private static long whole(String digits, String text) {
        if (!isWhole(digits, DIGITS_MAX)) {
            throw new MalformedException("position", "must hold whole numbers", text);
        }
        return Long.parseLong(digits);
    }

    private static boolean isWhole(String digits, int digitsMax) {
        return !digits.isEmpty()
                && digits.length() <= digitsMax
                && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** The position behind one more entry. */
    StorePosition after(long entrySequence, long entryOffset, Hash entryHash) {
        return new StorePosition(entrySequence, entryOffset + 1, entryHash, rebuildUntil, false);
    }

    /** The same position of data that are complete. */
    StorePosition complete() {
        return new StorePosition(sequence, offset, hash, 0, isRefused);
    }

    /** The same position of data that the journal does not continue. */
    StorePosition refuse() {
        return new StorePosition(sequence, offset, hash, rebuildUntil, true);
    }

    boolean isRebuilding() {
        return rebuildUntil > 0;
    }

    /** The form in the store; equal positions have equal texts. */
    String text() {
        return LAYOUT + " " + sequence + ' ' + offset + ' ' + hash.hex() + ' ' + rebuildUntil
                + (isRefused ? REFUSED : "");
    }
}
