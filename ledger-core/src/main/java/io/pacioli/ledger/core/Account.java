package io.pacioli.ledger.core;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The state of one account on its shard. Immutable.
 *
 * @param id see {@link AccountId}
 * @param version how many postings it has had on this shard
 * @param opened whether {@code OpenAccount} opened it; false for one that its first credit opened
 * @param status whether it may pay and be paid
 * @param limits how low and how high its balances may go
 * @param holdings what it has, by asset, in the order of the asset codes; empty holdings are left out
 * @param promised by asset, in minor units, what transactions will credit that are agreed and not made yet; almost always empty
 */
public record Account(
        String id,
        long version,
        boolean opened,
        AccountStatus status,
        AccountLimits limits,
        List<Holding> holdings,
        Map<String, BigInteger> promised) {
    /** Most assets that one account holds at a time. */
    public static final int HOLDINGS_MAX = 1_000;

    /** An account as its first credit finds it. */
    public static Account fresh(String id) {
        return new Account(id, 0, false, AccountStatus.OPEN, AccountLimits.DEFAULT, List.of(), Map.of());
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

    /** Whether a command opened it or it was ever credited; a mere promise does not count. */
    public boolean exists() {
        return opened || version > 0;
    }

    /** What transactions that are agreed and not made yet will credit of an asset, in minor units. */
    public BigInteger promised(String asset) {
        return promised.isEmpty() ? BigInteger.ZERO : promised.getOrDefault(asset, BigInteger.ZERO);
    }

    /** This account, opened by command with the limits given there. One that is frozen stays so. */
    public Account open(AccountLimits newLimits) {
        AccountStatus newStatus = status == AccountStatus.CLOSED ? AccountStatus.OPEN : status;
        return new Account(id, version, true, newStatus, newLimits, holdings, promised);
    }

    /** This account with another status. */
    Account with(AccountStatus newStatus) {
        return new Account(id, version, opened, newStatus, limits, holdings, promised);
    }

    /** This account with so much more, or less, of an asset promised to it. */
    Account promise(String asset, BigInteger more) {
        Map<String, BigInteger> changed = new TreeMap<>(promised);
        BigInteger sum = promised(asset).add(more);
        Invariant.check(sum.signum() >= 0, "no more can be kept than was promised: account=", id);
        if (sum.signum() == 0) {
            changed.remove(asset);
        } else {
            changed.put(asset, sum);
        }
        return new Account(id, version, opened, status, limits, holdings, Canonical.copy(changed));
    }

    /** This account with a holding replaced and the version advanced by one. */
    Account post(Holding changed) {
        return new Account(id, version + 1, opened, status, limits, replace(changed), promised);
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
