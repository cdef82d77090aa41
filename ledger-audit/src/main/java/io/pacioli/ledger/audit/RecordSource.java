package io.pacioli.ledger.audit;

import java.time.Duration;
import java.util.List;

/** Where the records of a ledger's topics come from: a cluster, or an export. Not thread safe. */
interface RecordSource extends AutoCloseable {
    /** Reads more into the inflows, waiting for it for so long at most if nothing is there. */
    void poll(Duration timeout);

    /** The ends of a shard's partitions, the journal's first, are where they are now: what that has used is then within the others. */
    void readOn(List<Inflow> inflowsOfShard);

    @Override
    void close();
}
