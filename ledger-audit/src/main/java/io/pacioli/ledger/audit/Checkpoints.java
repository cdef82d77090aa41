package io.pacioli.ledger.audit;

import io.pacioli.ledger.core.Account;
import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.Holding;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The checkpoints of all shards, each until its position is reached. Each shard's by the thread that replays it. */
final class Checkpoints {
    private final List<Deque<Checkpoint>> ofShards = new ArrayList<>();

    Checkpoints(int shards, List<Checkpoint> checkpoints) {
        for (int shard = 0; shard < shards; shard++) {
            int number = shard;
            ofShards.add(new ArrayDeque<>(checkpoints.stream()
                    .filter(checkpoint -> checkpoint.position().shard() == number)
                    .sorted(Comparator.comparingLong(
                            checkpoint -> checkpoint.position().sequence()))
                    .toList()));
        }
    }

    /** The replay starts behind a position: what was published before it was compared by an earlier audit. */
    void startBehind(int shard, long sequence) {
        Deque<Checkpoint> checkpoints = ofShards.get(shard);
        while (!checkpoints.isEmpty() && checkpoints.peek().position().sequence() <= sequence) {
            checkpoints.remove();
        }
    }

    /** The shard's replay is where its books say. */
    void reached(ShardBooks books, Findings findings) {
        Deque<Checkpoint> checkpoints = ofShards.get(books.shard());
        while (!checkpoints.isEmpty() && checkpoints.peek().position().sequence() == books.sequence()) {
            Checkpoint checkpoint = checkpoints.remove();
            if (!checkpoint.hash().equals(books.last())) {
                String rule = "the hash must be the one that was published";
                add(books, findings, rule, checkpoint.hash().hex(), books.last().hex());
            } else if (!checkpoint.books().isEmpty()) {
                SortedMap<String, BigInteger> found = clients(books);
                SortedMap<String, BigInteger> expected = new TreeMap<>(checkpoint.books());
                if (!expected.equals(found)) {
                    String rule = "what clients have in total must be what was published";
                    add(books, findings, rule, expected.toString(), found.toString());
                }
            }
        }
    }

    /** The journal is read to its end: no checkpoint may be behind it. */
    void finish(ShardBooks books, Findings findings) {
        for (Checkpoint checkpoint : ofShards.get(books.shard())) {
            if (books.fault() == null) {
                String rule = "the journal must reach the position that was published";
                add(books, findings, rule, checkpoint.position().toString(), "its end");
            }
        }
    }

    /** How many are still to come for a shard. */
    int open(int shard) {
        return ofShards.get(shard).size();
    }

    /** What clients' accounts of a shard have in total, by asset; assets of which they have nothing are left out. */
    static SortedMap<String, BigInteger> clients(ShardBooks books) {
        SortedMap<String, BigInteger> totals = new TreeMap<>();
        for (Account account : books.state().accounts()) {
            if (!AccountId.isSystem(account.id())) {
                for (Holding holding : account.holdings()) {
                    totals.merge(holding.asset(), holding.total(), BigInteger::add);
                }
            }
        }
        totals.values().removeIf(total -> total.signum() == 0);
        return totals;
    }

    private static void add(ShardBooks books, Findings findings, String message, String expected, String found) {
        findings.add(new Finding(
                Finding.Kind.CHECKPOINT,
                "journal",
                books.shard(),
                books.sequence(),
                Finding.NO_OFFSET,
                books.atMillis(),
                null,
                message,
                expected,
                found));
    }
}
