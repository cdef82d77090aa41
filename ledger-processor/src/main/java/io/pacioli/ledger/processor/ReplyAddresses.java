package io.pacioli.ledger.processor;

import io.pacioli.ledger.api.state.StateReader;
import io.pacioli.ledger.api.state.StateWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * All who want the outcome of a command that is still to come, in the order in which they asked. Immutable.
 *
 * @param all one or more, at most {@link #ADDRESSES_MAX}
 */
record ReplyAddresses(List<ReplyAddress> all) {
    /** How many are kept for one command: somebody who asks over and over must not fill the store. */
    static final int ADDRESSES_MAX = 16;

    private static final int VERSION = 1;

    /** Copies the list. */
    ReplyAddresses {
        all = List.copyOf(all);
    }

    static ReplyAddresses of(ReplyAddress address) {
        return new ReplyAddresses(List.of(address));
    }

    /** Whether there is room for one more, or it is there already. */
    boolean takes(ReplyAddress address) {
        return all.size() < ADDRESSES_MAX || all.contains(address);
    }

    /** These and one more, of whoever asked again; the same when it is there already. */
    ReplyAddresses with(ReplyAddress address) {
        if (all.contains(address)) {
            return this;
        }
        List<ReplyAddress> more = new ArrayList<>(all);
        more.add(address);
        return new ReplyAddresses(more);
    }

    /** One behind the other, so that what knows of one only still reads the first. */
    byte[] encode() {
        StateWriter out = new StateWriter(VERSION);
        all.forEach(address -> address.write(out));
        return out.toBytes();
    }

    static ReplyAddresses decode(String commandId, byte[] bytes) {
        StateReader in = new StateReader(bytes, VERSION);
        List<ReplyAddress> all = new ArrayList<>();
        do {
            all.add(ReplyAddress.read(in));
        } while (!in.isAtEnd());
        return new ReplyAddresses(all);
    }
}
