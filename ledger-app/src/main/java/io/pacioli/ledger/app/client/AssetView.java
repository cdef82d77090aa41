package io.pacioli.ledger.app.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.pacioli.ledger.app.AmountText;
import io.pacioli.ledger.app.CommandFailure;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Fields;
import java.math.BigInteger;

/**
 * An asset, as far as reading and writing its amounts goes.
 *
 * @param code its code
 * @param emoji its emoji, or empty
 * @param decimals digits behind the point
 */
public record AssetView(String code, String emoji, int decimals) {
    /**
     * Asks for an asset.
     *
     * @throws CommandFailure when there is no such asset
     */
    public static AssetView of(ApiClient api, String code) {
        Fields.asset("asset", code);
        try {
            return of(api.get(AssetDirectory.LIVE + "/" + ApiClient.segment(code)));
        } catch (ApiFailure e) {
            AssetView kept = e.isNotServed() ? AssetDirectory.of(api).find(code) : null;
            if (kept != null) {
                return kept;
            }
            throw e.isNotServed() || e.code().equals("ASSET_NOT_FOUND")
                    ? new CommandFailure("there is no asset " + code + ": define it with 'ledger define-asset'", e)
                    : e;
        }
    }

    /** An asset from its JSON. */
    public static AssetView of(JsonNode json) {
        return new AssetView(
                json.path("asset").asText(),
                json.path("emoji").asText(""),
                json.path("decimals").asInt());
    }

    /** Reads an amount of it. */
    public Amount parse(String amount) {
        return AmountText.parse(amount, decimals, code);
    }

    /** Writes an amount of it, without the code. */
    public String format(BigInteger minorUnits) {
        return AmountText.format(minorUnits, decimals);
    }

    /** Writes an amount of it, with the code. */
    public String describe(BigInteger minorUnits) {
        return format(minorUnits) + " " + code;
    }
}
