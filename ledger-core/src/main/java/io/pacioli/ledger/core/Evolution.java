package io.pacioli.ledger.core;

import java.math.BigInteger;

/** Applies entries to a shard's state, checking once more what the decision has promised. */
final class Evolution {
    private Evolution() {}

    static void apply(ShardState state, Entry entry) {
        ShardHeader header = state.header();
        Invariant.check(
                entry.shard() == header.shard(),
                "must be of this shard: entry=",
                entry.shard(),
                " shard=",
                header.shard());
        Invariant.check(
                entry.sequence() == header.sequence() + 1,
                "sequences must be gapless: entry=",
                entry.sequence(),
                " last=",
                header.sequence());
        Invariant.check(
                entry.atMillis() >= header.atMillis(),
                "time must not go back: entry=",
                entry.atMillis(),
                " last=",
                header.atMillis());
        checkPostings(entry);
        ShardHeader next = header.advance(entry);
        for (Posting posting : entry.postings()) {
            post(state, posting);
        }
        switch (entry.event()) {
            case Event.ShardConfigured configured -> {}
            case Event.TransferPosted posted -> {}
            case Event.CommandRejected rejected -> {}
            case Event.AssetDefined e -> define(state, e.asset(), next);
            case Event.AssetLearned e -> {
                state.put(e.asset());
                receive(state, e.fromShard(), e.number());
            }
            case Event.AccountOpened e -> open(state, e);
            case Event.TransferSent e -> send(state, e.toShard(), e.number());
            case Event.TransferReceived e -> receive(state, e.fromShard(), e.number());
            case Event.TransferRefused e -> {
                receive(state, e.fromShard(), e.number());
                send(state, e.fromShard(), e.returnNumber());
            }
            case Event.TransferReturned e -> receive(state, e.fromShard(), e.number());
        }
        remember(state, entry, next.configured());
        state.put(next);
    }

    private static void post(ShardState state, Posting posting) {
        Account known = state.account(posting.account());
        Account account = known == null ? Account.fresh(posting.account()) : known;
        Holding holding = account.holding(posting.asset());
        BigInteger balance = holding.balance(posting.bucket()).add(posting.amount());
        Invariant.check(
                balance.equals(posting.balance()),
                "a posting's balance must follow from the state: posting=",
                posting,
                " balance=",
                balance);
        Invariant.check(
                posting.version() == account.version() + 1,
                "account versions must be gapless: posting=",
                posting.version(),
                " last=",
                account.version());
        Invariant.check(
                posting.amount().signum() >= 0 || isAtLeastLowest(state, account, posting),
                "a balance must not fall below its limit: posting=",
                posting);
        state.put(account.post(holding.with(posting.bucket(), balance)));
    }

    private static boolean isAtLeastLowest(ShardState state, Account account, Posting posting) {
        if (AccountId.isClearing(account.id())) {
            return true;
        }
        if (AccountId.isIssuer(account.id())) {
            Asset asset = state.asset(posting.asset());
            return asset != null && posting.balance().compareTo(asset.lowestIssuerBalance()) >= 0;
        }
        BigInteger lowest =
                posting.bucket() == Bucket.AVAILABLE ? account.limits().lowest(posting.asset()) : BigInteger.ZERO;
        return posting.balance().compareTo(lowest) >= 0;
    }

    private static void define(ShardState state, Asset asset, ShardHeader header) {
        Invariant.check(state.asset(asset.code()) == null, "must be defined once: asset=", asset.code());
        state.put(asset);
        for (int peer = 0; peer < header.configured().shards(); peer++) {
            if (peer != header.shard()) {
                state.put(state.channel(peer).send());
            }
        }
    }

    private static void open(ShardState state, Event.AccountOpened event) {
        Account known = state.account(event.account());
        Invariant.check(known == null || !known.opened(), "must be opened once: account=", event.account());
        state.put((known == null ? Account.fresh(event.account()) : known).open(event.limits()));
    }

    private static void send(ShardState state, int peer, long number) {
        Channel channel = state.channel(peer).send();
        Invariant.check(
                channel.sent() == number,
                "messages must be numbered gaplessly: number=",
                number,
                " next=",
                channel.sent());
        state.put(channel);
    }

    private static void receive(ShardState state, int peer, long number) {
        Channel channel = state.channel(peer).receive();
        Invariant.check(
                channel.received() == number,
                "messages must arrive gaplessly: number=",
                number,
                " next=",
                channel.received());
        state.put(channel);
    }

    /** An entry that carries a fingerprint is the outcome of its command on this shard. */
    private static void remember(ShardState state, Entry entry, ShardConfiguration configuration) {
        Fingerprint fingerprint = entry.fingerprint();
        String commandId = entry.commandId();
        if (fingerprint != null && commandId != null) {
            Rejected rejected = entry.event() instanceof Event.CommandRejected e ? e.rejected() : null;
            state.put(new RememberedCommand(
                    commandId,
                    fingerprint,
                    entry.sequence(),
                    entry.atMillis(),
                    saturatedSum(entry.atMillis(), configuration.idempotencyWindowMillis()),
                    saturatedSum(entry.sequence(), configuration.idempotencyEntriesMax() - 1),
                    entry.event().type(),
                    rejected));
        }
    }

    private static long saturatedSum(long base, long more) {
        return more > Long.MAX_VALUE - base ? Long.MAX_VALUE : base + more;
    }

    /** What an entry says has happened is what its postings do. */
    private static void checkPostings(Entry entry) {
        switch (entry.event()) {
            case Event.TransferPosted e ->
                checkMove(entry, e.terms(), e.terms().from(), e.terms().to());
            case Event.TransferSent e ->
                checkMove(entry, e.terms(), e.terms().from(), clearing(e.toShard(), e.terms()));
            case Event.TransferReceived e ->
                checkMove(
                        entry,
                        e.terms(),
                        clearing(e.fromShard(), e.terms()),
                        e.terms().to());
            case Event.TransferReturned e ->
                checkMove(
                        entry,
                        e.terms(),
                        clearing(e.fromShard(), e.terms()),
                        e.terms().from());
            case Event.ShardConfigured e -> checkNoPostings(entry);
            case Event.AssetDefined e -> checkNoPostings(entry);
            case Event.AssetLearned e -> checkNoPostings(entry);
            case Event.AccountOpened e -> checkNoPostings(entry);
            case Event.TransferRefused e -> checkNoPostings(entry);
            case Event.CommandRejected e -> checkNoPostings(entry);
        }
    }

    private static String clearing(int peer, TransferTerms terms) {
        return AccountId.clearing(peer, terms.asset());
    }

    private static void checkMove(Entry entry, TransferTerms terms, String debited, String credited) {
        BigInteger amount = terms.amount().minorUnits();
        boolean moves = entry.postings().size() == 2
                && isPosting(entry.postings().getFirst(), debited, terms.asset(), amount.negate())
                && isPosting(entry.postings().getLast(), credited, terms.asset(), amount);
        Invariant.check(moves, "postings must move what the terms say: entry=", entry);
    }

    private static boolean isPosting(Posting posting, String account, String asset, BigInteger amount) {
        return posting.account().equals(account)
                && posting.asset().equals(asset)
                && posting.bucket() == Bucket.AVAILABLE
                && posting.amount().equals(amount);
    }

    private static void checkNoPostings(Entry entry) {
        Invariant.check(entry.postings().isEmpty(), "nothing must move: entry=", entry);
    }
}
