package io.pacioli.ledger.app.chaos;

import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Posting;
import io.pacioli.ledger.core.TransferTerms;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;

/**
 * What transfers do, with nothing of the ledger's own rules: each entry takes from the payer and gives to the payee what its terms say;
 * and what one shard sends arrives on the other once, or is refused there and comes back once. Shards may be read in any order. Not thread
 * safe.
 */
final class TransferCheck {
    private final Violations violations;

    /** Messages of which the journal of one side alone has been read. */
    private final Map<Message, Half> halves = new HashMap<>();

    /** A message, by its place in the channel between two shards. */
    private record Message(int from, int to, long number) {}

    private record Half(boolean isSent, Entry entry, TransferTerms terms) {
        String what() {
            return entry.event().type() + " of " + terms.id() + " at " + entry.position();
        }
    }

    TransferCheck(Violations violations) {
        this.violations = violations;
    }

    /** The next entry of some shard. */
    void entry(Entry entry) {
        int shard = entry.shard();
        switch (entry.event()) {
            case Event.TransferPosted e -> {
                requireNet(entry, e.terms(), e.terms().from(), true);
                requireNet(entry, e.terms(), e.terms().to(), false);
            }
            case Event.TransferSent e -> {
                requireNet(entry, e.terms(), e.terms().from(), true);
                add(new Message(shard, e.toShard(), e.number()), new Half(true, entry, e.terms()));
            }
            case Event.TransferReceived e -> {
                requireNet(entry, e.terms(), e.terms().to(), false);
                add(new Message(e.fromShard(), shard, e.number()), new Half(false, entry, e.terms()));
            }
            case Event.TransferRefused e -> {
                add(new Message(e.fromShard(), shard, e.number()), new Half(false, entry, e.terms()));
                add(new Message(shard, e.fromShard(), e.returnNumber()), new Half(true, entry, e.terms()));
            }
            case Event.TransferReturned e -> {
                requireNet(entry, e.terms(), e.terms().from(), false);
                add(new Message(e.fromShard(), shard, e.number()), new Half(false, entry, e.terms()));
            }
            default -> {}
        }
    }

    /** All buckets of an account together change by the amount; what is released from a hold stays with it. */
    private void requireNet(Entry entry, TransferTerms terms, String account, boolean pays) {
        BigInteger wanted = terms.amount().minorUnits();
        BigInteger net = BigInteger.ZERO;
        for (Posting posting : entry.postings()) {
            if (posting.account().equals(account) && posting.asset().equals(terms.asset())) {
                net = net.add(posting.amount());
            }
        }
        if (!net.equals(pays ? wanted.negate() : wanted)) {
            violations.add(entry.event().type() + " of " + terms.id() + " at " + entry.position() + " is about "
                    + wanted + " and changes " + account + " by " + net);
        }
    }

    private void add(Message message, Half half) {
        Half other = halves.remove(message);
        if (other == null) {
            halves.put(message, half);
        } else if (other.isSent == half.isSent) {
            violations.add("one message has two entries: " + other.what() + ", and " + half.what());
        } else if (!other.terms.equals(half.terms)) {
            violations.add("one message has two contents: " + other.what() + ", and " + half.what());
        }
    }

    /** All journals have been read to their ends. */
    void finish() {
        halves.values()
                .forEach(half -> violations.add(
                        half.what() + (half.isSent ? " was sent and did not arrive" : " arrived and was never sent")));
    }
}
