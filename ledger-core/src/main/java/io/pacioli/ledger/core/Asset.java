package io.pacioli.ledger.core;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * A token or currency.
 *
 * @param code 1 to 16 of {@code A-Z 0-9 . _ -}
 * @param name for people, up to 64 characters
 * @param symbol for people, up to 16 characters, may be empty
 * @param emoji for people, up to 16 characters, may be empty
 * @param decimals 0 to 18: how many digits of an amount stand behind the point when people read it
 * @param maxSupply the most that may circulate, in minor units; null for no other limit than 38 digits
 */
public record Asset(
        String code,
        String name,
        String symbol,
        String emoji,
        int decimals,
        @Nullable Amount maxSupply) {
    /** @throws MalformedException when a field breaks its rule */
    public Asset {
        Fields.asset("asset", code);
        Fields.text("name", name, Fields.NAME_LENGTH_MAX);
        Fields.text("symbol", symbol, Fields.SYMBOL_LENGTH_MAX);
        Fields.text("emoji", emoji, Fields.SYMBOL_LENGTH_MAX);
        Fields.decimals("decimals", decimals);
    }

    /** The lowest balance that the issuer may reach, in minor units: minus the most that may circulate. */
    public BigInteger lowestIssuerBalance() {
        return (maxSupply == null ? Amount.MAX : maxSupply.minorUnits()).negate();
    }
}
