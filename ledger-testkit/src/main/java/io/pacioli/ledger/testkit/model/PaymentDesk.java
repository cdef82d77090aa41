package io.pacioli.ledger.testkit.model;

import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Conditions;
import io.pacioli.ledger.core.Due;
import io.pacioli.ledger.core.Rejection;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Where money changes hands: minted, burnt, transferred now or later, given back. */
final class PaymentDesk {
    private final Sheet sheet;

    PaymentDesk(Sheet sheet) {
        this.sheet = sheet;
    }

    Verdict mint(NaiveShard here, Command.Mint c, long now) {
        BigInteger amount = c.amount().minorUnits();
        Rejection no = null;
        if (amount.signum() == 0) {
            no = Rejection.AMOUNT_MUST_BE_POSITIVE;
        } else if (Sheet.isSystem(c.to())) {
            no = Rejection.ACCOUNT_MUST_NOT_BE_SYSTEM;
        } else if (!here.assetsKnown().contains(c.asset())) {
            no = Rejection.ASSET_NOT_DEFINED;
        } else {
            no = sheet.whyNotOpenTo(here, c.to());
        }
        if (no == null && sheet.circulating(c.asset()).add(amount).compareTo(sheet.supplyMax(c.asset())) > 0) {
            no = Rejection.MAX_SUPPLY_EXCEEDED;
        }
        if (no == null) {
            no = sheet.whyNotMove(here, c.asset(), c.to(), amount);
        }
        return no == null
                ? pay(here, now, 1, Payment.whichIsFinal(c.id(), c.asset(), sheet.issuer(c.asset()), c.to(), amount))
                : here.reject(now, no);
    }

    Verdict burn(NaiveShard here, Command.Burn c, long now) {
        BigInteger amount = c.amount().minorUnits();
        Rejection no = null;
        if (amount.signum() == 0) {
            no = Rejection.AMOUNT_MUST_BE_POSITIVE;
        } else if (Sheet.isSystem(c.from())) {
            no = Rejection.ACCOUNT_MUST_NOT_BE_SYSTEM;
        } else if (!here.assetsKnown().contains(c.asset())) {
            no = Rejection.ASSET_NOT_DEFINED;
        } else {
            no = whyNotPay(here, c.asset(), c.from(), sheet.issuer(c.asset()), amount, null);
        }
        return no == null
                ? pay(here, now, 1, Payment.whichIsFinal(c.id(), c.asset(), c.from(), sheet.issuer(c.asset()), amount))
                : here.reject(now, no);
    }

    /** A transfer arrives. One that is too early waits, and is in time when its time has come. */
    Verdict transfer(NaiveShard here, Command.Transfer c, long now, boolean hasWaited) {
        Conditions conditions = c.conditions();
        Long notBefore = conditions.notBeforeMillis();
        Long notAfter = conditions.notAfterMillis();
        Rejection no = null;
        if (c.amount().minorUnits().signum() == 0) {
            no = Rejection.AMOUNT_MUST_BE_POSITIVE;
        } else if (Sheet.isSystem(c.from()) || Sheet.isSystem(c.to())) {
            no = Rejection.ACCOUNT_MUST_NOT_BE_SYSTEM;
        } else if (c.from().equals(c.to())) {
            no = Rejection.ACCOUNTS_MUST_BE_DIFFERENT;
        } else if (!hasWaited && notAfter != null && (now > notAfter || (notBefore != null && notBefore > notAfter))) {
            no = Rejection.DEADLINE_PASSED;
        } else if (notBefore != null && now < notBefore) {
            here.diary().add(new Due(notBefore, Due.Kind.DEFERRED_COMMAND, c.id()));
            return here.write(1, now, "CommandDeferred").asPending();
        } else if (!here.assetsKnown().contains(c.asset())) {
            no = Rejection.ASSET_NOT_DEFINED;
        } else {
            no = whyNotPay(here, c.asset(), c.from(), c.to(), c.amount().minorUnits(), conditions.balanceAtLeast());
        }
        return no == null
                ? pay(
                        here,
                        now,
                        1,
                        Payment.reversible(
                                c.id(), c.asset(), c.from(), c.to(), c.amount().minorUnits()))
                : here.reject(now, no);
    }

    Verdict reverse(NaiveShard here, Command.ReverseTransfer c, long now) {
        Amount wanted = c.amount();
        if (wanted != null && wanted.minorUnits().signum() == 0) {
            return here.reject(now, Rejection.AMOUNT_MUST_BE_POSITIVE);
        }
        if (Sheet.isSystem(c.from())) {
            return here.reject(now, Rejection.ACCOUNT_MUST_NOT_BE_SYSTEM);
        }
        Rejection no = sheet.whyNotActive(sheet.accounts().get(c.from()));
        if (no != null) {
            return here.reject(now, no);
        }
        NaiveReceipt receipt = here.receipt(c.transfer(), now);
        if (receipt == null || !receipt.payment().to().equals(c.from())) {
            return here.reject(now, Rejection.TRANSFER_NOT_FOUND);
        }
        BigInteger part = wanted == null ? receipt.remaining() : wanted.minorUnits();
        if (part.signum() == 0 || part.compareTo(receipt.remaining()) > 0) {
            return here.reject(now, Rejection.REVERSAL_EXCEEDS_TRANSFER);
        }
        Payment back = receipt.payment().reversed(c.id(), part);
        no = sheet.whyNotSpend(back.from(), back.asset(), part);
        if (no == null) {
            no = sheet.whyNotMove(here, back.asset(), back.to(), part);
        }
        if (no != null) {
            return here.reject(now, no);
        }
        receipt.reverse(part);
        return pay(here, now, 1, back);
    }

    /** Money arrives from another shard: the payee has it, or it goes back. */
    Verdict receive(NaiveShard here, int from, Payment payment, long now) {
        Rejection no = sheet.whyNotCredit(payment.to(), payment.asset(), payment.amount());
        if (no != null) {
            sheet.lettersBetween(here.number(), from).add(new Letter.MoneyBack(payment));
            return here.write(1, now, "TransferRefused", no);
        }
        here.owe(from, payment.asset(), payment.amount().negate());
        sheet.account(payment.to()).add(payment.asset(), payment.amount());
        return withReceipt(here, payment, here.write(1, now, "TransferReceived"));
    }

    /** Money comes back, to whatever has become of the account that it left. */
    Verdict takeBack(NaiveShard here, int from, Payment payment, long now) {
        here.owe(from, payment.asset(), payment.amount().negate());
        sheet.account(payment.from()).add(payment.asset(), payment.amount());
        NaiveReceipt receipt = payment.kind() == Payment.Kind.REVERSAL ? here.receipt(payment.reversalOf(), now) : null;
        if (receipt != null
                && receipt.payment().from().equals(payment.to())
                && receipt.payment().asset().equals(payment.asset())) {
            receipt.unreverse(payment.amount());
        }
        return here.write(1, now, "TransferReturned");
    }

    /** The payer pays with what it has available. */
    Verdict pay(NaiveShard here, long now, int entries, Payment payment) {
        sheet.account(payment.from()).add(payment.asset(), payment.amount().negate());
        return payOut(here, now, entries, payment);
    }

    /** What has left the payer reaches the payee or the mail. */
    Verdict payOut(NaiveShard here, long now, int entries, Payment payment) {
        int peer = sheet.shardOf(payment.to());
        if (peer == here.number()) {
            sheet.account(payment.to()).add(payment.asset(), payment.amount());
            return withReceipt(here, payment, here.write(entries, now, "TransferPosted"));
        }
        here.owe(peer, payment.asset(), payment.amount());
        sheet.lettersBetween(here.number(), peer).add(new Letter.Money(payment));
        return here.write(entries, now, "TransferSent");
    }

    private @Nullable Rejection whyNotPay(
            NaiveShard here, String asset, String from, String to, BigInteger amount, @Nullable Amount balanceAtLeast) {
        Rejection no = sheet.whyNotDeal(here, from, to);
        if (no == null
                && balanceAtLeast != null
                && sheet.account(from).available(asset).compareTo(balanceAtLeast.minorUnits()) < 0) {
            no = Rejection.BALANCE_BELOW_CONDITION;
        }
        if (no == null) {
            no = sheet.whyNotSpend(from, asset, amount);
        }
        return no == null ? sheet.whyNotMove(here, asset, to, amount) : no;
    }

    private static Verdict withReceipt(NaiveShard here, Payment payment, Verdict verdict) {
        if (payment.kind() == Payment.Kind.REVERSIBLE) {
            here.keep(new NaiveReceipt(payment, here.since(verdict)));
        }
        return verdict;
    }
}
