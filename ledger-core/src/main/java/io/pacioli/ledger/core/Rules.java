package io.pacioli.ledger.core;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * The rules of the ledger, one method each: null when the rule holds, else the rejection. Callers check them in the order of
 * {@link Rejection}.
 */
final class Rules {
    private Rules() {}

    static @Nullable Rejected positive(String field, Amount amount) {
        return amount.isPositive() ? null : new Rejected(Rejection.AMOUNT_MUST_BE_POSITIVE, field, "1", "0");
    }

    static @Nullable Rejected notSystem(String field, @Nullable String account) {
        return account == null || !AccountId.isSystem(account)
                ? null
                : new Rejected(Rejection.ACCOUNT_MUST_NOT_BE_SYSTEM, field, "an account of a client", account);
    }

    static @Nullable Rejected different(String from, String to) {
        return from.equals(to)
                ? new Rejected(Rejection.ACCOUNTS_MUST_BE_DIFFERENT, "to", "another than " + from, to)
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
        return view.asset(asset) != null
                ? null
                : new Rejected(Rejection.ASSET_NOT_DEFINED, "asset", "a defined asset", asset);
    }

    static @Nullable Rejected notOpen(String field, @Nullable Account account) {
        return account == null || !account.opened()
                ? null
                : new Rejected(Rejection.ACCOUNT_ALREADY_OPEN, field, "a new account", account.id());
    }

    static @Nullable Rejected open(String field, String id, @Nullable Account account) {
        return account != null ? null : new Rejected(Rejection.ACCOUNT_NOT_OPEN, field, "an open account", id);
    }

    /** The supply after minting stays within the maximum. */
    static @Nullable Rejected supply(Asset asset, BigInteger issuerBalance, String field, Amount amount) {
        BigInteger room = issuerBalance.subtract(asset.lowestIssuerBalance());
        return amount.minorUnits().compareTo(room) <= 0
                ? null
                : new Rejected(Rejection.MAX_SUPPLY_EXCEEDED, field, Amount.digits(room), amount.toString());
    }

    /** The payer's available balance stays at or above its lowest balance allowed. */
    static @Nullable Rejected funds(Account payer, String asset, Amount amount) {
        BigInteger spendable =
                payer.holding(asset).available().subtract(payer.limits().lowest(asset));
        return amount.minorUnits().compareTo(spendable) <= 0
                ? null
                : new Rejected(Rejection.INSUFFICIENT_FUNDS, "amount", Amount.digits(spendable), amount.toString());
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
        if (payee == null) {
            return null;
        }
        Holding holding = payee.holding(asset);
        if (holding.isEmpty() && payee.holdings().size() >= Account.HOLDINGS_MAX) {
            return new Rejected(Rejection.TOO_MANY_HOLDINGS, "to", Integer.toString(Account.HOLDINGS_MAX), payeeId);
        }
        Amount ownHighest = payee.limits().highest(asset);
        BigInteger highest = ownHighest == null ? Amount.MAX : ownHighest.minorUnits();
        return holding.total().add(amount.minorUnits()).compareTo(highest) <= 0
                ? null
                : new Rejected(
                        Rejection.HIGHEST_BALANCE_EXCEEDED,
                        "amount",
                        Amount.digits(highest.subtract(holding.total())),
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
