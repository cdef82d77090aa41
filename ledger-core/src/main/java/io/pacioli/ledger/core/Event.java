package io.pacioli.ledger.core;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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

    /** An account may neither pay nor be paid from now on. */
    record AccountFrozen(String account, String reason, Map<String, String> metadata) implements Event {}

    /** A frozen account may pay and be paid again. */
    record AccountUnfrozen(String account, String reason, Map<String, String> metadata) implements Event {}

    /** An account was closed. It had nothing left. */
    record AccountClosed(String account, String reason, Map<String, String> metadata) implements Event {}

    /** Money of an account was set aside. The hold's id is the command's. */
    record HoldPlaced(HoldTerms terms) implements Event {}

    /** What was left of a hold is available again, by command. */
    record HoldVoided(String hold, String account, Map<String, String> metadata) implements Event {}

    /** What was left of a hold is available again, because its time was up. */
    record HoldExpired(String hold, String account) implements Event {}

    /** A transfer came before its time and waits for it. */
    record CommandDeferred(Command.Transfer command) implements Event {}

    /** A transaction between accounts of one shard was made. */
    record TransactionPosted(TransactionTerms terms) implements Event {}

    /**
     * A transaction across shards has begun, on its coordinator; what it needs here is reserved.
     *
     * @param numbers the numbers of the messages to the participants, in the order of {@link TransactionTerms#participants}
     */
    record TransactionBegun(TransactionTerms terms, List<Long> numbers) implements Event {}

    /**
     * A participant has reserved what a transaction needs on it and agreed.
     *
     * @param terms with the legs that touch this shard
     * @param number of the message that asked
     * @param voteNumber of the message that agrees
     */
    record TransactionPrepared(TransactionTerms terms, long number, long voteNumber) implements Event {}

    /** A participant could not agree to a transaction and keeps nothing of it. */
    record TransactionRefused(TransactionTerms terms, long number, long voteNumber, Rejected reason) implements Event {}

    /**
     * A vote arrived that does not decide its transaction, because others are missing or it is decided already.
     *
     * @param prepare the number of the message that the vote answers
     */
    record TransactionVoted(
            String transaction,
            int fromShard,
            long number,
            long prepare,
            @Nullable Rejected reason) implements Event {}

    /**
     * All have agreed: the transaction is made, on its coordinator.
     *
     * @param fromShard the participant whose vote was the last
     * @param number of that message
     * @param numbers the numbers of the messages to the participants, in the order of {@link TransactionTerms#participants}
     */
    record TransactionCommitted(TransactionTerms terms, int fromShard, long number, List<Long> numbers)
            implements Event {}

    /** A transaction is made, on a participant. */
    record TransactionSettled(TransactionTerms terms, int fromShard, long number) implements Event {}

    /**
     * The coordinator has given a transaction up; what it reserved here is available again.
     *
     * @param refusedBy the participant whose vote was no; null when the time was up
     * @param number of that vote; 0 when the time was up
     * @param numbers the numbers of the messages to the other participants, in their order
     */
    record TransactionAborted(
            TransactionTerms terms, @Nullable Integer refusedBy, long number, List<Long> numbers, Rejected reason)
            implements Event {}

    /** A transaction was given up, on a participant; what it reserved here, if anything, is available again. */
    record TransactionReleased(String transaction, int fromShard, long number, Rejected reason) implements Event {}

    /** Whether the command that led to it is still to be decided: it will get its outcome by a later event. */
    default boolean isPending() {
        return this instanceof CommandDeferred || this instanceof TransactionBegun;
    }

    /** The movement of money between two accounts that it is a step of; null for all other events. */
    default @Nullable TransferTerms transfer() {
        return switch (this) {
            case TransferPosted e -> e.terms();
            case TransferSent e -> e.terms();
            case TransferReceived e -> e.terms();
            case TransferRefused e -> e.terms();
            case TransferReturned e -> e.terms();
            case ShardConfigured e -> null;
            case AssetDefined e -> null;
            case AssetLearned e -> null;
            case AccountOpened e -> null;
            case CommandRejected e -> null;
            case AccountFrozen e -> null;
            case AccountUnfrozen e -> null;
            case AccountClosed e -> null;
            case HoldPlaced e -> null;
            case HoldVoided e -> null;
            case HoldExpired e -> null;
            case CommandDeferred e -> null;
            case TransactionPosted e -> null;
            case TransactionBegun e -> null;
            case TransactionPrepared e -> null;
            case TransactionRefused e -> null;
            case TransactionVoted e -> null;
            case TransactionCommitted e -> null;
            case TransactionSettled e -> null;
            case TransactionAborted e -> null;
            case TransactionReleased e -> null;
        };
    }

    /** The account whose status it changes, which it has no postings of; null for all other events. */
    default @Nullable String statusAccount() {
        return switch (this) {
            case AccountOpened e -> e.account();
            case AccountFrozen e -> e.account();
            case AccountUnfrozen e -> e.account();
            case AccountClosed e -> e.account();
            case TransferPosted e -> null;
            case TransferSent e -> null;
            case TransferReceived e -> null;
            case TransferRefused e -> null;
            case TransferReturned e -> null;
            case ShardConfigured e -> null;
            case AssetDefined e -> null;
            case AssetLearned e -> null;
            case CommandRejected e -> null;
            case HoldPlaced e -> null;
            case HoldVoided e -> null;
            case HoldExpired e -> null;
            case CommandDeferred e -> null;
            case TransactionPosted e -> null;
            case TransactionBegun e -> null;
            case TransactionPrepared e -> null;
            case TransactionRefused e -> null;
            case TransactionVoted e -> null;
            case TransactionCommitted e -> null;
            case TransactionSettled e -> null;
            case TransactionAborted e -> null;
            case TransactionReleased e -> null;
        };
    }

    /** The client's own members of the command that it goes back to; empty when there are none, or it does not carry them. */
    default Map<String, String> metadata() {
        return switch (this) {
            case AssetDefined e -> e.metadata();
            case AccountOpened e -> e.metadata();
            case TransferPosted e -> e.terms().metadata();
            case TransferSent e -> e.terms().metadata();
            case TransferReceived e -> e.terms().metadata();
            case TransferRefused e -> e.terms().metadata();
            case TransferReturned e -> e.terms().metadata();
            case AccountFrozen e -> e.metadata();
            case AccountUnfrozen e -> e.metadata();
            case AccountClosed e -> e.metadata();
            case HoldPlaced e -> e.terms().metadata();
            case HoldVoided e -> e.metadata();
            case CommandDeferred e -> e.command().metadata();
            case TransactionPosted e -> e.terms().metadata();
            case TransactionBegun e -> e.terms().metadata();
            case TransactionPrepared e -> e.terms().metadata();
            case TransactionRefused e -> e.terms().metadata();
            case TransactionCommitted e -> e.terms().metadata();
            case TransactionSettled e -> e.terms().metadata();
            case TransactionAborted e -> e.terms().metadata();
            case ShardConfigured e -> Map.of();
            case AssetLearned e -> Map.of();
            case CommandRejected e -> Map.of();
            case HoldExpired e -> Map.of();
            case TransactionVoted e -> Map.of();
            case TransactionReleased e -> Map.of();
        };
    }
}
