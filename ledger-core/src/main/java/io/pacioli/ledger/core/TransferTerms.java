package io.pacioli.ledger.core;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who pays what to whom: the same in every entry of a transfer and in the messages between shards.
 *
 * @param id the id of the command that asked for it
 * @param kind what it is called in history
 * @param asset the asset's code
 * @param from the account that pays
 * @param to the account that is paid
 * @param amount more than zero
 * @param reference what it goes back to: the hold that is captured, or the transfer that is reversed; null for other kinds
 * @param memo for people, may be empty
 * @param metadata the client's own members
 */
public record TransferTerms(
        String id,
        TransferKind kind,
        String asset,
        String from,
        String to,
        Amount amount,
        @Nullable String reference,
        String memo,
        Map<String, String> metadata) {}
