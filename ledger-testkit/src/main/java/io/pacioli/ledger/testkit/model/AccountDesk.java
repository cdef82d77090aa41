package io.pacioli.ledger.testkit.model;

import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Rejection;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Where assets are defined and accounts are opened, frozen and closed. */
final class AccountDesk {
    private final Sheet sheet;
    private final PaymentDesk payments;

    AccountDesk(Sheet sheet, PaymentDesk payments) {
        this.sheet = sheet;
        this.payments = payments;
    }

    Verdict define(NaiveShard here, Command.DefineAsset c, long now) {
        Rejection no = whyNotDefine(here, c);
        if (no != null) {
            return here.reject(now, no);
        }
        String code = c.asset().code();
        sheet.assets().put(code, c.asset());
        here.assetsKnown().add(code);
        for (NaiveShard peer : sheet.shards()) {
            if (peer != here) {
                sheet.lettersBetween(here.number(), peer.number()).add(new Letter.News(code));
            }
        }
        String holder = c.initialHolder();
        BigInteger supply = c.initialSupply().minorUnits();
        return holder == null
                ? here.write(1, now, "AssetDefined")
                : payments.pay(here, now, 2, Payment.whichIsFinal(c.id(), code, sheet.issuer(code), holder, supply));
    }

    Verdict open(NaiveShard here, Command.OpenAccount c, long now) {
        if (Sheet.isSystem(c.account())) {
            return here.reject(now, Rejection.ACCOUNT_MUST_NOT_BE_SYSTEM);
        }
        if (c.limits().lowest().values().stream().anyMatch(limit -> limit.signum() > 0)) {
            return here.reject(now, Rejection.LIMIT_MUST_NOT_BE_POSITIVE);
        }
        NaiveAccount known = sheet.accounts().get(c.account());
        if (known != null && known.opened() && !known.closed()) {
            return here.reject(now, Rejection.ACCOUNT_ALREADY_OPEN);
        }
        sheet.account(c.account()).open(c.limits());
        return here.write(1, now, "AccountOpened");
    }

    Verdict freeze(NaiveShard here, Command.FreezeAccount c, long now) {
        NaiveAccount account = sheet.accounts().get(c.account());
        Rejection no = whyNotTouch(c.account(), account);
        if (no == null && account != null) {
            if (account.frozen()) {
                no = Rejection.ACCOUNT_FROZEN;
            } else {
                account.freeze(true);
                return here.write(1, now, "AccountFrozen");
            }
        }
        return rejected(here, now, no);
    }

    Verdict unfreeze(NaiveShard here, Command.UnfreezeAccount c, long now) {
        NaiveAccount account = sheet.accounts().get(c.account());
        Rejection no = whyNotTouch(c.account(), account);
        if (no == null && account != null) {
            if (account.frozen()) {
                account.freeze(false);
                return here.write(1, now, "AccountUnfrozen");
            }
            no = Rejection.ACCOUNT_NOT_FROZEN;
        }
        return rejected(here, now, no);
    }

    Verdict close(NaiveShard here, Command.CloseAccount c, long now) {
        NaiveAccount account = sheet.accounts().get(c.account());
        Rejection no = whyNotTouch(c.account(), account);
        if (no == null && account != null) {
            if (account.frozen()) {
                no = Rejection.ACCOUNT_FROZEN;
            } else if (!account.isEmpty()) {
                no = Rejection.ACCOUNT_NOT_EMPTY;
            } else {
                account.close();
                return here.write(1, now, "AccountClosed");
            }
        }
        return rejected(here, now, no);
    }

    private @Nullable Rejection whyNotTouch(String id, @Nullable NaiveAccount account) {
        return Sheet.isSystem(id) ? Rejection.ACCOUNT_MUST_NOT_BE_SYSTEM : sheet.whyNotThere(account);
    }

    private static Verdict rejected(NaiveShard here, long now, @Nullable Rejection no) {
        if (no == null) {
            throw new IllegalStateException("an account that is there is missing");
        }
        return here.reject(now, no);
    }

    private @Nullable Rejection whyNotDefine(NaiveShard here, Command.DefineAsset c) {
        String code = c.asset().code();
        String holder = c.initialHolder();
        Amount supply = c.initialSupply();
        if (Sheet.isSystem(holder)) {
            return Rejection.ACCOUNT_MUST_NOT_BE_SYSTEM;
        }
        if (supply.minorUnits().signum() > 0 ? holder == null : holder != null) {
            return Rejection.INITIAL_SUPPLY_NEEDS_HOLDER;
        }
        if (sheet.assets().containsKey(code)) {
            return Rejection.ASSET_ALREADY_DEFINED;
        }
        Rejection no = holder == null ? null : sheet.whyNotOpenTo(here, holder);
        if (no != null) {
            return no;
        }
        if (supply.minorUnits().compareTo(Sheet.supplyMax(c.asset())) > 0) {
            return Rejection.MAX_SUPPLY_EXCEEDED;
        }
        return holder == null ? null : sheet.whyNotMove(here, code, holder, supply.minorUnits());
    }
}
