package io.pacioli.ledger.projection.postgres;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Batches that have no shard in common, of about the same size. Not thread safe. */
final class ShardBatches {
    private final List<HistoryBatch> batches;
    private final Map<Integer, HistoryBatch> byShard = new HashMap<>();

    /** @param count how many, at least 1 */
    ShardBatches(int count) {
        batches = Stream.generate(HistoryBatch::new).limit(count).toList();
    }

    /** The batch of a shard: the same each time, at first the smallest. */
    HistoryBatch of(int shard) {
        return byShard.computeIfAbsent(
                shard,
                first -> batches.stream()
                        .min(Comparator.comparingInt(HistoryBatch::size))
                        .orElseThrow());
    }

    /** Whether one of them has so many entries or bytes. */
    boolean isAnyFull(int entries, long bytes) {
        return batches.stream().anyMatch(batch -> batch.size() >= entries || batch.bytes() >= bytes);
    }

    /** Those that hold anything. */
    List<HistoryBatch> filled() {
        return batches.stream().filter(batch -> batch.size() > 0).toList();
    }
}
