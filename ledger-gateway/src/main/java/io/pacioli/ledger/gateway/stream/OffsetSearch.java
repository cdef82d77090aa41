package io.pacioli.ledger.gateway.stream;

import io.pacioli.ledger.gateway.stream.OffsetIndex.Place;
import java.util.Optional;

/**
 * Finds the offset from which on a shard's partition must be read to come by a sequence.
 *
 * <p>Sequences grow with offsets, but not evenly: the markers of transactions and the records of those that were aborted take offsets
 * too. So it halves the offsets between two known places and looks what is there, and stops when reading on is cheaper than looking.
 */
final class OffsetSearch {
    /** How many entries or offsets may be read in vain before the sequence is come by. */
    static final long NEAR = 1_000;

    /** Looks into the partition. */
    interface Probe {
        /** The first record at or after one offset and before another, if there is any. */
        Optional<Place> first(long from, long before);
    }

    private OffsetSearch() {}

    /**
     * Searches, and notes what it comes by.
     *
     * @param begin an offset that is not after any record
     * @param end an offset after the record with the sequence
     * @return the offset of a record with the sequence or a lower one, or {@code begin}
     */
    static long find(long sequence, OffsetIndex index, long begin, long end, Probe probe) {
        Place below = index.atOrBefore(sequence);
        Place above = index.atOrAfter(sequence);
        Place low = below == null || below.offset() < begin ? new Place(0, begin) : below;
        long highOffset = above == null ? end : above.offset();
        while (sequence - low.sequence() > NEAR && highOffset - low.offset() > NEAR) {
            long middle = low.offset() + (highOffset - low.offset()) / 2;
            Optional<Place> found = probe.first(middle, highOffset);
            found.ifPresent(index::add);
            if (found.isPresent() && found.get().sequence() <= sequence) {
                low = found.get();
            } else {
                highOffset = middle;
            }
        }
        return low.offset();
    }
}
