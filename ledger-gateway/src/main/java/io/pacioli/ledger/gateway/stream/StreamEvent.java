package io.pacioli.ledger.gateway.stream;

/**
 * An event of a stream.
 *
 * @param sequence of its entry
 * @param text as {@link EventText} makes it; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, and copied only into the socket.
record StreamEvent(long sequence, byte[] text) {}
