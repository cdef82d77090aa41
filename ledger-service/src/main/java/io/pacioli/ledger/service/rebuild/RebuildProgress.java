package io.pacioli.ledger.service.rebuild;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/** Adds up how far the shards have got and tells who wants to know. Thread safe. */
public final class RebuildProgress {
    private final Listener listener;
    private final AtomicLongArray done;
    private final AtomicLongArray total;

    /** Hears of it, on whichever thread has got on; must be quick and thread safe. */
    @FunctionalInterface
    public interface Listener {
        /** Hears nothing. */
        Listener NONE = (done, total) -> {};

        /**
         * Some more has been read.
         *
         * @param done journal offsets passed so far, over all shards
         * @param total journal offsets to pass; a little more than there are entries, as transactions take offsets too
         */
        void advanced(long done, long total);
    }

    /** @param shards how many there are */
    public RebuildProgress(int shards, Listener listener) {
        this.listener = listener;
        done = new AtomicLongArray(shards);
        total = new AtomicLongArray(shards);
    }

    /** The offsets that a shard's journal has in all; may grow. */
    public void total(int shard, long offsets) {
        total.set(shard, offsets);
        tell();
    }

    /** So many of a shard's offsets have been passed. */
    public void at(int shard, long offsets) {
        done.set(shard, offsets);
        total.accumulateAndGet(shard, offsets, Math::max);
        tell();
    }

    private void tell() {
        listener.advanced(sum(done), sum(total));
    }

    private static long sum(AtomicLongArray offsets) {
        long[] all = new long[offsets.length()];
        Arrays.setAll(all, offsets::get);
        return Arrays.stream(all).sum();
    }
}
