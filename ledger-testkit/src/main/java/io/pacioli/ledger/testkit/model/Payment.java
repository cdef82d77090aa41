package io.pacioli.ledger.testkit.model;

import java.math.BigInteger;

/** Money that one account pays another. */
record Payment(Kind kind, String id, String asset, String from, String to, BigInteger amount, String reversalOf) {
    enum Kind {
        /** Leaves a receipt with the payee, so that it can be reversed. */
        REVERSIBLE,
        /** Leaves none: minted or burnt. */
        FINAL,
        /** Gives back what another one paid, and leaves no receipt. */
        REVERSAL
    }

    static Payment reversible(String id, String asset, String from, String to, BigInteger amount) {
        return new Payment(Kind.REVERSIBLE, id, asset, from, to, amount, "");
    }

    static Payment whichIsFinal(String id, String asset, String from, String to, BigInteger amount) {
        return new Payment(Kind.FINAL, id, asset, from, to, amount, "");
    }

    /** So much of this payment, given back. */
    Payment reversed(String reversalId, BigInteger part) {
        return new Payment(Kind.REVERSAL, reversalId, asset, to, from, part, id);
    }
}
