package io.pacioli.ledger.app.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The assets of a ledger, to write amounts in: all of them from live balances, or, where those are not served, each as it is met.
 * Not thread safe.
 */
public final class AssetDirectory {
    private final Map<String, AssetView> assets = new LinkedHashMap<>();
    private final Function<String, AssetView> others;

    private AssetDirectory(Function<String, AssetView> others) {
        this.others = others;
    }

    /** Asks for all assets. */
    public static AssetDirectory of(ApiClient api) {
        JsonNode answer;
        try {
            answer = api.get("/v1/assets");
        } catch (ApiFailure e) {
            if (e.isNotServed()) {
                return new AssetDirectory(code -> AssetView.of(api, code));
            }
            throw e;
        }
        AssetDirectory directory = new AssetDirectory(code -> new AssetView(code, "", 0));
        for (JsonNode asset : answer.path("assets")) {
            AssetView view = AssetView.of(asset);
            directory.assets.put(view.code(), view);
        }
        return directory;
    }

    /** One of assets that are known already. */
    static AssetDirectory of(Iterable<AssetView> known) {
        AssetDirectory directory = new AssetDirectory(code -> new AssetView(code, "", 0));
        known.forEach(view -> directory.assets.put(view.code(), view));
        return directory;
    }

    /** An asset; one that is not known yet has no decimals. */
    public AssetView asset(String code) {
        return assets.computeIfAbsent(code, others);
    }

    /** An amount as people write it, with its sign if it is a change. */
    public String change(String code, String minorUnits) {
        BigInteger amount = new BigInteger(minorUnits);
        return (amount.signum() > 0 ? "+" : "") + asset(code).format(amount);
    }
}
