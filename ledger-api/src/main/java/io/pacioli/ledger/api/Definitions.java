package io.pacioli.ledger.api;

import io.pacioli.ledger.core.Account;
import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Fields;
import java.math.BigInteger;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Other settings of assets and accounts than the ledger has, for whoever asks what would have been.
 *
 * <p>As JSON, with the members of {@code DefineAsset} and {@code OpenAccount}; what is left out stays as it is:
 *
 * <pre>{@code
 * {"assets":   {"GOLD": {"maxSupply": "1000000"}},
 *  "accounts": {"alice": {"limits": {"GOLD": "-500"}, "maxBalances": {"GOLD": "10000"}}}}
 * }</pre>
 *
 * @param assets changes by asset code
 * @param accounts changes by account id
 */
public record Definitions(Map<String, OfAsset> assets, Map<String, OfAccount> accounts) {
    /** Nothing is changed. */
    public static final Definitions NONE = new Definitions(Map.of(), Map.of());

    private static final Set<String> MEMBERS = Set.of("assets", "accounts");
    private static final Set<String> ASSET_MEMBERS = Set.of("name", "symbol", "emoji", "decimals", "maxSupply");
    private static final Set<String> ACCOUNT_MEMBERS = Set.of("limits", "maxBalances");

    /**
     * Other settings of an asset; null for those that stay.
     *
     * @param isUnlimited whether the supply has no limit any more
     */
    public record OfAsset(
            @Nullable String name,
            @Nullable String symbol,
            @Nullable String emoji,
            @Nullable Integer decimals,
            @Nullable Amount maxSupply,
            boolean isUnlimited) {}

    /**
     * Other limits of an account; null for those that stay.
     *
     * @param lowest all lowest balances allowed, by asset
     * @param highest all highest balances allowed, by asset
     */
    public record OfAccount(
            @Nullable Map<String, BigInteger> lowest,
            @Nullable Map<String, Amount> highest) {}

    /** Copies the maps. */
    public Definitions {
        assets = Map.copyOf(assets);
        accounts = Map.copyOf(accounts);
    }

    /**
     * Reads them from JSON.
     *
     * @throws io.pacioli.ledger.core.MalformedException when it is something else, or has a member that would change nothing
     */
    public static Definitions decode(byte[] bytes) {
        JsonObject json = Json.read(bytes);
        json.requireOnly(MEMBERS);
        Map<String, OfAsset> assets = new TreeMap<>();
        json.objectsByName("assets").forEach((code, object) -> {
            object.requireOnly(ASSET_MEMBERS);
            Fields.asset("assets", code);
            assets.put(code, asset(object));
        });
        Map<String, OfAccount> accounts = new TreeMap<>();
        json.objectsByName("accounts").forEach((id, object) -> {
            object.requireOnly(ACCOUNT_MEMBERS);
            Fields.account("accounts", id);
            accounts.put(id, account(object));
        });
        Definitions definitions = new Definitions(assets, accounts);
        // Whatever breaks a rule by itself is told now and not in the middle of a replay.
        assets.keySet().forEach(code -> definitions.of(new Asset(code, code, "", "", 0, null)));
        accounts.keySet().forEach(id -> definitions.of(Account.fresh(id)));
        return definitions;
    }

    private static OfAsset asset(JsonObject json) {
        return new OfAsset(
                json.optionalString("name"),
                json.optionalString("symbol"),
                json.optionalString("emoji"),
                json.has("decimals") ? json.integer("decimals") : null,
                json.optionalAmount("maxSupply"),
                json.isNull("maxSupply"));
    }

    private static OfAccount account(JsonObject json) {
        return new OfAccount(
                json.has("limits") ? json.signeds("limits") : null,
                json.has("maxBalances") ? json.amounts("maxBalances") : null);
    }

    /** An asset as it would be. */
    public Asset of(Asset asset) {
        OfAsset change = assets.get(asset.code());
        if (change == null) {
            return asset;
        }
        return new Asset(
                asset.code(),
                Objects.requireNonNullElse(change.name, asset.name()),
                Objects.requireNonNullElse(change.symbol, asset.symbol()),
                Objects.requireNonNullElse(change.emoji, asset.emoji()),
                Objects.requireNonNullElse(change.decimals, asset.decimals()),
                change.isUnlimited || change.maxSupply != null ? change.maxSupply : asset.maxSupply());
    }

    /** An account as it would be. */
    public Account of(Account account) {
        OfAccount change = accounts.isEmpty() ? null : accounts.get(account.id());
        return change == null
                ? account
                : new Account(
                        account.id(),
                        account.version(),
                        account.opened(),
                        account.status(),
                        limits(change, account.limits()),
                        account.holdings(),
                        account.promised());
    }

    /** A command as it would have been given. */
    public Command of(Command command) {
        return switch (command) {
            case Command.DefineAsset c
            when assets.containsKey(c.asset().code()) ->
                new Command.DefineAsset(c.id(), of(c.asset()), c.initialSupply(), c.initialHolder(), c.metadata());
            case Command.OpenAccount c -> {
                OfAccount change = accounts.get(c.account());
                yield change == null
                        ? c
                        : new Command.OpenAccount(c.id(), c.account(), limits(change, c.limits()), c.metadata());
            }
            default -> command;
        };
    }

    private static AccountLimits limits(OfAccount change, AccountLimits limits) {
        return new AccountLimits(
                Objects.requireNonNullElse(change.lowest, limits.lowest()),
                Objects.requireNonNullElse(change.highest, limits.highest()));
    }
}
