package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.state.KeyedHash;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Commands that came to a wrong shard and must have been passed on, until they are met where they belong. Thread safe.
 *
 * <p>Anybody may write a command that says it was passed on, so one that is met and was never expected proves nothing.
 */
final class Forwards {
    /** How many that were met before they were expected are kept; more come of forgeries only. */
    private static final int MET_MAX = 1_000_000;

    private final KeyedHash hash;
    private final Map<Long, Finding> expected = new HashMap<>();
    private final Set<Long> met = new HashSet<>();

    /** Those that an earlier audit has met, and that come once more: it has not seen an entry go past them. */
    private final Set<Long> metBefore = new HashSet<>();

    Forwards(KeyedHash hash) {
        this.hash = hash;
    }

    /**
     * A command was passed on.
     *
     * @param cause where it was read first
     * @param home the shard that it belongs to
     * @param missing what to report if it is not met there
     */
    synchronized void expect(String cause, byte[] value, int home, Finding missing) {
        long key = key(cause, value, home);
        if (!met.remove(key)) {
            expected.put(key, missing);
        }
    }

    /** A command that says so stands on a shard. */
    synchronized void meet(String cause, byte[] value, int shard) {
        long key = key(cause, value, shard);
        if (expected.remove(key) == null && !metBefore.remove(key) && met.size() < MET_MAX) {
            met.add(key);
        }
    }

    /** Whether none is still expected. */
    synchronized boolean isAllMet() {
        return expected.isEmpty();
    }

    /** What the next audit needs to know: each command is met and expected on shards that have got to different places. */
    synchronized void write(DataOutputStream out) throws IOException {
        write(met, out);
        write(Stream.concat(expected.keySet().stream(), metBefore.stream()).toList(), out);
    }

    /** Goes on from what an earlier audit has kept. It has met all that it expected, or it would not have passed. */
    synchronized void read(DataInputStream in) throws IOException {
        read(in, met);
        read(in, metBefore);
    }

    private static void write(Collection<Long> keys, DataOutputStream out) throws IOException {
        out.writeInt(keys.size());
        for (long key : keys) {
            out.writeLong(key);
        }
    }

    private static void read(DataInputStream in, Set<Long> keys) throws IOException {
        for (int i = in.readInt(); i > 0; i--) {
            keys.add(in.readLong());
        }
    }

    /** All has been read: whatever was not met is a finding. */
    synchronized void finish(Findings findings) {
        expected.values().forEach(findings::add);
        expected.clear();
    }

    private long key(String cause, byte[] value, int shard) {
        return hash.of(hash.of(hash.of(cause), hash.of(value)), shard);
    }
}
