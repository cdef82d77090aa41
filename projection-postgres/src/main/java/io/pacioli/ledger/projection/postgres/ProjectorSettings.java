package io.pacioli.ledger.projection.postgres;

import java.time.Duration;

/**
 * How the projector reads and writes.
 *
 * @param groupId the consumer group by which instances share the shards
 * @param batchEntriesMax most entries of a transaction, about: the last read may bring up to 1000 more; at least 1
 * @param batchBytesMax most bytes of journal records of a transaction, about; at least 1
 * @param backoffMax the longest pause between two tries while the store or the brokers are away
 */
public record ProjectorSettings(String groupId, int batchEntriesMax, long batchBytesMax, Duration backoffMax) {
    /** Group {@code ledger-projection-postgres}, 10,000 entries, 16 MiB, 5 s. */
    public static final ProjectorSettings DEFAULT =
            new ProjectorSettings("ledger-projection-postgres", 10_000, 16L << 20, Duration.ofSeconds(5));

    /** @throws IllegalArgumentException when a number is out of its range */
    public ProjectorSettings {
        if (batchEntriesMax < 1 || batchBytesMax < 1) {
            throw new IllegalArgumentException(
                    "must be at least 1: batchEntriesMax=" + batchEntriesMax + " batchBytesMax=" + batchBytesMax);
        }
        if (backoffMax.isNegative() || backoffMax.isZero()) {
            throw new IllegalArgumentException("must be more than zero: backoffMax=" + backoffMax);
        }
    }

    /** The same settings with another consumer group. */
    public ProjectorSettings withGroupId(String id) {
        return new ProjectorSettings(id, batchEntriesMax, batchBytesMax, backoffMax);
    }

    /** The same settings with other bounds on a transaction. */
    public ProjectorSettings withBatch(int entriesMax, long bytesMax) {
        return new ProjectorSettings(groupId, entriesMax, bytesMax, backoffMax);
    }

    /** The same settings with another longest pause. */
    public ProjectorSettings withBackoffMax(Duration duration) {
        return new ProjectorSettings(groupId, batchEntriesMax, batchBytesMax, duration);
    }
}
