package io.pacioli.ledger.api;

/** An entry as it stands in the journal: its bytes, which must not be changed, and their place in the hash chain. */
public final class SealedEntry {
    private final byte[] bytes;
    private final Hash hash;

    SealedEntry(byte[] bytes, Hash hash) {
        this.bytes = bytes;
        this.hash = hash;
    }

    /** The record's value; not a copy. */
    public byte[] bytes() {
        return bytes;
    }

    /** The hash of this entry, which the next one of the shard names as its previous. */
    public Hash hash() {
        return hash;
    }
}
