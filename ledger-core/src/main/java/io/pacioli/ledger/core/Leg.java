package io.pacioli.ledger.core;

/**
 * One movement of money within a transaction.
 *
 * @param asset the asset's code
 * @param from the account that pays
 * @param to the account that is paid
 * @param amount in minor units
 */
public record Leg(String asset, String from, String to, Amount amount) {
    /** @throws MalformedException when a field breaks its rule */
    public Leg {
        Fields.asset("legs.asset", asset);
        Fields.account("legs.from", from);
        Fields.account("legs.to", to);
    }
}
