package io.pacioli.ledger.testkit.simulation;

import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.PlacedLeg;
import io.pacioli.ledger.core.Posting;
import io.pacioli.ledger.core.TransactionTerms;
import io.pacioli.ledger.core.TransferTerms;
import io.pacioli.ledger.core.Transit;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Adds up every posting of all journals by itself and checks what must hold after each: entries balance, sequences and versions
 * are gapless, balances follow from their postings, and with what is between shards all accounts sum to zero.
 */
final class Books {
    private static final String CLEARING = "@clearing/";

    /** What an account has of an asset. */
    private static final class Pot {
        private BigInteger available = BigInteger.ZERO;
        private BigInteger held = BigInteger.ZERO;
    }

    private static final class Tally {
        private final Map<String, Pot> pots = new HashMap<>(4);
        private final boolean isClearing;
        private long version;

        Tally(String account) {
            isClearing = account.startsWith(CLEARING);
        }

        BigInteger available(String asset) {
            Pot pot = pots.get(asset);
            return pot == null ? BigInteger.ZERO : pot.available;
        }
    }

    private static final class Journal {
        private final Map<String, Tally> tallies = new HashMap<>();
        private long sequence;
        private long atMillis;
    }

    /** The sums of an asset over all shards. */
    private static final class Sums {
        private BigInteger owned = BigInteger.ZERO;
        private BigInteger cleared = BigInteger.ZERO;
        private BigInteger moving = BigInteger.ZERO;
    }

    private final List<Journal> journals = new ArrayList<>();
    private final Map<String, Sums> sums = new HashMap<>();

    Books(int shards) {
        for (int shard = 0; shard < shards; shard++) {
            journals.add(new Journal());
        }
    }

    void add(Entry entry) {
        Journal journal = journals.get(entry.shard());
        Check.equal(entry.sequence(), ++journal.sequence, "the sequence", entry);
        Check.that(entry.atMillis() >= journal.atMillis, "time goes back", entry);
        journal.atMillis = entry.atMillis();
        checkBalanced(entry);
        for (Posting posting : entry.postings()) {
            add(journal, posting);
        }
        switch (entry.event()) {
            case Event.TransactionCommitted e -> settled(e.terms(), entry.shard());
            case Event.TransactionSettled e -> settled(e.terms(), entry.shard());
            default -> {}
        }
    }

    void sent(Transit transit) {
        move(transit, false);
    }

    void arrived(Transit transit) {
        move(transit, true);
    }

    /** What clearing accounts hold is what is between shards, and with all other accounts it sums to zero. */
    void checkSums(Entry entry) {
        for (Posting posting : entry.postings()) {
            check(posting.asset(), sums(posting.asset()));
        }
    }

    /** With nothing between shards, the two clearing accounts of each pair of shards net to zero. */
    void checkQuiet() {
        sums.forEach((asset, sum) -> {
            check(asset, sum);
            Check.that(sum.moving.signum() == 0, "something is between shards", asset);
        });
        for (int shard = 0; shard < journals.size(); shard++) {
            for (Map.Entry<String, Tally> tally : journals.get(shard).tallies.entrySet()) {
                if (tally.getValue().isClearing) {
                    checkPair(shard, tally.getKey(), tally.getValue());
                }
            }
        }
    }

    /** All balances that are not zero, clearing accounts left out, by account and by asset and bucket. */
    Map<String, Map<String, BigInteger>> balances() {
        Map<String, Map<String, BigInteger>> all = new HashMap<>();
        for (Journal journal : journals) {
            journal.tallies.forEach((account, tally) -> {
                Map<String, BigInteger> some = new HashMap<>();
                tally.pots.forEach((asset, pot) -> {
                    some.put(asset + " available", pot.available);
                    some.put(asset + " held", pot.held);
                });
                some.values().removeIf(balance -> balance.signum() == 0);
                if (!some.isEmpty() && !tally.isClearing) {
                    Check.that(all.put(account, some) == null, "an account lives on two shards", account);
                }
            });
        }
        return all;
    }

    private static void check(String asset, Sums sum) {
        Check.equal(sum.cleared, sum.moving, "clearing", asset);
        Check.that(
                sum.owned.add(sum.moving).signum() == 0,
                "accounts and what is between shards do not sum to zero",
                asset);
    }

    private static void checkBalanced(Entry entry) {
        List<Posting> postings = entry.postings();
        if (postings.size() == 2
                && postings.get(0).asset().equals(postings.get(1).asset())) {
            BigInteger sum = postings.get(0).amount().add(postings.get(1).amount());
            Check.that(sum.signum() == 0, "an entry does not balance", entry);
        } else if (!postings.isEmpty()) {
            Map<String, BigInteger> byAsset = new HashMap<>();
            postings.forEach(posting -> byAsset.merge(posting.asset(), posting.amount(), BigInteger::add));
            byAsset.values().forEach(sum -> Check.that(sum.signum() == 0, "an entry does not balance", entry));
        }
    }

    private void checkPair(int shard, String account, Tally tally) {
        String[] parts = account.split("/", -1);
        String asset = parts[2];
        Tally other = journals.get(Integer.parseInt(parts[1])).tallies.get(CLEARING + shard + "/" + asset);
        BigInteger there = other == null ? BigInteger.ZERO : other.available(asset);
        BigInteger here = tally.available(asset);
        Check.that(here.add(there).signum() == 0, "two clearing accounts do not net to zero", shard + " " + account);
    }

    private void add(Journal journal, Posting posting) {
        Tally tally = journal.tallies.computeIfAbsent(posting.account(), Tally::new);
        Check.equal(posting.version(), ++tally.version, "the version", posting);
        Pot pot = tally.pots.computeIfAbsent(posting.asset(), created -> new Pot());
        Sums sum = sums(posting.asset());
        BigInteger amount = posting.amount();
        if (posting.bucket() == Bucket.AVAILABLE) {
            pot.available = pot.available.add(amount);
            Check.equal(posting.balance(), pot.available, "the balance", posting);
        } else {
            Check.that(posting.bucket() == Bucket.HELD, "nothing puts money into that bucket", posting);
            Check.that(!posting.account().startsWith("@"), "the ledger holds its own money", posting);
            pot.held = pot.held.add(amount);
            Check.equal(posting.balance(), pot.held, "the balance", posting);
        }
        if (tally.isClearing) {
            sum.cleared = sum.cleared.add(amount);
        } else {
            sum.owned = sum.owned.add(amount);
        }
    }

    private void move(Transit transit, boolean arriving) {
        TransferTerms terms = switch (transit) {
            case Transit.TransferCredit t -> t.terms();
            case Transit.TransferReturn t -> t.terms();
            case Transit.AssetAnnouncement t -> null;
            case Transit.TransactionPrepare t -> null;
            case Transit.TransactionVote t -> null;
            case Transit.TransactionCommit t -> null;
            case Transit.TransactionAbort t -> null;
        };
        if (terms != null) {
            move(terms.asset(), terms.amount().minorUnits(), arriving);
        }
    }

    /** A shard has made its part of a transaction: the rest of what its legs move is between it and the others until they have. */
    private void settled(TransactionTerms terms, int shard) {
        for (PlacedLeg leg : terms.legs()) {
            if (leg.fromShard() != leg.toShard() && leg.touches(shard)) {
                move(leg.leg().asset(), leg.leg().amount().minorUnits(), leg.toShard() == shard);
            }
        }
    }

    private void move(String asset, BigInteger amount, boolean arriving) {
        Sums sum = sums(asset);
        sum.moving = arriving ? sum.moving.subtract(amount) : sum.moving.add(amount);
    }

    private Sums sums(String asset) {
        return sums.computeIfAbsent(asset, created -> new Sums());
    }
}
