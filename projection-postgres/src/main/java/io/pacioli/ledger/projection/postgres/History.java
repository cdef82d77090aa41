package io.pacioli.ledger.projection.postgres;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import io.pacioli.ledger.core.Position;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answers about history, as they go out in JSON.
 *
 * <p>In each, {@code asOf} is where the projection was with the shards concerned, in the form that {@code ?position=} accepts: the
 * answer is the fold of the journal up to there.
 */
final class History {
    private History() {}

    /**
     * A page of an account's history, newest first.
     *
     * @param nextCursor gives the next page; null at the end
     */
    record AccountEntries(
            String account,
            String asOf,
            List<PostedEntry> entries,
            @Nullable String nextCursor) {}

    /**
     * A page of an asset's history, newest first.
     *
     * @param nextCursor gives the next page; null at the end
     */
    record AssetEntries(
            String asset,
            String asOf,
            List<PostedEntry> entries,
            @Nullable String nextCursor) {}

    /**
     * One change of an account: a posting with what its entry tells.
     *
     * @param amount in minor units, negative when money leaves
     * @param balance of the bucket after it, in minor units
     * @param reference the hold that it captures or ends, or the transfer that it reverses; null when it does neither
     * @param memo empty ones are left out
     * @param metadata the client's own members, a JSON object as it stands in the journal
     */
    record PostedEntry(
            Position position,
            Instant at,
            String type,
            @Nullable String kind,
            @Nullable String commandId,
            String account,
            String asset,
            String bucket,
            BigInteger amount,
            BigInteger balance,
            long version,
            @Nullable String counterparty,
            @Nullable String reference,
            @Nullable String memo,
            @JsonRawValue @Nullable String metadata) {}

    /**
     * A page of the journal, newest first.
     *
     * @param nextCursor gives the next page; null at the end
     */
    record JournalEntries(
            String asOf,
            List<JournalEntry> entries,
            @Nullable String nextCursor) {}

    /** The entry at a position. */
    record EntryAt(String asOf, @JsonUnwrapped JournalEntry entry) {}

    /**
     * An entry with its postings.
     *
     * @param kind of the movement of money; null when it is none between two accounts
     * @param cause the input that led to it
     * @param data what is particular to the type, a JSON object as it stands in the journal
     * @param hash SHA-256 of its content, chained to the entry before in its shard; hexadecimal
     */
    record JournalEntry(
            Position position,
            Instant at,
            String type,
            @Nullable String kind,
            @Nullable String commandId,
            String cause,
            @JsonRawValue String data,
            String hash,
            List<EntryPosting> postings) {}

    /**
     * A posting of an entry.
     *
     * @param amount in minor units, negative when money leaves
     * @param balance of the bucket after it, in minor units
     */
    record EntryPosting(
            String account,
            String asset,
            String bucket,
            BigInteger amount,
            BigInteger balance,
            long version,
            @Nullable String counterparty) {}

    /** How far a transfer has got. */
    enum TransferStatus {
        /** It waits for the time before which it must not be made. */
        PENDING,
        /** Its time came, and it was rejected then. */
        REJECTED,
        /** Both accounts were on one shard, and both have changed. */
        POSTED,
        /** It has left the payer for another shard, and arrives or comes back. */
        SENT,
        /** It has left the payer and arrived with the payee on another shard. */
        RECEIVED,
        /** The payee could not be credited, and the payer has it back. */
        RETURNED;

        @JsonValue
        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A transfer, a mint, a burn, the capture of a hold or a reversal.
     *
     * @param reference the hold that it captures, or the transfer that it reverses; null when it does neither
     * @param at when the payer's shard decided it, or the first that is known of it
     * @param notBefore the time that it waits or waited for; null when it never did
     * @param reason why it was rejected when its time came, or why the payee could not be credited; null when neither is known
     * @param reversals what has gone back since by commands that reverse it, newest first; at most 100
     * @param entries what it has led to so far, in order
     */
    record Transfer(
            String id,
            String asOf,
            TransferStatus status,
            String kind,
            String asset,
            String from,
            String to,
            BigInteger amount,
            @Nullable String reference,
            @Nullable String memo,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> metadata,
            Instant at,
            @Nullable String notBefore,
            @Nullable Reason reason,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Reversal> reversals,
            List<EntryStep> entries) {}

    /** A transfer that gives back what another paid. */
    record Reversal(String id, BigInteger amount, TransferStatus status) {}

    /** An entry that a command has led to. */
    record EntryStep(Position position, Instant at, String type) {}

    /** How far a transaction has got. */
    enum TransactionStatus {
        /** All its accounts were on one shard, and all have changed. */
        POSTED,
        /** Its shards reserve what it needs and vote. */
        BEGUN,
        /** All shards have agreed, and each makes its part. */
        COMMITTED,
        /** A shard refused or the time was up, and whatever was reserved is available again. */
        ABORTED;

        @JsonValue
        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A transaction.
     *
     * @param at when its coordinator decided it, or the first that is known of it
     * @param deadline when it is given up if not all shards have agreed
     * @param reason why it was given up; null when it was not, or nothing is known yet
     * @param legs what it moves; until the entries of its coordinator are known, only the legs that are
     * @param entries what it has led to so far, in order
     */
    record Transaction(
            String id,
            String asOf,
            TransactionStatus status,
            List<TransactionLeg> legs,
            @Nullable String memo,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> metadata,
            Instant at,
            @Nullable String deadline,
            @Nullable Reason reason,
            List<EntryStep> entries) {}

    /** A movement of money that a transaction makes together with others. */
    record TransactionLeg(String asset, String from, String to, BigInteger amount) {}

    /** What became of a command. */
    enum CommandStatus {
        ACCEPTED,
        REJECTED,
        /** It waits, for its time or for other shards, and will be accepted or rejected. */
        PENDING;

        @JsonValue
        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A command and its outcome, with the members that the outcome has in a reply.
     *
     * @param position of the outcome's last entry
     * @param type the type of that entry
     * @param rejection null unless the command was rejected
     * @param entries what the command has led to so far, on all shards, in order; at most 100, the newest
     */
    record Command(
            String commandId,
            String asOf,
            CommandStatus outcome,
            Position position,
            Instant at,
            String type,
            @Nullable Reason rejection,
            List<EntryStep> entries) {}

    /**
     * A page of rejected commands, newest first.
     *
     * @param nextCursor gives the next page; null at the end
     */
    record Rejections(
            String asOf,
            List<RejectedCommand> rejections,
            @Nullable String nextCursor) {}

    /** A rejected command. */
    record RejectedCommand(
            Position position,
            Instant at,
            String commandId,
            String commandType,
            String account,
            String code,
            String field,
            String limit,
            String value,
            String message) {}

    /**
     * Why a command was rejected or a credit refused.
     *
     * @param code stable, for programs
     * @param message for people
     */
    record Reason(String code, String field, String limit, String value, String message) {}
}
