package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.api.state.KeyedHash;
import io.pacioli.ledger.core.Entry;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** All that a history of a shard is compared by, besides the books. Not thread safe. */
final class HistoryFold {
    private final boolean isTaken;
    private final HistoryDigest entries;
    private final FigureDigest figures;
    private final Register register = new Register();

    /** @param isTaken whether anything will be compared by it; else it stays empty, which costs nothing */
    HistoryFold(int shard, KeyedHash hash, boolean isTaken) {
        this.isTaken = isTaken;
        entries = new HistoryDigest(hash);
        figures = new FigureDigest(shard, hash);
    }

    void add(Entry entry, Hash entryHash, byte[] record, long offset) {
        if (isTaken) {
            entries.add(entry, entryHash, record, offset);
            figures.add(entry, offset);
            register.add(entry);
        }
    }

    HistoryDigest entries() {
        return entries;
    }

    FigureDigest figures() {
        return figures;
    }

    Register register() {
        return register;
    }

    void write(DataOutputStream out) throws IOException {
        entries.write(out);
        figures.write(out);
        register.write(out);
    }

    /** What another one has written, to go on from. */
    static HistoryFold read(int shard, KeyedHash hash, DataInputStream in) throws IOException {
        HistoryFold fold = new HistoryFold(shard, hash, true);
        fold.entries.read(in);
        fold.figures.read(in);
        fold.register.read(in);
        return fold;
    }
}
