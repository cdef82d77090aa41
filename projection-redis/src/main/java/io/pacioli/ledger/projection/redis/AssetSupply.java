package io.pacioli.ledger.projection.redis;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.math.BigInteger;

/**
 * An asset and how much of it there is.
 *
 * @param definition the asset
 * @param supply what circulates, in minor units: minus the issuer's balance
 */
public record AssetSupply(@JsonUnwrapped AssetDefinition definition, BigInteger supply) {}
