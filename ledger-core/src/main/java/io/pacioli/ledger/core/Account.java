package io.pacioli.ledger.core;

import java.util.ArrayList;
import java.util.List;

/**
 * The state of one account on its shard. Immutable.
 *
 * @param id see {@link AccountId}
 * @param version how many postings it has had on this shard
 * @param opened whether {@code OpenAccount} opened it; false for one that its first credit opened
 * @param limits how low and how high its balances may go
 * @param holdings what it has, by asset, in the order of the asset codes; empty holdings are left out
 */
public record Account(String id, long version, boolean opened, AccountLimits limits, List<Holding> holdings) {
    /** Most assets that one account holds at a time. */
    public static final int HOLDINGS_MAX = 1_000;

    /** An account as its first credit finds it. */
    public static Account fresh(String id) {
        return new Account(id, 0, false, AccountLimits.DEFAULT, List.of());
    }

    /** What the account has of an asset. */
    public Holding holding(String asset) {
        for (Holding holding : holdings) {
            if (holding.asset().equals(asset)) {
                return holding;
            }
        }
        return Holding.empty(asset);
    }

    /** This account, opened by command with the limits given there. */
    public Account open(AccountLimits newLimits) {
        return new Account(id, version, true, newLimits, holdings);
    }

    /** This account with a holding replaced and the version advanced by one. */
    Account post(Holding changed) {
        return new Account(id, version + 1, opened, limits, replace(changed));
    }

    private List<Holding> replace(Holding changed) {
        if (holdings.size() <= 1
                && (holdings.isEmpty() || holdings.getFirst().asset().equals(changed.asset()))) {
            return changed.isEmpty() ? List.of() : List.of(changed);
        }
        List<Holding> replaced = new ArrayList<>(holdings.size() + 1);
        boolean placed = changed.isEmpty();
        for (Holding holding : holdings) {
            int order = holding.asset().compareTo(changed.asset());
            if (order > 0 && !placed) {
                replaced.add(changed);
                placed = true;
            }
            if (order != 0) {
                replaced.add(holding);
            } else if (!placed) {
                replaced.add(changed);
                placed = true;
            }
        }
        if (!placed) {
            replaced.add(changed);
        }
        return List.copyOf(replaced);
    }
}
