package io.pacioli.ledger.service;

/** Reads how far a projection has got from its store, for processes that query it without projecting themselves. */
@FunctionalInterface
public interface PositionSource {
    /**
     * The sequence of the last entry that the store holds for a shard, 0 when it holds none.
     *
     * @param shard 0 to the number of shards less 1
     * @throws RuntimeException when the store cannot be read now
     */
    long sequence(int shard);
}
