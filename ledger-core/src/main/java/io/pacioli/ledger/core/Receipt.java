package io.pacioli.ledger.core;

import java.math.BigInteger;

/**
 * What the payee's shard remembers of a transfer or a capture, so that it can be reversed.
 *
 * @param id of the transfer
 * @param asset the asset's code
 * @param from the account that paid
 * @param to the account that was paid
 * @param amount what was paid, in minor units
 * @param reversed how much of it was given back, or is on its way back, in minor units
 * @param memory until when it is remembered
 */
public record Receipt(
        String id, String asset, String from, String to, BigInteger amount, BigInteger reversed, Memory memory) {
    /** What can still be reversed, in minor units. */
    public BigInteger remaining() {
        return amount.subtract(reversed);
    }

    /** Whether the shard still knows it when its last entry is that one and the time is that. */
    public boolean isKnown(long lastSequence, long nowMillis) {
        return memory.lasts(lastSequence, nowMillis);
    }

    /** This receipt with more, or less, of it reversed. */
    Receipt reverse(BigInteger more) {
        return new Receipt(id, asset, from, to, amount, reversed.add(more), memory);
    }
}
