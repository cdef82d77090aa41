package io.pacioli.ledger.audit;

import io.pacioli.ledger.core.Account;
import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.core.Posting;
import java.math.BigInteger;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What clients' accounts of a shard have in total, by asset: added up posting by posting, so that it is known at each entry at the cost of
 * its own postings. Not thread safe.
 */
public final class ClientTotals {
    private final Map<String, BigInteger> totals = new HashMap<>();

    /** Nobody has anything yet. */
    public ClientTotals() {}

    static ClientTotals of(Collection<Account> accounts) {
        ClientTotals totals = new ClientTotals();
        for (Account account : accounts) {
            for (Holding holding : account.holdings()) {
                totals.add(account.id(), holding.asset(), holding.total());
            }
        }
        return totals;
    }

    /** What a checkpoint says. */
    public static ClientTotals of(Map<String, BigInteger> books) {
        ClientTotals totals = new ClientTotals();
        totals.totals.putAll(books);
        return totals;
    }

    /** Adds what an entry changes. */
    public void add(Entry entry) {
        for (Posting posting : entry.postings()) {
            add(posting.account(), posting.asset(), posting.amount());
        }
    }

    private void add(String account, String asset, BigInteger amount) {
        if (!AccountId.isSystem(account)) {
            totals.merge(asset, amount, BigInteger::add);
        }
    }

    /** The totals by asset; assets of which they have nothing are left out. */
    public SortedMap<String, BigInteger> byAsset() {
        SortedMap<String, BigInteger> byAsset = new TreeMap<>(totals);
        byAsset.values().removeIf(total -> total.signum() == 0);
        return byAsset;
    }
}
