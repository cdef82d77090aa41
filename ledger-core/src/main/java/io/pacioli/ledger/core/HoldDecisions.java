package io.pacioli.ledger.core;

import java.math.BigInteger;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Decisions about holds: money of an account that is set aside until it is captured, voided or expires. */
final class HoldDecisions {
    private final TransferDecisions transfers;

    HoldDecisions(TransferDecisions transfers) {
        this.transfers = transfers;
    }

    static Decision place(Command.PlaceHold c, Input.CommandInput input, ShardView view) {
        Account payer = view.account(c.from());
        Rejected rejected = Rules.first(
                Rules.positive("amount", c.amount()),
                Rules.notSystem("from", c.from()),
                Rules.notSystem("to", c.to()),
                Rules.different(c.from(), c.to()),
                Rules.ahead("expiresAt", c.expiresAtMillis(), Rules.now(input, view)),
                Rules.assetDefined(view, c.asset()),
                Rules.open("from", c.from(), payer),
                Rules.notClosed("from", payer),
                Rules.notFrozen("from", payer),
                unknown(c.id(), input, view),
                Rules.funds(payer, c.asset(), c.amount()));
        if (rejected != null) {
            return Outcomes.rejected(input, view, rejected);
        }
        HoldTerms terms = new HoldTerms(
                c.id(), c.asset(), c.from(), c.to(), c.amount(), c.expiresAtMillis(), c.memo(), c.metadata());
        EntryDraft draft =
                new EntryDraft(view).hold(c.from(), c.asset(), c.amount().minorUnits());
        return Outcomes.accepted(input, draft, new Event.HoldPlaced(terms));
    }

    Decision capture(Command.CaptureHold c, Input.CommandInput input, ShardView view) {
        Account payer = view.account(c.from());
        Rejected rejected = Rules.first(
                Rules.positive("amount", c.amount()),
                Rules.notSystem("from", c.from()),
                Rules.notSystem("to", c.to()),
                Rules.different(c.from(), c.to()),
                Rules.open("from", c.from(), payer),
                Rules.notClosed("from", payer),
                Rules.notFrozen("from", payer));
        Hold hold = view.hold(c.hold());
        if (rejected == null) {
            rejected = active(c.hold(), c.from(), hold, input, view);
        }
        if (rejected != null || hold == null) {
            return Outcomes.rejected(input, view, Objects.requireNonNull(rejected));
        }
        String payee = hold.to() == null ? c.to() : hold.to();
        if (payee == null || (c.to() != null && !c.to().equals(payee))) {
            String limit = payee == null ? "an account" : payee;
            return Outcomes.rejected(
                    input,
                    view,
                    new Rejected(Rejection.HOLD_PAYEE_MISMATCH, "to", limit, Objects.toString(c.to(), "none")));
        }
        Amount amount = c.amount() == null ? new Amount(hold.remaining()) : c.amount();
        TransferTerms terms = new TransferTerms(
                c.id(), TransferKind.CAPTURE, hold.asset(), c.from(), payee, amount, hold.id(), "", c.metadata());
        return transfers.move(terms, covers(hold, amount), input, view);
    }

    static Decision voided(Command.VoidHold c, Input.CommandInput input, ShardView view) {
        Account payer = view.account(c.from());
        Hold hold = view.hold(c.hold());
        Rejected rejected = Rules.first(
                Rules.notSystem("from", c.from()),
                Rules.open("from", c.from(), payer),
                Rules.notClosed("from", payer),
                active(c.hold(), c.from(), hold, input, view));
        if (rejected != null || hold == null) {
            return Outcomes.rejected(input, view, Objects.requireNonNull(rejected));
        }
        Event event = new Event.HoldVoided(c.hold(), c.from(), c.metadata());
        return Outcomes.accepted(input, released(hold, view), event);
    }

    static Decision expire(Input.DueInput input, ShardView view) {
        Hold hold = view.hold(input.due().id());
        if (hold == null) {
            throw new InvariantViolation(
                    "a hold that expires must be known: hold=" + input.due().id());
        }
        Event event = new Event.HoldExpired(hold.id(), hold.account());
        return Outcomes.journaled(released(hold, view).finish(input, hold.id(), null, event));
    }

    private static EntryDraft released(Hold hold, ShardView view) {
        return new EntryDraft(view)
                .hold(hold.account(), hold.asset(), hold.remaining().negate());
    }

    private static @Nullable Rejected unknown(String id, Input input, ShardView view) {
        Hold hold = view.hold(id);
        return hold == null || !hold.isKnown(view.header().sequence(), Rules.now(input, view))
                ? null
                : new Rejected(Rejection.HOLD_ALREADY_PLACED, "id", "a new id", id);
    }

    private static @Nullable Rejected active(
            String id, String account, @Nullable Hold hold, Input input, ShardView view) {
        long now = Rules.now(input, view);
        if (hold == null
                || !hold.account().equals(account)
                || !hold.isKnown(view.header().sequence(), now)) {
            return new Rejected(Rejection.HOLD_NOT_FOUND, "hold", "a hold on " + account, id);
        }
        Long expiresAt = hold.expiresAtMillis();
        Rejection ended = switch (hold.status()) {
            case CAPTURED -> Rejection.HOLD_ALREADY_CAPTURED;
            case VOIDED -> Rejection.HOLD_ALREADY_VOIDED;
            case EXPIRED -> Rejection.HOLD_EXPIRED;
            case ACTIVE -> expiresAt != null && now >= expiresAt ? Rejection.HOLD_EXPIRED : null;
        };
        return ended == null ? null : new Rejected(ended, "hold", "an active hold", id);
    }

    private static @Nullable Rejected covers(Hold hold, Amount amount) {
        BigInteger remaining = hold.remaining();
        return amount.minorUnits().compareTo(remaining) <= 0
                ? null
                : new Rejected(Rejection.HOLD_AMOUNT_EXCEEDED, "amount", Amount.digits(remaining), amount.toString());
    }
}
