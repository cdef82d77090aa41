package io.pacioli.ledger.app.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;

/** All assets of a ledger, to write amounts in. Immutable. */
public final class AssetDirectory {
    private final Map<String, AssetView> assets = new LinkedHashMap<>();

    private AssetDirectory() {}

    /** Asks for all assets. */
    public static AssetDirectory of(ApiClient api) {
        AssetDirectory directory = new AssetDirectory();
        for (JsonNode asset : api.get("/v1/assets").path("assets")) {
            AssetView view = AssetView.of(asset);
            directory.assets.put(view.code(), view);
        }
        return directory;
    }

    /** One of assets that are known already. */
    static AssetDirectory of(Iterable<AssetView> known) {
        AssetDirectory directory = new AssetDirectory();
        known.forEach(view -> directory.assets.put(view.code(), view));
        return directory;
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
