package io.pacioli.ledger.core;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
        checkPostings(state, entry);
        ShardHeader next = header.advance(entry);
        for (Posting posting : entry.postings()) {
            post(state, posting);
        }
        applyEvent(state, entry, next);
        remember(state, entry, next.configured());
        state.put(next);
    }

    private static void applyEvent(ShardState state, Entry entry, ShardHeader next) {
        switch (entry.event()) {
            case Event.ShardConfigured configured -> {}
            case Event.CommandRejected rejected -> {}
            case Event.AssetDefined e -> define(state, e.asset(), next);
            case Event.AssetLearned e -> {
                state.put(e.asset());
                receive(state, e.fromShard(), e.number());
            }
            case Event.AccountOpened e -> open(state, e);
            case Event.AccountFrozen e -> status(state, e.account(), AccountStatus.FROZEN);
            case Event.AccountUnfrozen e -> status(state, e.account(), AccountStatus.OPEN);
            case Event.AccountClosed e -> close(state, e.account());
            case Event.TransferPosted e -> {
                paid(state, e.terms(), entry, next);
                received(state, e.terms(), entry, next);
            }
            case Event.TransferSent e -> {
                paid(state, e.terms(), entry, next);
                send(state, e.toShard(), e.number());
            }
            case Event.TransferReceived e -> {
                received(state, e.terms(), entry, next);
                receive(state, e.fromShard(), e.number());
            }
            case Event.TransferRefused e -> {
                receive(state, e.fromShard(), e.number());
                send(state, e.fromShard(), e.returnNumber());
            }
            case Event.TransferReturned e -> {
                cameBack(state, e.terms());
                receive(state, e.fromShard(), e.number());
            }
            case Event.HoldPlaced e -> place(state, e.terms());
            case Event.HoldVoided e -> end(state, e.hold(), Hold.Status.VOIDED, entry, next);
            case Event.HoldExpired e -> end(state, e.hold(), Hold.Status.EXPIRED, entry, next);
            case Event.CommandDeferred e -> {
                state.put(new Deferral(
                        e.command(), Invariant.present(entry.fingerprint(), "what waits must have a fingerprint")));
                long until =
                        Invariant.present(e.command().conditions().notBeforeMillis(), "what waits must say for what");
                state.put(new Due(until, Due.Kind.DEFERRED_COMMAND, e.command().id()));
            }
            case Event.TransactionPosted posted -> {}
            case Event.TransactionBegun e -> begin(state, e, entry);
            case Event.TransactionPrepared e -> {
                receive(state, e.terms().coordinator(), e.number());
                send(state, e.terms().coordinator(), e.voteNumber());
                agree(state, new PendingTransaction(e.terms(), null, Map.of()));
            }
            case Event.TransactionRefused e -> {
                receive(state, e.terms().coordinator(), e.number());
                send(state, e.terms().coordinator(), e.voteNumber());
            }
            case Event.TransactionVoted e -> {
                receive(state, e.fromShard(), e.number());
                vote(state, e);
            }
            case Event.TransactionCommitted e -> {
                receive(state, e.fromShard(), e.number());
                send(state, e.terms().participants(), e.numbers());
                decided(state, e.terms());
            }
            case Event.TransactionAborted e -> {
                Integer refusedBy = e.refusedBy();
                if (refusedBy != null) {
                    receive(state, refusedBy, e.number());
                }
                send(state, TransactionDecisions.told(e.terms(), refusedBy), e.numbers());
                decided(state, e.terms());
            }
            case Event.TransactionSettled e -> {
                receive(state, e.fromShard(), e.number());
                end(state, pending(state, e.terms().coordinator(), e.terms().id()));
            }
            case Event.TransactionReleased e -> {
                receive(state, e.fromShard(), e.number());
                PendingTransaction pending = state.transaction(PendingTransaction.key(e.fromShard(), e.transaction()));
                if (pending != null) {
                    end(state, pending);
                }
            }
        }
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
        Invariant.check(
                known == null || !known.opened() || known.status() == AccountStatus.CLOSED,
                "must be opened once: account=",
                event.account());
        state.put((known == null ? Account.fresh(event.account()) : known).open(event.limits()));
    }

    private static void status(ShardState state, String id, AccountStatus status) {
        state.put(existing(state, id).with(status));
    }

    private static void close(ShardState state, String id) {
        Account account = existing(state, id);
        Invariant.check(Rules.empty("account", account) == null, "must be empty to be closed: account=", id);
        state.put(account.with(AccountStatus.CLOSED));
    }

    private static Account existing(ShardState state, String id) {
        Account account = state.account(id);
        if (account == null || !account.exists()) {
            throw new InvariantViolation("an account must exist to change its status: account=" + id);
        }
        return account;
    }

    /** What a transfer's payment does besides its postings. */
    private static void paid(ShardState state, TransferTerms terms, Entry entry, ShardHeader header) {
        switch (terms.kind()) {
            case TRANSFER, MINT, BURN -> {}
            case CAPTURE -> {
                Hold hold = active(state, reference(terms));
                BigInteger amount = terms.amount().minorUnits();
                Invariant.check(
                        hold.account().equals(terms.from())
                                && hold.asset().equals(terms.asset())
                                && amount.compareTo(hold.remaining()) <= 0,
                        "a capture must be covered by its hold: entry=",
                        entry);
                put(state, hold.capture(amount, Memory.of(entry, header.configured())));
            }
            case REVERSAL -> {
                Receipt receipt = state.receipt(reference(terms));
                BigInteger amount = terms.amount().minorUnits();
                if (receipt == null || amount.compareTo(receipt.remaining()) > 0) {
                    throw new InvariantViolation("no more must be reversed than was paid: entry=" + entry);
                }
                state.put(receipt.reverse(amount));
            }
        }
    }

    private static void received(ShardState state, TransferTerms terms, Entry entry, ShardHeader header) {
        if (terms.kind().isReversible()) {
            state.put(new Receipt(
                    terms.id(),
                    terms.asset(),
                    terms.from(),
                    terms.to(),
                    terms.amount().minorUnits(),
                    BigInteger.ZERO,
                    Memory.of(entry, header.configured())));
        }
    }

    /** A reversal that comes back can be made again, unless its transfer was forgotten or another has its id by now. */
    private static void cameBack(ShardState state, TransferTerms terms) {
        if (terms.kind() == TransferKind.REVERSAL) {
            Receipt receipt = state.receipt(reference(terms));
            BigInteger amount = terms.amount().minorUnits();
            if (receipt != null
                    && receipt.from().equals(terms.to())
                    && receipt.to().equals(terms.from())
                    && receipt.asset().equals(terms.asset())
                    && amount.compareTo(receipt.reversed()) <= 0) {
                state.put(receipt.reverse(amount.negate()));
            }
        }
    }

    private static String reference(TransferTerms terms) {
        return Invariant.present(terms.reference(), "a capture or reversal must say of what");
    }

    private static void place(ShardState state, HoldTerms terms) {
        state.put(Hold.of(terms));
        Long expiresAt = terms.expiresAtMillis();
        if (expiresAt != null) {
            state.put(new Due(expiresAt, Due.Kind.HOLD_EXPIRY, terms.id()));
        }
    }

    private static void end(ShardState state, String id, Hold.Status how, Entry entry, ShardHeader header) {
        put(state, active(state, id).end(how, Memory.of(entry, header.configured())));
    }

    private static void put(ShardState state, Hold hold) {
        state.put(hold);
        Long expiresAt = hold.expiresAtMillis();
        if (expiresAt != null && hold.status() != Hold.Status.ACTIVE) {
            state.remove(new Due(expiresAt, Due.Kind.HOLD_EXPIRY, hold.id()));
        }
    }

    private static Hold active(ShardState state, String id) {
        Hold hold = state.hold(id);
        if (hold == null || hold.status() != Hold.Status.ACTIVE) {
            throw new InvariantViolation("a hold must be active: hold=" + id);
        }
        return hold;
    }

    private static void begin(ShardState state, Event.TransactionBegun event, Entry entry) {
        TransactionTerms terms = event.terms();
        List<Integer> participants = terms.participants();
        send(state, participants, event.numbers());
        Map<Integer, Long> waitingFor = new HashMap<>();
        for (int i = 0; i < participants.size(); i++) {
            waitingFor.put(participants.get(i), event.numbers().get(i));
        }
        agree(state, new PendingTransaction(terms, entry.fingerprint(), waitingFor));
        state.put(deadline(terms));
    }

    private static void agree(ShardState state, PendingTransaction pending) {
        Invariant.check(state.transaction(pending.key()) == null, "a transaction must begin once: id=", pending.key());
        LegWalk.of(pending.terms(), state.header().shard()).promise(state);
        state.put(pending);
    }

    private static void vote(ShardState state, Event.TransactionVoted event) {
        PendingTransaction pending =
                state.transaction(PendingTransaction.key(state.header().shard(), event.transaction()));
        if (pending != null && pending.isWaitingFor(event.fromShard(), event.prepare())) {
            state.put(pending.voted(event.fromShard()));
        }
    }

    private static void decided(ShardState state, TransactionTerms terms) {
        state.remove(deadline(terms));
        end(state, pending(state, terms.coordinator(), terms.id()));
    }

    private static void end(ShardState state, PendingTransaction pending) {
        LegWalk.of(pending.terms(), state.header().shard()).unpromise(state);
        state.remove(pending);
    }

    private static PendingTransaction pending(ShardView state, int coordinator, String id) {
        PendingTransaction pending = state.transaction(PendingTransaction.key(coordinator, id));
        if (pending == null) {
            throw new InvariantViolation("a transaction must be under way: id=" + id);
        }
        return pending;
    }

    private static Due deadline(TransactionTerms terms) {
        return new Due(terms.deadlineMillis(), Due.Kind.TRANSACTION_DEADLINE, terms.id());
    }

    private static void send(ShardState state, List<Integer> peers, List<Long> numbers) {
        Invariant.check(peers.size() == numbers.size(), "each must be told once: peers=", peers);
        for (int i = 0; i < peers.size(); i++) {
            send(state, peers.get(i), numbers.get(i));
        }
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

    /** An entry that carries a fingerprint is the outcome of its command on this shard, or says that it is still to come. */
    private static void remember(ShardState state, Entry entry, ShardConfiguration configuration) {
        Fingerprint fingerprint = entry.fingerprint();
        String commandId = entry.commandId();
        if (fingerprint != null && commandId != null) {
            boolean isPending = entry.event().isPending();
            state.put(new RememberedCommand(
                    commandId,
                    fingerprint,
                    entry.sequence(),
                    entry.atMillis(),
                    isPending ? Memory.FOR_EVER : Memory.of(entry, configuration),
                    entry.event().type(),
                    isPending,
                    entry.event() instanceof Event.CommandRejected e ? e.rejected() : null));
            if (!isPending) {
                waitNoLonger(state, commandId);
            }
        }
    }

    /** A command that has waited is decided when it is the first that is due. */
    private static void waitNoLonger(ShardState state, String commandId) {
        Due first = state.firstDue();
        if (first != null
                && first.kind() == Due.Kind.DEFERRED_COMMAND
                && first.id().equals(commandId)) {
            state.remove(first);
            state.remove(Invariant.present(state.deferral(commandId), "what waits must be known"));
        }
    }

    /** What an entry says has happened is what its postings do. */
    private static void checkPostings(ShardView state, Entry entry) {
        switch (entry.event()) {
            case Event.TransferPosted e -> checkPaid(entry, e.terms(), e.terms().to());
            case Event.TransferSent e -> checkPaid(entry, e.terms(), clearing(e.toShard(), e.terms()));
            case Event.TransferReceived e ->
                checkArrived(entry, e.terms(), e.fromShard(), e.terms().to());
            case Event.TransferReturned e ->
                checkArrived(entry, e.terms(), e.fromShard(), e.terms().from());
            case Event.ShardConfigured e -> checkNoPostings(entry);
            case Event.AssetDefined e -> checkNoPostings(entry);
            case Event.AssetLearned e -> checkNoPostings(entry);
            case Event.AccountOpened e -> checkNoPostings(entry);
            case Event.TransferRefused e -> checkNoPostings(entry);
            case Event.CommandRejected e -> checkNoPostings(entry);
            case Event.AccountFrozen e -> checkNoPostings(entry);
            case Event.AccountUnfrozen e -> checkNoPostings(entry);
            case Event.AccountClosed e -> checkNoPostings(entry);
            case Event.CommandDeferred e -> checkNoPostings(entry);
            case Event.TransactionRefused e -> checkNoPostings(entry);
            case Event.TransactionVoted e -> checkNoPostings(entry);
            case Event.HoldPlaced e ->
                check(
                        entry,
                        new EntryDraft(state)
                                .hold(
                                        e.terms().from(),
                                        e.terms().asset(),
                                        e.terms().amount().minorUnits()));
            case Event.HoldVoided e -> checkReleased(state, entry, e.hold(), e.account());
            case Event.HoldExpired e -> checkReleased(state, entry, e.hold(), e.account());
            case Event.TransactionPosted e -> {
                EntryDraft draft = new EntryDraft(state);
                LegWalk.post(draft, e.terms(), entry.shard());
                check(entry, draft);
            }
            case Event.TransactionBegun e -> checkReserved(state, entry, e.terms());
            case Event.TransactionPrepared e -> checkReserved(state, entry, e.terms());
            case Event.TransactionCommitted e -> checkMade(state, entry, e.terms());
            case Event.TransactionSettled e -> checkMade(state, entry, e.terms());
            case Event.TransactionAborted e ->
                check(
                        entry,
                        TransactionDecisions.released(
                                pending(
                                                state,
                                                e.terms().coordinator(),
                                                e.terms().id())
                                        .terms(),
                                state));
            case Event.TransactionReleased e -> {
                PendingTransaction pending = state.transaction(PendingTransaction.key(e.fromShard(), e.transaction()));
                check(
                        entry,
                        pending == null
                                ? new EntryDraft(state)
                                : TransactionDecisions.released(pending.terms(), state));
            }
        }
    }

    private static void checkReleased(ShardView state, Entry entry, String id, String account) {
        Hold hold = state.hold(id);
        Invariant.check(hold != null && hold.account().equals(account), "a hold must be known: entry=", entry);
        if (hold != null) {
            check(
                    entry,
                    new EntryDraft(state)
                            .hold(account, hold.asset(), hold.remaining().negate()));
        }
    }

    private static void checkReserved(ShardView state, Entry entry, TransactionTerms terms) {
        EntryDraft draft = new EntryDraft(state);
        LegWalk.of(terms, entry.shard()).reserve(draft);
        check(entry, draft);
    }

    private static void checkMade(ShardView state, Entry entry, TransactionTerms terms) {
        PendingTransaction pending = pending(state, terms.coordinator(), terms.id());
        Invariant.check(pending.terms().equals(terms), "what is made must be what was agreed to: entry=", entry);
        check(entry, TransactionDecisions.made(terms, state));
    }

    private static void check(Entry entry, EntryDraft expected) {
        Invariant.check(
                entry.postings().equals(expected.postings()), "postings must do what the event says: entry=", entry);
    }

    private static String clearing(int peer, TransferTerms terms) {
        return AccountId.clearing(peer, terms.asset());
    }

    private static void checkPaid(Entry entry, TransferTerms terms, String credited) {
        checkMove(entry, terms, terms.from(), terms.kind().debited(), credited);
    }

    private static void checkArrived(Entry entry, TransferTerms terms, int fromShard, String credited) {
        checkMove(entry, terms, clearing(fromShard, terms), Bucket.AVAILABLE, credited);
    }

    private static void checkMove(Entry entry, TransferTerms terms, String debited, Bucket bucket, String credited) {
        BigInteger amount = terms.amount().minorUnits();
        boolean moves = entry.postings().size() == 2
                && isPosting(entry.postings().getFirst(), debited, bucket, terms.asset(), amount.negate())
                && isPosting(entry.postings().getLast(), credited, Bucket.AVAILABLE, terms.asset(), amount);
        Invariant.check(moves, "postings must move what the terms say: entry=", entry);
    }

    private static boolean isPosting(Posting posting, String account, Bucket bucket, String asset, BigInteger amount) {
        return posting.account().equals(account)
                && posting.asset().equals(asset)
                && posting.bucket() == bucket
                && posting.amount().equals(amount);
    }

    private static void checkNoPostings(Entry entry) {
        Invariant.check(entry.postings().isEmpty(), "nothing must move: entry=", entry);
    }
}
