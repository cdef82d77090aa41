package io.pacioli.ledger.app.chaos;

import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.core.Posting;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Follows the accounts of one shard entry by entry, with nothing of the ledger's own code but its vocabulary: versions have no gap,
 * balances follow from changes, no client's available balance falls below its limit, and what clients have read is what the account had
 * at that place. Not thread safe.
 */
final class BalanceCheck {
    private final int shard;
    private final List<Seen> seen;
    private final Violations violations;
    private final Map<String, Followed> accounts = new HashMap<>();
    private int next;
    private long sequence;

    private static final class Followed {
        private final Map<String, Holding> holdings = new TreeMap<>();
        private AccountLimits limits = AccountLimits.DEFAULT;
        private long version;
    }

    /** @param seen what clients have read on this shard, in the order of {@link Seen#ORDER} */
    BalanceCheck(int shard, List<Seen> seen, Violations violations) {
        this.shard = shard;
        this.seen = seen;
        this.violations = violations;
        compareSeen();
    }

    /** The next entry. */
    void entry(Entry entry) {
        if (entry.sequence() != sequence + 1) {
            violations.add("the journal of shard " + shard + " goes from " + sequence + " to " + entry.sequence());
        }
        sequence = entry.sequence();
        if (entry.event() instanceof Event.AccountOpened opened) {
            account(opened.account()).limits = opened.limits();
        }
        Set<String> touched = new LinkedHashSet<>();
        for (Posting posting : entry.postings()) {
            post(entry, posting);
            if (!AccountId.isSystem(posting.account())) {
                touched.add(posting.account());
            }
        }
        touched.forEach(account -> requireLimits(entry, account, account(account)));
        compareSeen();
    }

    private Followed account(String account) {
        return accounts.computeIfAbsent(account, absent -> new Followed());
    }

    private void post(Entry entry, Posting posting) {
        Followed account = account(posting.account());
        Holding before = account.holdings.getOrDefault(posting.asset(), Holding.empty(posting.asset()));
        BigInteger balance = before.balance(posting.bucket()).add(posting.amount());
        if (posting.version() != account.version + 1 || !balance.equals(posting.balance())) {
            violations.add(entry.position() + " gives " + posting.account() + " " + posting.balance() + " "
                    + posting.asset() + " at version " + posting.version() + ", which does not follow from version "
                    + account.version + ": it must be " + balance);
        }
        account.version = posting.version();
        Holding after = before.with(posting.bucket(), posting.balance());
        if (after.isEmpty()) {
            account.holdings.remove(posting.asset());
        } else {
            account.holdings.put(posting.asset(), after);
        }
    }

    private void requireLimits(Entry entry, String name, Followed account) {
        for (Holding holding : account.holdings.values()) {
            boolean isTooLow = holding.available().compareTo(account.limits.lowest(holding.asset())) < 0;
            if (isTooLow || isNegative(holding)) {
                violations.add(entry.position() + " leaves " + name + " with " + holding);
            }
        }
    }

    private static boolean isNegative(Holding holding) {
        return List.of(Bucket.HELD, Bucket.LOCKED, Bucket.STAKED).stream()
                .anyMatch(bucket -> holding.balance(bucket).signum() < 0);
    }

    private void compareSeen() {
        while (next < seen.size() && seen.get(next).sequence() <= sequence) {
            Seen one = seen.get(next++);
            Followed account = accounts.get(one.account());
            List<Holding> holdings = holdings(account);
            boolean agrees = one.holdings() == null ? account == null : holdings.equals(sorted(one.holdings()));
            if (!agrees) {
                violations.add(one.source() + " showed " + one.account() + " with " + one.holdings() + " at " + shard
                        + ":" + one.sequence() + ", where it had " + (account == null ? "not been opened" : holdings));
            }
        }
    }

    private static List<Holding> holdings(@Nullable Followed account) {
        return account == null ? List.of() : List.copyOf(account.holdings.values());
    }

    private static List<Holding> sorted(List<Holding> holdings) {
        return holdings.stream().sorted(Comparator.comparing(Holding::asset)).toList();
    }

    /** The journal has been read to its end. */
    void finish() {
        for (Seen beyond : seen.subList(next, seen.size())) {
            violations.add(beyond.source() + " showed " + beyond.account() + " at " + shard + ":" + beyond.sequence()
                    + ", and the journal ends at " + sequence);
        }
        next = seen.size();
    }
}
