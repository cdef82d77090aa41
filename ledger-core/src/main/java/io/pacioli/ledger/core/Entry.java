package io.pacioli.ledger.core;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One record of the journal. An entry that does not balance to zero for each asset cannot be constructed.
 *
 * @param shard whose journal it is in
 * @param sequence its number there, gapless from 1
 * @param commandId the command it goes back to, on whichever shard that was decided; null when there is none
 * @param fingerprint of the command when this entry is its outcome on this shard and the id is to be remembered, else null
 * @param cause the input that led to it, such as {@code ledger.commands-3@991}: topic, partition and offset of a record
 * @param atMillis when it was decided, milliseconds since 1970-01-01 UTC; never less than the entry before
 * @param event what happened
 * @param postings how balances changed, in the order in which they apply
 */
public record Entry(
        int shard,
        long sequence,
        @Nullable String commandId,
        @Nullable Fingerprint fingerprint,
        String cause,
        long atMillis,
        Event event,
        List<Posting> postings) {
    /** @throws InvariantViolation when the postings do not sum to zero for each asset, or the sequence is below 1 */
    public Entry {
        Invariant.check(sequence >= 1, "must be >= 1: sequence=", sequence);
        Invariant.check(fingerprint == null || commandId != null, "a fingerprint must come with a command id");
        postings = List.copyOf(postings);
        Invariant.check(balances(postings), "must sum to zero for each asset: postings=", postings);
    }

    /** The entry's place in the journal. */
    public Position position() {
        return new Position(shard, sequence);
    }

    /** The entry's id: unique in the whole ledger, the same in every replay. */
    public String id() {
        return shard + "-" + sequence;
    }

    private static boolean balances(List<Posting> postings) {
        if (postings.size() == 2) {
            Posting first = postings.get(0);
            Posting second = postings.get(1);
            return first.asset().equals(second.asset())
                    && first.amount().add(second.amount()).signum() == 0;
        }
        Map<String, BigInteger> sums = new HashMap<>();
        for (Posting posting : postings) {
            sums.merge(posting.asset(), posting.amount(), BigInteger::add);
        }
        return sums.values().stream().allMatch(sum -> sum.signum() == 0);
    }
}
