package io.pacioli.ledger.app.fuzz;

/**
 * A request as it goes over the wire.
 *
 * @param bytes all of it
 * @param manner how it is sent
 * @param isHead whether the answer has no body
 */
@SuppressWarnings("ArrayRecordComponent") // Bytes as they go, which nobody compares or changes.
record HttpRequestBytes(byte[] bytes, Manner manner, boolean isHead) {
    /** How a client sends. */
    enum Manner {
        /** A request that any server can tell the end of: its answer is due. */
        WHOLE,
        /** Something after which nobody knows what is to come: the client closes its side behind it. */
        BROKEN,
        /** Some of it, a byte at a time, and then nothing for a while: the client gives up. */
        SLOW
    }
}
