package io.pacioli.ledger.projection.redis;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/**
 * One of those who have the most of an asset.
 *
 * @param rank 1 for the first; two that have the same rank by the order of their account ids
 * @param account its id
 * @param total what it has in all buckets, in minor units, exact
 */
public record Leader(int rank, String account, BigInteger total) {
    /** The largest first, then by the bytes of the account ids, which is how Redis orders members of equal scores. */
    static final Comparator<Leader> ORDER = Comparator.comparing(Leader::total)
            .reversed()
            .thenComparing(leader -> leader.account().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    private static final int LENGTH_DIGITS = 2;

    /**
     * Reads a member of a leaderboard and its score. The score is exact for totals of up to 15 digits; for longer ones the member
     * has the digits itself, complemented when the total is positive, between their number and a space.
     */
    static Leader parse(String member, String score) {
        int space = member.indexOf(' ');
        if (space < 0) {
            return new Leader(0, member, new BigDecimal(score).negate().toBigIntegerExact());
        }
        boolean positive = score.startsWith("-");
        StringBuilder digits = new StringBuilder(member.substring(LENGTH_DIGITS, space));
        for (int i = 0; positive && i < digits.length(); i++) {
            digits.setCharAt(i, (char) ('0' + '9' - digits.charAt(i)));
        }
        BigInteger absolute = new BigInteger(digits.toString());
        return new Leader(0, member.substring(space + 1), positive ? absolute : absolute.negate());
    }

    Leader ranked(int newRank) {
        return new Leader(newRank, account, total);
    }
}
