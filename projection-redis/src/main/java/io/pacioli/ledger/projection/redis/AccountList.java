package io.pacioli.ledger.projection.redis;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of all clients' accounts.
 *
 * @param accounts in an order that never changes, and that means nothing
 * @param next where to go on; null when these were the last
 */
public record AccountList(
        List<AccountBalances> accounts, @Nullable AccountCursor next) {}
