package io.pacioli.ledger.projection.postgres;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.core.Invariant;
import io.pacioli.ledger.core.Position;
import java.math.BigInteger;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What changed an account's holding of an asset in a time, between what it was before and after, as it goes out in JSON. The
 * figures add up: it cannot be made otherwise.
 *
 * @param decimals how many digits stand behind the point when people read the amounts
 * @param from the first instant of the time
 * @param to the first instant after it
 * @param asOf the positions that this is true for
 * @param entries the changes in order, one for each bucket that an entry changed
 */
record Statement(
        String account,
        String asset,
        int decimals,
        Instant from,
        Instant to,
        String asOf,
        Amounts opening,
        Amounts closing,
        Totals totals,
        List<History.PostedEntry> entries) {
    /** A holding, in minor units. */
    record Amounts(BigInteger available, BigInteger held, BigInteger locked, BigInteger staked, BigInteger total) {
        static Amounts of(Holding holding) {
            return new Amounts(
                    holding.available(), holding.held(), holding.locked(), holding.staked(), holding.total());
        }

        @JsonIgnore
        BigInteger of(Bucket bucket) {
            return switch (bucket) {
                case AVAILABLE -> available;
                case HELD -> held;
                case LOCKED -> locked;
                case STAKED -> staked;
            };
        }
    }

    /**
     * What came and went, in minor units. What an entry moves between the buckets of the account does neither.
     *
     * @param entries how many entries of the journal changed the holding
     */
    record Totals(BigInteger in, BigInteger out, int entries) {}

    /** The time that it is about, and what is known of the asset. */
    record Terms(String account, String asset, int decimals, Instant from, Instant to, String asOf) {}

    /**
     * Adds it up.
     *
     * @param opening the holding before the time
     * @param closing the holding after it, not derived from the entries
     * @throws io.pacioli.ledger.core.InvariantViolation when the opening balance and the entries do not lead to the closing one
     */
    static Statement of(Terms terms, Holding opening, Holding closing, List<History.PostedEntry> entries) {
        Holding reached = opening;
        Map<Position, BigInteger> net = new LinkedHashMap<>();
        Map<String, BigInteger> balances = new HashMap<>();
        for (History.PostedEntry entry : entries) {
            Bucket bucket = Bucket.ofWireName(entry.bucket());
            reached = reached.with(bucket, reached.balance(bucket).add(entry.amount()));
            net.merge(entry.position(), entry.amount(), BigInteger::add);
            BigInteger before = balances.put(entry.position().shard() + entry.bucket(), entry.balance());
            Invariant.check(
                    before == null || before.add(entry.amount()).equals(entry.balance()),
                    "the balance after an entry must follow from the one before it: ",
                    entry.position(),
                    " balance=",
                    entry.balance());
        }
        Invariant.check(
                reached.equals(closing),
                "the opening balance and the entries must lead to the closing balance: ",
                reached,
                " closing=",
                closing);
        return new Statement(
                terms.account(),
                terms.asset(),
                terms.decimals(),
                terms.from(),
                terms.to(),
                terms.asOf(),
                Amounts.of(opening),
                Amounts.of(closing),
                totals(net),
                entries);
    }

    private static Totals totals(Map<Position, BigInteger> net) {
        BigInteger in = BigInteger.ZERO;
        BigInteger out = BigInteger.ZERO;
        for (BigInteger amount : net.values()) {
            in = in.add(amount.max(BigInteger.ZERO));
            out = out.add(amount.min(BigInteger.ZERO).negate());
        }
        return new Totals(in, out, net.size());
    }
}
