package io.pacioli.ledger.core;

/**
 * A place in the journal: the sequence of an entry in its shard, gapless from 1; 0 stands before the first entry.
 *
 * @param shard 0 to 999
 * @param sequence 0 or more
 */
public record Position(int shard, long sequence) {
    /** @throws InvariantViolation when a part is negative */
    public Position {
        Invariant.check(shard >= 0 && sequence >= 0, "must not be negative: shard=", shard, " sequence=", sequence);
    }

    /**
     * Reads what {@link #toString()} writes.
     *
     * @throws MalformedException when the text is not {@code <shard>:<sequence>}
     */
    public static Position parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 1 || !isDigits(text, 0, colon, 4) || !isDigits(text, colon + 1, text.length(), 18)) {
            throw new MalformedException("position", "must be <shard>:<sequence>, such as 3:1841", text);
        }
        return new Position(Integer.parseInt(text, 0, colon, 10), Long.parseLong(text, colon + 1, text.length(), 10));
    }

    private static boolean isDigits(String text, int from, int to, int lengthMax) {
        if (to <= from || to - from > lengthMax) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /** The form of APIs and replies: {@code 3:1841}. */
    @Override
    public String toString() {
        return shard + ":" + sequence;
    }
}
