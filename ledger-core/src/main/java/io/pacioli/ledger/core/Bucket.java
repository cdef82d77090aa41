package io.pacioli.ledger.core;

/** The part of an account's holding of an asset that a posting changes. */
public enum Bucket {
    /** What the owner can spend. */
    AVAILABLE("available"),
    /** Reserved by a hold until it is captured, voided or expires. */
    HELD("held"),
    /** Not spendable before a date, such as unvested tokens. */
    LOCKED("locked"),
    /** Staked for rewards. */
    STAKED("staked");

    private static final Bucket[] VALUES = values();

    private final String wireName;

    Bucket(String wireName) {
        this.wireName = wireName;
    }

    /** The name in JSON. */
    public String wireName() {
        return wireName;
    }

    /** @throws MalformedException when no bucket has that name in JSON */
    public static Bucket ofWireName(String wireName) {
        for (Bucket bucket : VALUES) {
            if (bucket.wireName.equals(wireName)) {
                return bucket;
            }
        }
        throw new MalformedException("bucket", "must be available, held, locked or staked", wireName);
    }
}
