package io.pacioli.ledger.core;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * A hold as the payer's shard keeps it, until some time after it ended.
 *
 * @param id the id of the command that placed it
 * @param asset the asset's code
 * @param account the account whose money is held
 * @param to the only account that a capture may pay; null to leave that to the capture
 * @param remaining what is still held, in minor units; zero when it has ended
 * @param expiresAtMillis when what is left is available again; null for never
 * @param status what has become of it
 * @param memory until when it is remembered; null while it is active
 */
public record Hold(
        String id,
        String asset,
        String account,
        @Nullable String to,
        BigInteger remaining,
        @Nullable Long expiresAtMillis,
        Status status,
        @Nullable Memory memory) {
    /** What has become of a hold. */
    public enum Status {
        /** Money is held. */
        ACTIVE,
        /** All of it was captured. */
        CAPTURED,
        /** What was left was made available by command. */
        VOIDED,
        /** What was left was made available when the time was up. */
        EXPIRED
    }

    static Hold of(HoldTerms terms) {
        return new Hold(
                terms.id(),
                terms.asset(),
                terms.from(),
                terms.to(),
                terms.amount().minorUnits(),
                terms.expiresAtMillis(),
                Status.ACTIVE,
                null);
    }

    /** Whether the shard still knows it when its last entry is that one and the time is that. */
    public boolean isKnown(long lastSequence, long nowMillis) {
        return memory == null || memory.lasts(lastSequence, nowMillis);
    }

    /** This hold with less money, and ended when nothing is left. */
    Hold capture(BigInteger amount, Memory ended) {
        BigInteger left = remaining.subtract(amount);
        return left.signum() == 0 ? end(Status.CAPTURED, ended) : with(left, status, null);
    }

    /** This hold, ended. */
    Hold end(Status how, Memory ended) {
        return with(BigInteger.ZERO, how, ended);
    }

    private Hold with(BigInteger newRemaining, Status newStatus, @Nullable Memory newMemory) {
        return new Hold(id, asset, account, to, newRemaining, expiresAtMillis, newStatus, newMemory);
    }
}
