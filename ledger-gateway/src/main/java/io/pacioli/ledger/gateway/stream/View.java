package io.pacioli.ledger.gateway.stream;

import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Posting;
import java.util.LinkedHashSet;
import java.util.Set;

/** What a stream shows of the journal. */
sealed interface View {
    /** Every change of one account, of its balances and of its status. */
    record OfAccount(String account) implements View {
        @Override
        public boolean shows(Posting posting) {
            return posting.account().equals(account);
        }
    }

    /** Every change of a balance of one asset, but for clearing accounts, which nobody owns. */
    record OfAsset(String asset) implements View {
        @Override
        public boolean shows(Posting posting) {
            return posting.asset().equals(asset) && !AccountId.isClearing(posting.account());
        }
    }

    /** Whether a posting is to be seen in it. */
    boolean shows(Posting posting);

    /** The views that show something of an entry. */
    static Set<View> of(Entry entry) {
        Set<View> views = new LinkedHashSet<>();
        String changed = entry.event().statusAccount();
        if (changed != null) {
            views.add(new OfAccount(changed));
        }
        for (Posting posting : entry.postings()) {
            if (!AccountId.isClearing(posting.account())) {
                views.add(new OfAccount(posting.account()));
                views.add(new OfAsset(posting.asset()));
            }
        }
        return views;
    }
}
