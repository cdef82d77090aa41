package io.pacioli.ledger.testkit.model;

import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Rejection;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Money that is set aside, and for some time the memory of it. */
final class NaiveHold {
    private final Command.PlaceHold placed;
    private BigInteger remaining;
    private @Nullable Rejection over;
    private @Nullable Memory memory;

    NaiveHold(Command.PlaceHold placed) {
        this.placed = placed;
        remaining = placed.amount().minorUnits();
    }

    Command.PlaceHold placed() {
        return placed;
    }

    BigInteger remaining() {
        return remaining;
    }

    boolean isKnown(long nowMillis, long lastSequence) {
        return memory == null || memory.lasts(nowMillis, lastSequence);
    }

    /** Why nothing can be done with it any more, or null. */
    @Nullable
    Rejection whyOver(long nowMillis) {
        if (over != null) {
            return over;
        }
        Long end = placed.expiresAtMillis();
        return end != null && nowMillis >= end ? Rejection.HOLD_EXPIRED : null;
    }

    void take(BigInteger amount) {
        remaining = remaining.subtract(amount);
    }

    void end(Rejection how, Memory remembered) {
        remaining = BigInteger.ZERO;
        over = how;
        memory = remembered;
    }
}
