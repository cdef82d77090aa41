package io.pacioli.ledger.core;

/**
 * How far a shard's traffic with a peer has got.
 *
 * @param peer the other shard
 * @param sent number of the last message sent to it
 * @param received number of the last message received from it
 */
public record Channel(int peer, long sent, long received) {
    /** A channel without traffic. */
    public static Channel idle(int peer) {
        return new Channel(peer, 0, 0);
    }

    Channel send() {
        return new Channel(peer, sent + 1, received);
    }

    Channel receive() {
        return new Channel(peer, sent, received + 1);
    }
}
