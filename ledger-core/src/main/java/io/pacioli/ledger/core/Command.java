package io.pacioli.ledger.core;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks of the ledger. A command that exists is well-formed: the constructors throw {@link MalformedException}
 * otherwise. Whether the ledger accepts it is decided by {@link Ledger#decide}.
 */
public sealed interface Command {
    /** Chosen by the client, 1 to 128 printable characters without spaces; UUIDv7 is recommended. */
    String id();

    /** The client's own members, string to string, see {@link Fields#metadata}. */
    Map<String, String> metadata();

    /** The account that the command debits or is about: its routing key is the key of the Kafka record. */
    String account();

    /** The type in JSON. */
    String type();

    /** The key of the Kafka record, which decides the shard. */
    default String routingKey() {
        return AccountId.routingKey(account());
    }

    /**
     * Defines an asset and, if wanted, mints its first supply.
     *
     * @param initialSupply minted to {@code initialHolder} at once; zero for none
     * @param initialHolder needed when there is an initial supply
     */
    record DefineAsset(
            String id,
            Asset asset,
            Amount initialSupply,
            @Nullable String initialHolder,
            Map<String, String> metadata) implements Command {
        public DefineAsset {
            Fields.id("id", id);
            if (initialHolder != null) {
                Fields.account("initialHolder", initialHolder);
            }
            metadata = Fields.metadata(metadata);
        }

        @Override
        public String account() {
            return AccountId.issuer(asset.code());
        }

        @Override
        public String type() {
            return "DefineAsset";
        }
    }

    /**
     * Opens an account, or gives limits to one that its first credit opened.
     *
     * @param limits how low and how high its balances may go
     */
    record OpenAccount(String id, String account, AccountLimits limits, Map<String, String> metadata)
            implements Command {
        public OpenAccount {
            Fields.id("id", id);
            Fields.account("account", account);
            metadata = Fields.metadata(metadata);
        }

        @Override
        public String type() {
            return "OpenAccount";
        }
    }

    /** Brings new units of an asset into circulation. */
    record Mint(String id, String asset, String to, Amount amount, Map<String, String> metadata) implements Command {
        public Mint {
            Fields.id("id", id);
            Fields.asset("asset", asset);
            Fields.account("to", to);
            metadata = Fields.metadata(metadata);
        }

        @Override
        public String account() {
            return AccountId.issuer(asset);
        }

        @Override
        public String type() {
            return "Mint";
        }
    }

    /** Takes units of an asset out of circulation. */
    record Burn(String id, String asset, String from, Amount amount, Map<String, String> metadata) implements Command {
        public Burn {
            Fields.id("id", id);
            Fields.asset("asset", asset);
            Fields.account("from", from);
            metadata = Fields.metadata(metadata);
        }

        @Override
        public String account() {
            return from;
        }

        @Override
        public String type() {
            return "Burn";
        }
    }

    /**
     * Moves units of an asset from one account to another.
     *
     * @param memo for people, up to 256 characters; empty for none
     * @param conditions what must hold for the transfer to be made
     */
    record Transfer(
            String id,
            String asset,
            String from,
            String to,
            Amount amount,
            String memo,
            Conditions conditions,
            Map<String, String> metadata)
            implements Command {
        public Transfer {
            Fields.id("id", id);
            Fields.asset("asset", asset);
            Fields.account("from", from);
            Fields.account("to", to);
            Fields.text("memo", memo, Fields.MEMO_LENGTH_MAX);
            metadata = Fields.metadata(metadata);
        }

        /** A transfer without conditions. */
        public Transfer(
                String id,
                String asset,
                String from,
                String to,
                Amount amount,
                String memo,
                Map<String, String> metadata) {
            this(id, asset, from, to, amount, memo, Conditions.NONE, metadata);
        }

        @Override
        public String account() {
            return from;
        }

        @Override
        public String type() {
            return "Transfer";
        }
    }

    /** Lets an account neither pay nor be paid until it is unfrozen. */
    record FreezeAccount(String id, String account, String reason, Map<String, String> metadata) implements Command {
        public FreezeAccount {
            Fields.id("id", id);
            Fields.account("account", account);
            Fields.text("reason", reason, Fields.MEMO_LENGTH_MAX);
            metadata = Fields.metadata(metadata);
        }

        @Override
        public String type() {
            return "FreezeAccount";
        }
    }

    /** Ends what {@link FreezeAccount} began. */
    record UnfreezeAccount(String id, String account, String reason, Map<String, String> metadata) implements Command {
        public UnfreezeAccount {
            Fields.id("id", id);
            Fields.account("account", account);
            Fields.text("reason", reason, Fields.MEMO_LENGTH_MAX);
            metadata = Fields.metadata(metadata);
        }

        @Override
        public String type() {
            return "UnfreezeAccount";
        }
    }

    /** Closes an account that is at zero everywhere. {@link OpenAccount} opens it again. */
    record CloseAccount(String id, String account, String reason, Map<String, String> metadata) implements Command {
        public CloseAccount {
            Fields.id("id", id);
            Fields.account("account", account);
            Fields.text("reason", reason, Fields.MEMO_LENGTH_MAX);
            metadata = Fields.metadata(metadata);
        }

        @Override
        public String type() {
            return "CloseAccount";
        }
    }

    /**
     * Sets money of an account aside until it is captured, voided or expires. The hold has the id of this command.
     *
     * @param to the only account that a capture may pay; null to leave that to the capture
     * @param expiresAtMillis when what is left of the hold is available again, milliseconds since 1970-01-01 UTC; null for never
     * @param memo for people, up to 256 characters; empty for none
     */
    record PlaceHold(
            String id,
            String asset,
            String from,
            @Nullable String to,
            Amount amount,
            @Nullable Long expiresAtMillis,
            String memo,
            Map<String, String> metadata)
            implements Command {
        public PlaceHold {
            Fields.id("id", id);
            Fields.asset("asset", asset);
            Fields.account("from", from);
            Fields.optionalAccount("to", to);
            Fields.time("expiresAt", expiresAtMillis);
            Fields.text("memo", memo, Fields.MEMO_LENGTH_MAX);
            metadata = Fields.metadata(metadata);
        }

        @Override
        public String account() {
            return from;
        }

        @Override
        public String type() {
            return "PlaceHold";
        }
    }

    /**
     * Pays what a hold has set aside, all or part of it. What is left stays held.
     *
     * @param hold the id of the command that placed it
     * @param from the account whose money is held
     * @param amount null for all that is left
     * @param to the account that is paid; null for the one that the hold names
     */
    record CaptureHold(
            String id,
            String hold,
            String from,
            @Nullable Amount amount,
            @Nullable String to,
            Map<String, String> metadata)
            implements Command {
        public CaptureHold {
            Fields.id("id", id);
            Fields.id("hold", hold);
            Fields.account("from", from);
            Fields.optionalAccount("to", to);
            metadata = Fields.metadata(metadata);
        }

        @Override
        public String account() {
            return from;
        }

        @Override
        public String type() {
            return "CaptureHold";
        }
    }

    /**
     * Makes what is left of a hold available again.
     *
     * @param hold the id of the command that placed it
     * @param from the account whose money is held
     */
    record VoidHold(String id, String hold, String from, Map<String, String> metadata) implements Command {
        public VoidHold {
            Fields.id("id", id);
            Fields.id("hold", hold);
            Fields.account("from", from);
            metadata = Fields.metadata(metadata);
        }

        @Override
        public String account() {
            return from;
        }

        @Override
        public String type() {
            return "VoidHold";
        }
    }

    /**
     * Moves money along several legs, all of them or none.
     *
     * @param legs 1 to 100; a leg may spend what an earlier leg brings
     * @param deadlineMillis when the transaction is given up if shards have not agreed on it, milliseconds since 1970-01-01 UTC;
     *     null for {@link #DEADLINE_DEFAULT_MILLIS} after it is decided on
     * @param memo for people, up to 256 characters; empty for none
     */
    record Transact(String id, List<Leg> legs, @Nullable Long deadlineMillis, String memo, Map<String, String> metadata)
            implements Command {
        /** Most legs. */
        public static final int LEGS_MAX = 100;

        /** How long shards have to agree when the command names no deadline, in milliseconds. */
        public static final long DEADLINE_DEFAULT_MILLIS = 30_000;

        public Transact {
            Fields.id("id", id);
            if (legs.isEmpty() || legs.size() > LEGS_MAX) {
                throw new MalformedException("legs", "must be 1 to " + LEGS_MAX, Integer.toString(legs.size()));
            }
            legs = List.copyOf(legs);
            Fields.time("deadline", deadlineMillis);
            Fields.text("memo", memo, Fields.MEMO_LENGTH_MAX);
            metadata = Fields.metadata(metadata);
        }

        @Override
        public String account() {
            return legs.getFirst().from();
        }

        @Override
        public String type() {
            return "Transact";
        }
    }

    /**
     * Gives back what a transfer or a capture has paid, all or part of it, as far as that was not given back before.
     *
     * @param transfer the id of the command that paid
     * @param from the account that was paid and gives back
     * @param amount null for all that was not given back yet
     */
    record ReverseTransfer(
            String id,
            String transfer,
            String from,
            @Nullable Amount amount,
            Map<String, String> metadata) implements Command {
        public ReverseTransfer {
            Fields.id("id", id);
            Fields.id("transfer", transfer);
            Fields.account("from", from);
            metadata = Fields.metadata(metadata);
        }

        @Override
        public String account() {
            return from;
        }

        @Override
        public String type() {
            return "ReverseTransfer";
        }
    }
}
