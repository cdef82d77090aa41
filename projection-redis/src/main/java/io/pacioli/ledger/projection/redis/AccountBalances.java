package io.pacioli.ledger.projection.redis;

import io.pacioli.ledger.core.AccountStatus;
import java.util.List;

/**
 * An account and what it has.
 *
 * @param account its id
 * @param status whether it may pay and be paid
 * @param balances of the assets that it has any of, by their codes
 */
public record AccountBalances(String account, AccountStatus status, List<Balance> balances) {}
