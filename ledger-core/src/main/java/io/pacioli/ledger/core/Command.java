package io.pacioli.ledger.core;

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
     */
    record Transfer(
            String id, String asset, String from, String to, Amount amount, String memo, Map<String, String> metadata)
            implements Command {
        public Transfer {
            Fields.id("id", id);
            Fields.asset("asset", asset);
            Fields.account("from", from);
            Fields.account("to", to);
            Fields.text("memo", memo, Fields.MEMO_LENGTH_MAX);
            metadata = Fields.metadata(metadata);
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
}
