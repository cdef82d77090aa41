package io.pacioli.ledger.core;

import java.util.Map;

/** What happened, in the past tense: the particulars of an {@link Entry} besides its postings. */
public sealed interface Event {
    /** The type in JSON. */
    default String type() {
        return getClass().getSimpleName();
    }

    /** The shard was set up, or its settings changed. Always a shard's first event. */
    record ShardConfigured(ShardConfiguration configuration) implements Event {}

    /** An asset came to be, on its issuer's shard; every other shard is told. */
    record AssetDefined(Asset asset, Map<String, String> metadata) implements Event {}

    /** A shard learned of an asset from the issuer's shard. */
    record AssetLearned(Asset asset, int fromShard, long number) implements Event {}

    /** An account was opened by command. */
    record AccountOpened(String account, AccountLimits limits, Map<String, String> metadata) implements Event {}

    /** Money moved between two accounts of one shard. */
    record TransferPosted(TransferTerms terms) implements Event {}

    /** Money left the payer for an account on another shard. Final: it arrives or comes back. */
    record TransferSent(TransferTerms terms, int toShard, long number) implements Event {}

    /** Money arrived from another shard. */
    record TransferReceived(TransferTerms terms, int fromShard, long number) implements Event {}

    /**
     * Money from another shard could not be credited and is on its way back.
     *
     * @param number the number of the message that brought it
     * @param returnNumber the number of the message that takes it back
     */
    record TransferRefused(TransferTerms terms, int fromShard, long number, long returnNumber, Rejected reason)
            implements Event {}

    /** Money that another shard could not credit is back with the payer. */
    record TransferReturned(TransferTerms terms, int fromShard, long number, Rejected reason) implements Event {}

    /**
     * A command was understood and rejected.
     *
     * @param command the command's type
     * @param account the account that it would have debited, or was about
     */
    record CommandRejected(String command, String account, Rejected rejected) implements Event {}
}
