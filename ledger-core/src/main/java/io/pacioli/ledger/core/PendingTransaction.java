package io.pacioli.ledger.core;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A transaction across shards that this shard has reserved its part of, and that is neither made nor given up.
 *
 * @param terms as this shard sees it
 * @param fingerprint of the command, on the coordinator; null on a participant
 * @param waitingFor the participants whose vote is missing, on the coordinator, with the number of the message that asked each;
 *     empty on a participant
 */
public record PendingTransaction(
        TransactionTerms terms, @Nullable Fingerprint fingerprint, Map<Integer, Long> waitingFor) {
    public PendingTransaction {
        waitingFor = Canonical.copy(waitingFor);
    }

    /** Whether it waits for that shard's answer to that message. */
    boolean isWaitingFor(int shard, long prepare) {
        Long asked = waitingFor.get(shard);
        return asked != null && asked == prepare;
    }

    /** This with one more vote. */
    PendingTransaction voted(int shard) {
        Map<Integer, Long> rest = new TreeMap<>(waitingFor);
        rest.remove(shard);
        return new PendingTransaction(terms, fingerprint, rest);
    }

    /** Its key on a shard: ids are unique on their coordinator only. */
    public String key() {
        return key(terms.coordinator(), terms.id());
    }

    /** The key of a transaction. */
    public static String key(int coordinator, String id) {
        return coordinator + "/" + id;
    }
}
