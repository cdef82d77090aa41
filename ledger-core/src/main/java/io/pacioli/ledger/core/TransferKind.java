package io.pacioli.ledger.core;

/** What a movement of money between two accounts is called in history. */
public enum TransferKind {
    /** From one client's account to another. */
    TRANSFER("transfer"),
    /** From the issuer into circulation. */
    MINT("mint"),
    /** Out of circulation, back to the issuer. */
    BURN("burn");

    private static final TransferKind[] VALUES = values();

    private final String wireName;

    TransferKind(String wireName) {
        this.wireName = wireName;
    }

    /** The name in JSON. */
    public String wireName() {
        return wireName;
    }

    /** @throws MalformedException when no kind has that name in JSON */
    public static TransferKind ofWireName(String wireName) {
        for (TransferKind kind : VALUES) {
            if (kind.wireName.equals(wireName)) {
                return kind;
            }
        }
        throw new MalformedException("kind", "must be transfer, mint or burn", wireName);
    }
}
