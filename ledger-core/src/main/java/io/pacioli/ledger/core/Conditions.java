package io.pacioli.ledger.core;

import org.jspecify.annotations.Nullable;

/**
 * What must hold for a transfer to be made. Times are milliseconds since 1970-01-01 UTC.
 *
 * @param notBeforeMillis a transfer that comes earlier waits until then; null when it need not wait
 * @param notAfterMillis the last time at which it may be made; null for any
 * @param balanceAtLeast what the payer must have available before it pays, in minor units; null when that does not matter
 */
public record Conditions(
        @Nullable Long notBeforeMillis,
        @Nullable Long notAfterMillis,
        @Nullable Amount balanceAtLeast) {
    /** No conditions. */
    public static final Conditions NONE = new Conditions(null, null, null);

    /** @throws MalformedException when a time is out of its range */
    public Conditions {
        Fields.time("conditions.notBefore", notBeforeMillis);
        Fields.time("conditions.notAfter", notAfterMillis);
    }

    /** Whether a transfer must still wait at that time. */
    boolean isEarly(long nowMillis) {
        return notBeforeMillis != null && nowMillis < notBeforeMillis;
    }
}
