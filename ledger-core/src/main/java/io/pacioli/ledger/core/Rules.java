package io.pacioli.ledger.core;

import java.math.BigInteger;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The rules of the ledger, one method each: null when the rule holds, else the rejection. Callers check them in the order of
 * {@link Rejection}.
 */
final class Rules {
    private Rules() {}

    /** The time at which an input is decided: its own, but never before the shard's last entry. */
    static long now(Input input, ShardView view) {
        return Math.max(input.atMillis(), view.header().atMillis());
    }

    static @Nullable Rejected positive(String field, @Nullable Amount amount) {
        return amount == null || amount.isPositive()
                ? null
                : new Rejected(Rejection.AMOUNT_MUST_BE_POSITIVE, field, "1", "0");
    }

    static @Nullable Rejected notSystem(String field, @Nullable String account) {
        return account == null || !AccountId.isSystem(account)
                ? null
                : new Rejected(Rejection.ACCOUNT_MUST_NOT_BE_SYSTEM, field, "an account of a client", account);
    }

    static @Nullable Rejected different(String from, @Nullable String to) {
        return different("to", from, to);
    }

    static @Nullable Rejected different(String field, String from, @Nullable String to) {
        return to != null && from.equals(to)
                ? new Rejected(Rejection.ACCOUNTS_MUST_BE_DIFFERENT, field, "another than " + from, to)
                : null;
    }

    static @Nullable Rejected lowestNotPositive(AccountLimits limits) {
        for (var limit : limits.lowest().entrySet()) {
            if (limit.getValue().signum() > 0) {
                return new Rejected(
                        Rejection.LIMIT_MUST_NOT_BE_POSITIVE,
                        "limits." + limit.getKey(),
                        "0",
                        limit.getValue().toString());
            }
        }
        return null;
    }

    static @Nullable Rejected supplyHasHolder(Command.DefineAsset command) {
        boolean minted = command.initialSupply().isPositive();
        String holder = command.initialHolder();
        return minted == (holder != null)
                ? null
                : new Rejected(
                        Rejection.INITIAL_SUPPLY_NEEDS_HOLDER,
                        "initialSupply",
                        minted ? "a supply with a holder" : "a supply above 0 for holder " + holder,
                        command.initialSupply().toString());
    }

    static @Nullable Rejected assetUndefined(ShardView view, String asset) {
        return view.asset(asset) == null
                ? null
                : new Rejected(Rejection.ASSET_ALREADY_DEFINED, "asset", "a new code", asset);
    }

    static @Nullable Rejected assetDefined(ShardView view, String asset) {
        return assetDefined("asset", view, asset);
    }

    static @Nullable Rejected assetDefined(String field, ShardView view, String asset) {
        return view.asset(asset) != null
                ? null
                : new Rejected(Rejection.ASSET_NOT_DEFINED, field, "a defined asset", asset);
    }

    static @Nullable Rejected notOpen(String field, @Nullable Account account) {
        return account == null || !account.opened() || account.status() == AccountStatus.CLOSED
                ? null
                : new Rejected(Rejection.ACCOUNT_ALREADY_OPEN, field, "a new account", account.id());
    }

    static @Nullable Rejected open(String field, String id, @Nullable Account account) {
        return account != null && account.exists()
                ? null
                : new Rejected(Rejection.ACCOUNT_NOT_OPEN, field, "an open account", id);
    }

    static @Nullable Rejected notClosed(String field, @Nullable Account account) {
        return account == null || account.status() != AccountStatus.CLOSED
                ? null
                : new Rejected(Rejection.ACCOUNT_CLOSED, field, "an account that is not closed", account.id());
    }

    static @Nullable Rejected notFrozen(String field, @Nullable Account account) {
        return account == null || account.status() != AccountStatus.FROZEN
                ? null
                : new Rejected(Rejection.ACCOUNT_FROZEN, field, "an account that is not frozen", account.id());
    }

    static @Nullable Rejected frozen(String field, @Nullable Account account) {
        return account == null || account.status() == AccountStatus.FROZEN
                ? null
                : new Rejected(Rejection.ACCOUNT_NOT_FROZEN, field, "a frozen account", account.id());
    }

    /** Nothing is left on the account, and nothing is promised to it. */
    static @Nullable Rejected empty(String field, @Nullable Account account) {
        return account == null
                        || (account.holdings().isEmpty() && account.promised().isEmpty())
                ? null
                : new Rejected(
                        Rejection.ACCOUNT_NOT_EMPTY,
                        field,
                        "an account with no money",
                        account.id() + " with "
                                + (account.holdings().isEmpty()
                                        ? "a transaction under way"
                                        : account.holdings().getFirst().asset()));
    }

    /** A time at which something is to end is still to come. */
    static @Nullable Rejected ahead(String field, @Nullable Long deadlineMillis, long nowMillis) {
        return deadlineMillis == null || nowMillis < deadlineMillis
                ? null
                : new Rejected(
                        Rejection.DEADLINE_PASSED,
                        field,
                        "after " + Instant.ofEpochMilli(nowMillis),
                        Instant.ofEpochMilli(deadlineMillis).toString());
    }

    /** A transfer may still be made, or may be when the time that it waits for has come. */
    static @Nullable Rejected inTime(Conditions conditions, long nowMillis) {
        Long notAfter = conditions.notAfterMillis();
        Long notBefore = conditions.notBeforeMillis();
        long earliest = notBefore == null ? nowMillis : Math.max(notBefore, nowMillis);
        return notAfter == null || earliest <= notAfter
                ? null
                : new Rejected(
                        Rejection.DEADLINE_PASSED,
                        "conditions.notAfter",
                        "at least " + Instant.ofEpochMilli(earliest),
                        Instant.ofEpochMilli(notAfter).toString());
    }

    /** The payer has as much available as the transfer's conditions ask. */
    static @Nullable Rejected balanceAtLeast(@Nullable Account payer, String asset, Conditions conditions) {
        Amount least = conditions.balanceAtLeast();
        if (payer == null || least == null) {
            return null;
        }
        BigInteger available = payer.holding(asset).available();
        return available.compareTo(least.minorUnits()) >= 0
                ? null
                : new Rejected(
                        Rejection.BALANCE_BELOW_CONDITION,
                        "conditions.balanceAtLeast",
                        Amount.digits(available),
                        least.toString());
    }

    /** The supply after minting stays within the maximum. */
    static @Nullable Rejected supply(Asset asset, BigInteger issuerBalance, String field, Amount amount) {
        BigInteger room = issuerBalance.subtract(asset.lowestIssuerBalance());
        return amount.minorUnits().compareTo(room) <= 0
                ? null
                : new Rejected(Rejection.MAX_SUPPLY_EXCEEDED, field, Amount.digits(room), amount.toString());
    }

    /** The payer's available balance stays at or above its lowest balance allowed. */
    static @Nullable Rejected funds(@Nullable Account payer, String asset, Amount amount) {
        return payer == null ? null : funds("amount", payer, asset, BigInteger.ZERO, amount);
    }

    /**
     * The payer's available balance stays at or above its lowest balance allowed.
     *
     * @param before what other movements will have brought, or taken when negative
     */
    static @Nullable Rejected funds(String field, Account payer, String asset, BigInteger before, Amount amount) {
        BigInteger spendable = payer.holding(asset)
                .available()
                .subtract(payer.limits().lowest(asset))
                .add(before);
        return amount.minorUnits().compareTo(spendable) <= 0
                ? null
                : new Rejected(Rejection.INSUFFICIENT_FUNDS, field, Amount.digits(spendable), amount.toString());
    }

    /** What is to be reserved at a time keeps within 38 digits, as every amount does, however far a credit line reaches. */
    static @Nullable Rejected reservable(String field, BigInteger before, Amount amount) {
        BigInteger rest = Amount.MAX.add(before);
        return amount.minorUnits().compareTo(rest) <= 0
                ? null
                : new Rejected(Rejection.INSUFFICIENT_FUNDS, field, Amount.digits(rest), amount.toString());
    }

    /**
     * The payee can take the credit. Also the test that a credit from another shard must pass, whatever its kind.
     *
     * @param payee null for an account that this credit opens
     */
    static @Nullable Rejected creditable(String payeeId, @Nullable Account payee, String asset, Amount amount) {
        if (AccountId.isIssuer(payeeId)) {
            return burnable(payee, asset, amount);
        }
        return payee == null
                ? null
                : first(
                        notClosed("to", payee),
                        notFrozen("to", payee),
                        room("to", payee, asset, 0),
                        notTooMuch("amount", payee, asset, amount.minorUnits(), amount));
    }

    /**
     * The account can hold the asset besides all others.
     *
     * @param more how many other assets it may get at the same time
     */
    static @Nullable Rejected room(String field, Account payee, String asset, int more) {
        if (payee.holdings().size() + payee.promised().size() + more < Account.HOLDINGS_MAX
                || !payee.holding(asset).isEmpty()
                || payee.promised().containsKey(asset)) {
            return null;
        }
        return new Rejected(Rejection.TOO_MANY_HOLDINGS, field, Integer.toString(Account.HOLDINGS_MAX), payee.id());
    }

    /**
     * With so much more, and all that it is promised, the account stays within its highest balance.
     *
     * @param more the change of the balance that counts
     * @param amount what was asked for
     */
    static @Nullable Rejected notTooMuch(String field, Account payee, String asset, BigInteger more, Amount amount) {
        Amount ownHighest = payee.limits().highest(asset);
        BigInteger highest = ownHighest == null ? Amount.MAX : ownHighest.minorUnits();
        BigInteger balance = payee.holding(asset).total().add(payee.promised(asset));
        BigInteger after = balance.add(more);
        return after.compareTo(highest) <= 0
                ? null
                : new Rejected(
                        Rejection.HIGHEST_BALANCE_EXCEEDED,
                        field,
                        Amount.digits(highest.subtract(after).add(amount.minorUnits())),
                        amount.toString());
    }

    /** No more is taken out of circulation than the issuer has brought into it, mints that are in transit included. */
    private static @Nullable Rejected burnable(@Nullable Account issuer, String asset, Amount amount) {
        BigInteger circulating = issuer == null
                ? BigInteger.ZERO
                : issuer.holding(asset).available().negate();
        return amount.minorUnits().compareTo(circulating) <= 0
                ? null
                : new Rejected(
                        Rejection.HIGHEST_BALANCE_EXCEEDED, "amount", Amount.digits(circulating), amount.toString());
    }

    /** The first rejection of several checks; checks must be cheap, as all are made. */
    static @Nullable Rejected first(@Nullable Rejected... checks) {
        for (Rejected rejected : checks) {
            if (rejected != null) {
                return rejected;
            }
        }
        return null;
    }
}
