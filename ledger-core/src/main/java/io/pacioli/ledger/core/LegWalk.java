package io.pacioli.ledger.core;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A walk along the legs of a transaction on one shard: whether each leg could be made after those before it, and what must be
 * reserved so that all of them can be made later, whatever happens in between.
 *
 * <p>For each account and asset it keeps the running sum of what the legs bring and take. Its lowest point is what the account must
 * reserve; its highest point is what the account is promised.
 */
final class LegWalk {
    /** An asset of an account. */
    record Place(String account, String asset) {}

    private static final class Sum {
        private BigInteger now = BigInteger.ZERO;
        private BigInteger lowest = BigInteger.ZERO;
        private BigInteger highest = BigInteger.ZERO;

        void add(BigInteger amount) {
            now = now.add(amount);
            lowest = lowest.min(now);
            highest = highest.max(now);
        }
    }

    private final Map<Place, Sum> sums = new LinkedHashMap<>();

    private LegWalk() {}

    /** The walk along legs that can all be made. */
    static LegWalk of(TransactionTerms terms, int shard) {
        LegWalk walk = new LegWalk();
        for (PlacedLeg leg : terms.legs()) {
            walk.add(leg, shard);
        }
        return walk;
    }

    /** What keeps the legs from being made on this shard, or null when nothing does. */
    static @Nullable Rejected check(TransactionTerms terms, ShardView view) {
        int shard = view.header().shard();
        LegWalk walk = new LegWalk();
        for (PlacedLeg leg : terms.legs()) {
            Rejected rejected = walk.check(leg, shard, view);
            if (rejected != null) {
                return rejected;
            }
            walk.add(leg, shard);
        }
        return null;
    }

    /** Sets aside, in the draft, what the accounts must have. */
    void reserve(EntryDraft draft) {
        sums.forEach((place, sum) -> {
            if (sum.lowest.signum() < 0) {
                draft.hold(place.account, place.asset, sum.lowest.negate());
            }
        });
    }

    /** Makes available again, in the draft, what was set aside. */
    void release(EntryDraft draft) {
        sums.forEach((place, sum) -> {
            if (sum.lowest.signum() < 0) {
                draft.hold(place.account, place.asset, sum.lowest);
            }
        });
    }

    /** Promises the accounts what they will have at most. */
    void promise(ShardState state) {
        sums.forEach((place, sum) -> promise(state, place, sum.highest));
    }

    /** Takes the promises back. */
    void unpromise(ShardState state) {
        sums.forEach((place, sum) -> promise(state, place, sum.highest.negate()));
    }

    private static void promise(ShardState state, Place place, BigInteger amount) {
        if (amount.signum() != 0) {
            state.put(known(place.account, state).promise(place.asset, amount));
        }
    }

    /** The legs as postings of one shard, in their order; what goes elsewhere or comes from there passes the clearing accounts. */
    static void post(EntryDraft draft, TransactionTerms terms, int shard) {
        for (PlacedLeg placed : terms.legs()) {
            Leg leg = placed.leg();
            if (placed.touches(shard)) {
                BigInteger amount = leg.amount().minorUnits();
                String from =
                        placed.fromShard() == shard ? leg.from() : AccountId.clearing(placed.fromShard(), leg.asset());
                String to = placed.toShard() == shard ? leg.to() : AccountId.clearing(placed.toShard(), leg.asset());
                draft.post(from, leg.asset(), amount.negate()).post(to, leg.asset(), amount);
            }
        }
    }

    private void add(PlacedLeg placed, int shard) {
        Leg leg = placed.leg();
        BigInteger amount = leg.amount().minorUnits();
        if (placed.fromShard() == shard) {
            sum(leg.from(), leg.asset()).add(amount.negate());
        }
        String credited = credited(placed, shard);
        if (credited != null) {
            sum(credited, leg.asset()).add(amount);
        }
    }

    /** The account of this shard that a leg credits: its payee, or the clearing account with the payee's shard. */
    private static @Nullable String credited(PlacedLeg placed, int shard) {
        Leg leg = placed.leg();
        if (placed.toShard() == shard) {
            return leg.to();
        }
        return placed.fromShard() == shard ? AccountId.clearing(placed.toShard(), leg.asset()) : null;
    }

    private @Nullable Rejected check(PlacedLeg placed, int shard, ShardView view) {
        Leg leg = placed.leg();
        String field = "legs[" + placed.index() + "].";
        Account payer = placed.fromShard() == shard ? known(leg.from(), view) : null;
        String credited = credited(placed, shard);
        Account payee = credited == null ? null : known(credited, view);
        Rejected rejected = Rules.first(
                payer == null ? null : Rules.assetDefined(field + "asset", view, leg.asset()),
                payer == null || isPaidBefore(leg.from()) ? null : Rules.open(field + "from", leg.from(), payer),
                Rules.notClosed(field + "from", payer),
                Rules.notClosed(field + "to", payee),
                Rules.notFrozen(field + "from", payer),
                Rules.notFrozen(field + "to", payee));
        if (rejected == null && payer != null) {
            BigInteger before = now(leg.from(), leg.asset());
            rejected = Rules.first(
                    Rules.funds(field + "amount", payer, leg.asset(), before, leg.amount()),
                    Rules.reservable(field + "amount", before, leg.amount()));
        }
        if (rejected == null && payee != null) {
            BigInteger more = now(payee.id(), leg.asset()).add(leg.amount().minorUnits());
            rejected = Rules.first(
                    Rules.room(field + "to", payee, leg.asset(), othersOf(payee, leg.asset())),
                    Rules.notTooMuch(field + "amount", payee, leg.asset(), more, leg.amount()));
        }
        return rejected;
    }

    private static Account known(String id, ShardView view) {
        Account known = view.account(id);
        return known == null ? Account.fresh(id) : known;
    }

    private Sum sum(String account, String asset) {
        return sums.computeIfAbsent(new Place(account, asset), place -> new Sum());
    }

    private BigInteger now(String account, String asset) {
        Sum sum = sums.get(new Place(account, asset));
        return sum == null ? BigInteger.ZERO : sum.now;
    }

    /** How many other assets the account gets on the walk that it neither holds nor is promised. */
    private int othersOf(Account account, String asset) {
        int others = 0;
        for (Map.Entry<Place, Sum> entry : sums.entrySet()) {
            Place place = entry.getKey();
            if (place.account.equals(account.id())
                    && !place.asset.equals(asset)
                    && entry.getValue().highest.signum() > 0
                    && account.holding(place.asset).isEmpty()
                    && !account.promised().containsKey(place.asset)) {
                others++;
            }
        }
        return others;
    }

    private boolean isPaidBefore(String account) {
        for (Map.Entry<Place, Sum> entry : sums.entrySet()) {
            if (entry.getKey().account.equals(account)
                    && entry.getValue().highest.signum() > 0) {
                return true;
            }
        }
        return false;
    }
}
