package io.pacioli.ledger.core;

/** What a movement of money between two accounts is called in history. */
public enum TransferKind {
    /** From one client's account to another. */
    TRANSFER("transfer"),
    /** From the issuer into circulation. */
    MINT("mint"),
    /** Out of circulation, back to the issuer. */
    BURN("burn"),
    /** What a hold had set aside; the transfer's reference is the hold. */
    CAPTURE("capture"),
    /** What a transfer or capture had paid, given back; the transfer's reference is that one. */
    REVERSAL("reversal");

    private static final TransferKind[] VALUES = values();

    private final String wireName;

    TransferKind(String wireName) {
        this.wireName = wireName;
    }

    /** The name in JSON. */
    public String wireName() {
        return wireName;
    }

    /** The bucket of the payer that it takes money from. */
    Bucket debited() {
        return this == CAPTURE ? Bucket.HELD : Bucket.AVAILABLE;
    }

    /** Whether the payee can give it back by {@link Command.ReverseTransfer}. */
    boolean isReversible() {
        return this == TRANSFER || this == CAPTURE;
    }

    /** @throws MalformedException when no kind has that name in JSON */
    public static TransferKind ofWireName(String wireName) {
        for (TransferKind kind : VALUES) {
            if (kind.wireName.equals(wireName)) {
                return kind;
            }
        }
        throw new MalformedException("kind", "must be transfer, mint, burn, capture or reversal", wireName);
    }
}
