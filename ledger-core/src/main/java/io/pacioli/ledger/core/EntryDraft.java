package io.pacioli.ledger.core;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An entry in the making: tracks balances and versions of the accounts it touches, so that postings on one account chain. */
final class EntryDraft {
    private final ShardView view;
    private final List<Posting> postings = new ArrayList<>(2);
    private final List<Account> touched = new ArrayList<>(2);

    EntryDraft(ShardView view) {
        this.view = view;
    }

    /** Changes the available balance of an account, which comes to be if there is none. */
    EntryDraft post(String accountId, String asset, BigInteger amount) {
        return post(accountId, Bucket.AVAILABLE, asset, amount);
    }

    /** Sets so much of what an account has available aside, or makes it available again when the amount is negative. */
    EntryDraft hold(String accountId, String asset, BigInteger amount) {
        return post(accountId, Bucket.AVAILABLE, asset, amount.negate()).post(accountId, Bucket.HELD, asset, amount);
    }

    /** Changes one bucket of an account. */
    EntryDraft post(String accountId, Bucket bucket, String asset, BigInteger amount) {
        Account account = account(accountId);
        Holding holding = account.holding(asset);
        BigInteger balance = holding.balance(bucket).add(amount);
        Account changed = account.post(holding.with(bucket, balance));
        touched.removeIf(a -> a.id().equals(accountId));
        touched.add(changed);
        postings.add(new Posting(accountId, bucket, asset, amount, balance, changed.version()));
        return this;
    }

    /** The postings so far, in their order; a copy. */
    List<Posting> postings() {
        return List.copyOf(postings);
    }

    /** The finished entry, next in the shard's sequence. */
    Entry finish(Input input, @Nullable String commandId, @Nullable Fingerprint fingerprint, Event event) {
        ShardHeader header = view.header();
        return new Entry(
                header.shard(),
                header.sequence() + 1,
                commandId,
                fingerprint,
                input.cause(),
                Math.max(input.atMillis(), header.atMillis()),
                event,
                postings);
    }

    private Account account(String id) {
        for (Account account : touched) {
            if (account.id().equals(id)) {
                return account;
            }
        }
        Account known = view.account(id);
        return known == null ? Account.fresh(id) : known;
    }
}
