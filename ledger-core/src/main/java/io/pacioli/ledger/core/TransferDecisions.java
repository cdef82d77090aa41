package io.pacioli.ledger.core;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decisions that move money between two accounts: transfer, mint, burn, capture and reversal, on one shard or across two.
 *
 * <p>Across shards each keeps balanced books with a clearing account for every peer, as a bank's branches do. The payer's shard
 * decides finally; the payee's shard credits, or sends back what it cannot credit.
 */
final class TransferDecisions {
    private final Router router;

    TransferDecisions(Router router) {
        this.router = router;
    }

    Decision transfer(Command.Transfer c, Input.CommandInput input, ShardView view) {
        long now = Rules.now(input, view);
        Rejected rejected = Rules.first(
                Rules.positive("amount", c.amount()),
                Rules.notSystem("from", c.from()),
                Rules.notSystem("to", c.to()),
                Rules.different(c.from(), c.to()),
                Rules.inTime(c.conditions(), now));
        if (rejected != null) {
            return Outcomes.rejected(input, view, rejected);
        }
        if (c.conditions().isEarly(now)) {
            Event event = new Event.CommandDeferred(c);
            Entry entry = new EntryDraft(view).finish(input, c.id(), input.fingerprint(), event);
            return Outcomes.pending(entry, c.id(), List.of());
        }
        return decide(c, input, view);
    }

    /** A transfer that came before its time, when that has come: it is in time then, however late somebody looks. */
    Decision deferred(Input.DueInput input, ShardView view) {
        Deferral deferral = view.deferral(input.due().id());
        if (deferral == null) {
            throw new InvariantViolation("a command whose time has come must be known: id="
                    + input.due().id());
        }
        Input.CommandInput then =
                new Input.CommandInput(deferral.command(), deferral.fingerprint(), input.cause(), input.atMillis());
        return decide(deferral.command(), then, view);
    }

    private Decision decide(Command.Transfer c, Input.CommandInput input, ShardView view) {
        Account payer = view.account(c.from());
        Account payee = payeeHere(c.to(), view);
        Rejected rejected = Rules.first(
                Rules.assetDefined(view, c.asset()),
                Rules.open("from", c.from(), payer),
                Rules.notClosed("from", payer),
                Rules.notClosed("to", payee),
                Rules.notFrozen("from", payer),
                Rules.notFrozen("to", payee),
                Rules.balanceAtLeast(payer, c.asset(), c.conditions()),
                Rules.funds(payer, c.asset(), c.amount()));
        TransferTerms terms = new TransferTerms(
                c.id(), TransferKind.TRANSFER, c.asset(), c.from(), c.to(), c.amount(), null, c.memo(), c.metadata());
        return move(terms, rejected, input, view);
    }

    Decision burn(Command.Burn c, Input.CommandInput input, ShardView view) {
        Account payer = view.account(c.from());
        Rejected rejected = Rules.first(
                Rules.positive("amount", c.amount()),
                Rules.notSystem("from", c.from()),
                Rules.assetDefined(view, c.asset()),
                Rules.open("from", c.from(), payer),
                Rules.notClosed("from", payer),
                Rules.notFrozen("from", payer),
                Rules.funds(payer, c.asset(), c.amount()));
        String issuer = AccountId.issuer(c.asset());
        return move(terms(c, TransferKind.BURN, c.asset(), c.from(), issuer, c.amount()), rejected, input, view);
    }

    Decision mint(Command.Mint c, Input.CommandInput input, ShardView view) {
        Account payee = payeeHere(c.to(), view);
        Rejected rejected = Rules.first(
                Rules.positive("amount", c.amount()),
                Rules.notSystem("to", c.to()),
                Rules.assetDefined(view, c.asset()),
                Rules.notClosed("to", payee),
                Rules.notFrozen("to", payee));
        Asset asset = view.asset(c.asset());
        String issuer = AccountId.issuer(c.asset());
        if (rejected == null && asset != null) {
            rejected = Rules.supply(asset, available(view, issuer, c.asset()), "amount", c.amount());
        }
        return move(terms(c, TransferKind.MINT, c.asset(), issuer, c.to(), c.amount()), rejected, input, view);
    }

    Decision reverse(Command.ReverseTransfer c, Input.CommandInput input, ShardView view) {
        Account payee = view.account(c.from());
        Rejected rejected = Rules.first(
                Rules.positive("amount", c.amount()),
                Rules.notSystem("from", c.from()),
                Rules.open("from", c.from(), payee),
                Rules.notClosed("from", payee),
                Rules.notFrozen("from", payee));
        if (rejected != null) {
            return Outcomes.rejected(input, view, rejected);
        }
        Receipt receipt = view.receipt(c.transfer());
        if (receipt == null
                || !receipt.to().equals(c.from())
                || !receipt.isKnown(view.header().sequence(), Rules.now(input, view))) {
            return Outcomes.rejected(
                    input,
                    view,
                    new Rejected(Rejection.TRANSFER_NOT_FOUND, "transfer", "a transfer to " + c.from(), c.transfer()));
        }
        BigInteger remaining = receipt.remaining();
        BigInteger wanted = c.amount() == null ? remaining : c.amount().minorUnits();
        if (remaining.signum() == 0 || wanted.compareTo(remaining) > 0) {
            return Outcomes.rejected(
                    input,
                    view,
                    new Rejected(
                            Rejection.REVERSAL_EXCEEDS_TRANSFER,
                            "amount",
                            Amount.digits(remaining),
                            Amount.digits(wanted)));
        }
        Amount amount = new Amount(wanted);
        TransferTerms terms = new TransferTerms(
                c.id(),
                TransferKind.REVERSAL,
                receipt.asset(),
                c.from(),
                receipt.from(),
                amount,
                receipt.id(),
                "",
                c.metadata());
        return move(terms, Rules.funds(payee, receipt.asset(), amount), input, view);
    }

    /** Whether the account that is to hold an asset's first supply can be credited, as far as this shard can tell. */
    @Nullable
    Rejected holderCreditable(Command.DefineAsset c, ShardView view) {
        String holder = c.initialHolder();
        return holder == null ? null : creditableHere(firstSupplyTerms(c, holder), view);
    }

    /** Whether the account that is to hold an asset's first supply may be paid, as far as this shard can tell. */
    @Nullable
    Rejected holderOpen(Command.DefineAsset c, ShardView view) {
        Account holder = c.initialHolder() == null ? null : payeeHere(c.initialHolder(), view);
        return Rules.first(Rules.notClosed("initialHolder", holder), Rules.notFrozen("initialHolder", holder));
    }

    /** Mints the supply that an asset starts with, after its definition and as part of the same decision. */
    Decision firstSupply(
            Command.DefineAsset c,
            String holder,
            Input.CommandInput input,
            ShardView afterDefinition,
            Entry defined,
            List<Transit> announcements) {
        Moved moved = post(firstSupplyTerms(c, holder), input, afterDefinition);
        List<Transit> transit = new ArrayList<>(announcements);
        transit.addAll(moved.transit);
        return Outcomes.accepted(input, List.of(defined, moved.entry), transit);
    }

    private static TransferTerms firstSupplyTerms(Command.DefineAsset c, String holder) {
        String code = c.asset().code();
        return terms(c, TransferKind.MINT, code, AccountId.issuer(code), holder, c.initialSupply());
    }

    /** Money that came from another shard: credit the payee, or send it back with the reason. */
    Decision credit(Transit.TransferCredit t, Input input, ShardView view) {
        TransferTerms terms = t.terms();
        Rejected refused = Rules.creditable(terms.to(), view.account(terms.to()), terms.asset(), terms.amount());
        if (refused != null) {
            long returnNumber = view.channel(t.from()).send().sent();
            Event event = new Event.TransferRefused(terms, t.from(), t.number(), returnNumber, refused);
            Entry entry = new EntryDraft(view).finish(input, terms.id(), null, event);
            return Outcomes.journaled(
                    entry, List.of(new Transit.TransferReturn(t.to(), t.from(), returnNumber, terms, refused)));
        }
        Event event = new Event.TransferReceived(terms, t.from(), t.number());
        return arrived(terms, terms.to(), t, event, input, view);
    }

    /** Money that another shard could not credit: it always goes back to the payer, whatever its limits say by now. */
    Decision giveBack(Transit.TransferReturn t, Input input, ShardView view) {
        Event event = new Event.TransferReturned(t.terms(), t.from(), t.number(), t.reason());
        return arrived(t.terms(), t.terms().from(), t, event, input, view);
    }

    private static Decision arrived(
            TransferTerms terms, String payee, Transit transit, Event event, Input input, ShardView view) {
        BigInteger amount = terms.amount().minorUnits();
        Entry entry = new EntryDraft(view)
                .post(AccountId.clearing(transit.from(), terms.asset()), terms.asset(), amount.negate())
                .post(payee, terms.asset(), amount)
                .finish(input, terms.id(), null, event);
        return Outcomes.journaled(entry);
    }

    /** Moves what the terms say unless the debit was rejected or the payee, if it lives here, cannot be credited. */
    Decision move(TransferTerms terms, @Nullable Rejected debitRejected, Input.CommandInput input, ShardView view) {
        Rejected rejected = debitRejected == null ? creditableHere(terms, view) : debitRejected;
        if (rejected != null) {
            return Outcomes.rejected(input, view, rejected);
        }
        // From here on the transfer must succeed.
        Moved moved = post(terms, input, view);
        return Outcomes.accepted(input, List.of(moved.entry), moved.transit);
    }

    /**
     * Only the payee's own shard can tell whether it can be credited; across shards the answer comes later, and all that can be
     * told here is whether the clearing account, which is credited instead, keeps within 38 digits.
     */
    private @Nullable Rejected creditableHere(TransferTerms terms, ShardView view) {
        int peer = router.shardOf(terms.to());
        String credited = peer == view.header().shard() ? terms.to() : AccountId.clearing(peer, terms.asset());
        return Rules.creditable(credited, view.account(credited), terms.asset(), terms.amount());
    }

    private Moved post(TransferTerms terms, Input.CommandInput input, ShardView view) {
        BigInteger amount = terms.amount().minorUnits();
        int self = view.header().shard();
        int peer = router.shardOf(terms.to());
        EntryDraft draft =
                new EntryDraft(view).post(terms.from(), terms.kind().debited(), terms.asset(), amount.negate());
        if (peer == self) {
            draft.post(terms.to(), terms.asset(), amount);
            Event event = new Event.TransferPosted(terms);
            return new Moved(draft.finish(input, terms.id(), input.fingerprint(), event), List.of());
        }
        long number = view.channel(peer).send().sent();
        draft.post(AccountId.clearing(peer, terms.asset()), terms.asset(), amount);
        Event event = new Event.TransferSent(terms, peer, number);
        return new Moved(
                draft.finish(input, terms.id(), input.fingerprint(), event),
                List.of(new Transit.TransferCredit(self, peer, number, terms)));
    }

    /** The payee's account when it lives on this shard; null when it does not exist here, or lives elsewhere. */
    private @Nullable Account payeeHere(String payee, ShardView view) {
        return router.shardOf(payee) == view.header().shard() ? view.account(payee) : null;
    }

    private static BigInteger available(ShardView view, String account, String asset) {
        Account known = view.account(account);
        return known == null ? BigInteger.ZERO : known.holding(asset).available();
    }

    private static TransferTerms terms(
            Command c, TransferKind kind, String asset, String from, String to, Amount amount) {
        return new TransferTerms(c.id(), kind, asset, from, to, amount, null, "", c.metadata());
    }

    private record Moved(Entry entry, List<Transit> transit) {}
}
