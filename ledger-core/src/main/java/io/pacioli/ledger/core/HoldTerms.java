package io.pacioli.ledger.core;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is set aside, for whom and for how long.
 *
 * @param id of the hold: the id of the command that placed it
 * @param asset the asset's code
 * @param from the account whose money is held
 * @param to the only account that a capture may pay; null to leave that to the capture
 * @param amount more than zero
 * @param expiresAtMillis when what is left is available again, milliseconds since 1970-01-01 UTC; null for never
 * @param memo for people, may be empty
 * @param metadata the client's own members
 */
public record HoldTerms(
        String id,
        String asset,
        String from,
        @Nullable String to,
        Amount amount,
        @Nullable Long expiresAtMillis,
        String memo,
        Map<String, String> metadata) {}
