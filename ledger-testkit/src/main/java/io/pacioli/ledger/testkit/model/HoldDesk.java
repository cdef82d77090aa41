package io.pacioli.ledger.testkit.model;

import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Due;
import io.pacioli.ledger.core.Rejection;
import java.math.BigInteger;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where money is set aside, and paid or made available again. */
final class HoldDesk {
    private final Sheet sheet;
    private final PaymentDesk payments;

    HoldDesk(Sheet sheet, PaymentDesk payments) {
        this.sheet = sheet;
        this.payments = payments;
    }

    Verdict place(NaiveShard here, Command.PlaceHold c, long now) {
        Rejection no = whyNotPlace(here, c, now);
        if (no != null) {
            return here.reject(now, no);
        }
        sheet.account(c.from()).pot(c.asset()).setAside(c.amount().minorUnits());
        here.keep(new NaiveHold(c));
        Long end = c.expiresAtMillis();
        if (end != null) {
            here.diary().add(new Due(end, Due.Kind.HOLD_EXPIRY, c.id()));
        }
        return here.write(1, now, "HoldPlaced");
    }

    Verdict capture(NaiveShard here, Command.CaptureHold c, long now) {
        Amount wanted = c.amount();
        Rejection no = null;
        if (wanted != null && wanted.minorUnits().signum() == 0) {
            no = Rejection.AMOUNT_MUST_BE_POSITIVE;
        } else if (Sheet.isSystem(c.from()) || Sheet.isSystem(c.to())) {
            no = Rejection.ACCOUNT_MUST_NOT_BE_SYSTEM;
        } else if (c.from().equals(c.to())) {
            no = Rejection.ACCOUNTS_MUST_BE_DIFFERENT;
        } else {
            no = sheet.whyNotActive(sheet.accounts().get(c.from()));
        }
        NaiveHold hold = here.hold(c.hold(), now);
        if (no == null) {
            no = whyNotUse(hold, c.from(), now);
        }
        if (no != null || hold == null) {
            return here.reject(now, Objects.requireNonNull(no));
        }
        String named = hold.placed().to();
        String payee = c.to() == null ? named : c.to();
        if (payee == null || (named != null && !named.equals(payee))) {
            return here.reject(now, Rejection.HOLD_PAYEE_MISMATCH);
        }
        BigInteger amount = wanted == null ? hold.remaining() : wanted.minorUnits();
        if (amount.compareTo(hold.remaining()) > 0) {
            return here.reject(now, Rejection.HOLD_AMOUNT_EXCEEDED);
        }
        String asset = hold.placed().asset();
        no = sheet.whyNotMove(here, asset, payee, amount);
        if (no != null) {
            return here.reject(now, no);
        }
        hold.take(amount);
        sheet.account(c.from()).pot(asset).addHeld(amount.negate());
        Verdict verdict = payments.payOut(here, now, 1, Payment.reversible(c.id(), asset, c.from(), payee, amount));
        if (hold.remaining().signum() == 0) {
            end(here, hold, Rejection.HOLD_ALREADY_CAPTURED, verdict);
        }
        return verdict;
    }

    Verdict release(NaiveShard here, Command.VoidHold c, long now) {
        Rejection no = Sheet.isSystem(c.from())
                ? Rejection.ACCOUNT_MUST_NOT_BE_SYSTEM
                : sheet.whyNotThere(sheet.accounts().get(c.from()));
        NaiveHold hold = here.hold(c.hold(), now);
        if (no == null) {
            no = whyNotUse(hold, c.from(), now);
        }
        if (no != null || hold == null) {
            return here.reject(now, Objects.requireNonNull(no));
        }
        giveBack(hold);
        Verdict verdict = here.write(1, now, "HoldVoided");
        end(here, hold, Rejection.HOLD_ALREADY_VOIDED, verdict);
        return verdict;
    }

    /** The time of a hold is up. */
    Verdict expire(NaiveShard here, String id, long now) {
        NaiveHold hold = Objects.requireNonNull(here.hold(id, now));
        giveBack(hold);
        Verdict verdict = here.write(1, now, "HoldExpired");
        end(here, hold, Rejection.HOLD_EXPIRED, verdict);
        return verdict;
    }

    private @Nullable Rejection whyNotPlace(NaiveShard here, Command.PlaceHold c, long now) {
        Long end = c.expiresAtMillis();
        if (c.amount().minorUnits().signum() == 0) {
            return Rejection.AMOUNT_MUST_BE_POSITIVE;
        }
        if (Sheet.isSystem(c.from()) || Sheet.isSystem(c.to())) {
            return Rejection.ACCOUNT_MUST_NOT_BE_SYSTEM;
        }
        if (c.from().equals(c.to())) {
            return Rejection.ACCOUNTS_MUST_BE_DIFFERENT;
        }
        if (end != null && end <= now) {
            return Rejection.DEADLINE_PASSED;
        }
        if (!here.assetsKnown().contains(c.asset())) {
            return Rejection.ASSET_NOT_DEFINED;
        }
        Rejection no = sheet.whyNotActive(sheet.accounts().get(c.from()));
        if (no == null && here.hold(c.id(), now) != null) {
            no = Rejection.HOLD_ALREADY_PLACED;
        }
        return no == null ? sheet.whyNotSpend(c.from(), c.asset(), c.amount().minorUnits()) : no;
    }

    private static @Nullable Rejection whyNotUse(@Nullable NaiveHold hold, String from, long now) {
        return hold == null || !hold.placed().from().equals(from) ? Rejection.HOLD_NOT_FOUND : hold.whyOver(now);
    }

    private void giveBack(NaiveHold hold) {
        sheet.account(hold.placed().from())
                .pot(hold.placed().asset())
                .setAside(hold.remaining().negate());
    }

    private static void end(NaiveShard here, NaiveHold hold, Rejection how, Verdict verdict) {
        hold.end(how, here.since(verdict));
        Long end = hold.placed().expiresAtMillis();
        if (end != null) {
            here.diary().remove(new Due(end, Due.Kind.HOLD_EXPIRY, hold.placed().id()));
        }
    }
}
