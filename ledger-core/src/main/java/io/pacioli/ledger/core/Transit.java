package io.pacioli.ledger.core;

import org.jspecify.annotations.Nullable;

/**
 * A message from one shard to another, written in the same transaction as the entry that it goes back to.
 *
 * <p>The messages from one shard to another are numbered gaplessly from 1, so that the receiver notices one that is lost and
 * ignores one that comes twice.
 */
public sealed interface Transit {
    /** The shard that sends. */
    int from();

    /** The shard that it is for. */
    int to();

    /** Its number among all messages between the two, from 1. */
    long number();

    /** The command that it goes back to. */
    String commandId();

    /** The type in JSON. */
    default String type() {
        return getClass().getSimpleName();
    }

    /** An asset has been defined. */
    record AssetAnnouncement(int from, int to, long number, String commandId, Asset asset) implements Transit {}

    /** Money for the payee. */
    record TransferCredit(int from, int to, long number, TransferTerms terms) implements Transit {
        @Override
        public String commandId() {
            return terms.id();
        }
    }

    /** Money that could not be credited, on its way back to the payer. */
    record TransferReturn(int from, int to, long number, TransferTerms terms, Rejected reason) implements Transit {
        @Override
        public String commandId() {
            return terms.id();
        }
    }

    /** The coordinator of a transaction asks a participant to reserve what the transaction needs. */
    record TransactionPrepare(int from, int to, long number, TransactionTerms terms) implements Transit {
        @Override
        public String commandId() {
            return terms.id();
        }
    }

    /**
     * A participant's answer.
     *
     * @param prepare the number of the message that it answers: an id may be used again, a number is not
     * @param reason why it does not agree; null when it agrees
     */
    record TransactionVote(
            int from,
            int to,
            long number,
            String commandId,
            long prepare,
            @Nullable Rejected reason) implements Transit {}

    /** All have agreed. */
    record TransactionCommit(int from, int to, long number, String commandId) implements Transit {}

    /** The transaction is given up. */
    record TransactionAbort(int from, int to, long number, String commandId, Rejected reason) implements Transit {}
}
