package io.pacioli.ledger.app.chaos;

import java.time.Duration;

/**
 * When each of a number of commands is due: more and more of them while processes that have just been started become fast, and a steady
 * stream from then on.
 *
 * @param total how many commands
 * @param duration over what time
 * @param rampUp how much of that time passes until the rate is what it stays
 */
record Pace(long total, Duration duration, Duration rampUp) {
    /** How long after the beginning one is due, the first being number 0. */
    long dueNanos(long number) {
        double ramp = rampUp.toNanos();
        // Until then half as many are sent as later in that time.
        double perNano = total / (duration.toNanos() - ramp / 2);
        double inRamp = perNano * ramp / 2;
        return (long) (number < inRamp ? Math.sqrt(2 * ramp * number / perNano) : number / perNano + ramp / 2);
    }
}
