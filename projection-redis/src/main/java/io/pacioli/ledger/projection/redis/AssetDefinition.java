package io.pacioli.ledger.projection.redis;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.service.Json;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an asset, as the query API shows it.
 *
 * @param asset the code
 * @param name for people
 * @param symbol for people, may be empty
 * @param emoji for people, may be empty
 * @param decimals 0 to 18: how many digits of an amount stand behind the point when people read it
 * @param maxSupply the most that may circulate, in minor units; null for no limit of its own
 */
public record AssetDefinition(
        String asset,
        String name,
        String symbol,
        String emoji,
        int decimals,
        @Nullable BigInteger maxSupply) {
    static AssetDefinition of(Asset asset) {
        Amount maxSupply = asset.maxSupply();
        return new AssetDefinition(
                asset.code(),
                asset.name(),
                asset.symbol(),
                asset.emoji(),
                asset.decimals(),
                maxSupply == null ? null : maxSupply.minorUnits());
    }

    /** The form in the store on the shard where the asset was defined: the decimals, a space and the rest as JSON. */
    String text() {
        return decimals + " " + new String(Json.bytes(this), StandardCharsets.UTF_8);
    }

    /** The form in the store on the shards that learned of the asset: all that they need of it. */
    static String learned(Asset asset) {
        return Integer.toString(asset.decimals());
    }

    /** Reads what {@link #text()} writes. */
    static AssetDefinition parse(String text) {
        try {
            return Json.mapper().readValue(text.substring(text.indexOf(' ') + 1), AssetDefinition.class);
        } catch (JsonProcessingException e) {
            throw new StoreUnavailableException(
                    "STORE_DAMAGED", "the store holds a definition that is not one: " + text, e);
        }
    }

    /** The decimals in either form; null when the text is empty because the shard has not learned of the asset yet. */
    static @Nullable Integer decimals(String text) {
        int space = text.indexOf(' ');
        String digits = space < 0 ? text : text.substring(0, space);
        return digits.isEmpty() ? null : Integer.valueOf(digits);
    }
}
