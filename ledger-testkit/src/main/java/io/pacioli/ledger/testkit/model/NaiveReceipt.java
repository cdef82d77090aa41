package io.pacioli.ledger.testkit.model;

import java.math.BigInteger;

/** The memory that a payment arrived, and how much of it was given back. */
final class NaiveReceipt {
    private final Payment payment;
    private final Memory memory;
    private BigInteger reversed = BigInteger.ZERO;

    NaiveReceipt(Payment payment, Memory memory) {
        this.payment = payment;
        this.memory = memory;
    }

    Payment payment() {
        return payment;
    }

    boolean isKnown(long nowMillis, long lastSequence) {
        return memory.lasts(nowMillis, lastSequence);
    }

    BigInteger remaining() {
        return payment.amount().subtract(reversed);
    }

    /** More than was reversed cannot come back: then it was the receipt of an earlier payment with that id. */
    void unreverse(BigInteger less) {
        if (less.compareTo(reversed) <= 0) {
            reversed = reversed.subtract(less);
        }
    }

    void reverse(BigInteger more) {
        reversed = reversed.add(more);
    }
}
