package io.pacioli.ledger.app.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All assets of a ledger, to write amounts in. Immutable. */
public final class AssetDirectory {
    /** All assets with their supply, as live balances have them. */
    static final String LIVE = "/v1/assets";

    /** The same, as history has them. */
    static final String KEPT = "/v1/reports/assets";

    private final Map<String, AssetView> assets = new LinkedHashMap<>();

    private AssetDirectory() {}

    /** Asks for all assets: live balances know them, and history where those are left out. */
    public static AssetDirectory of(ApiClient api) {
        AssetDirectory directory = new AssetDirectory();
        String query = "";
        do {
            JsonNode answer = api.get(LIVE + query, KEPT + query);
            for (JsonNode asset : answer.path("assets")) {
                AssetView view = AssetView.of(asset);
                directory.assets.put(view.code(), view);
            }
            String next = answer.path("nextCursor").asText("");
            query = next.isEmpty() ? "" : "?cursor=" + ApiClient.segment(next);
        } while (!query.isEmpty());
        return directory;
    }

    /** One of assets that are known already. */
    static AssetDirectory of(Iterable<AssetView> known) {
        AssetDirectory directory = new AssetDirectory();
        known.forEach(view -> directory.assets.put(view.code(), view));
        return directory;
    }

    /** An asset; null for one that is not known. */
    @Nullable
    AssetView find(String code) {
        return assets.get(code);
    }

    /** An asset; one that is not known yet has no decimals. */
    public AssetView asset(String code) {
        return assets.getOrDefault(code, new AssetView(code, "", 0));
    }

    /** An amount as people write it, with its sign if it is a change. */
    public String change(String code, String minorUnits) {
        BigInteger amount = new BigInteger(minorUnits);
        return (amount.signum() > 0 ? "+" : "") + asset(code).format(amount);
    }
}
