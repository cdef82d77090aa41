package io.pacioli.ledger.testkit.simulation;

import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Posting;
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

    private static final class Tally {
        private final Map<String, BigInteger> balances = new HashMap<>();
        private long version;
    }

    private static final class Journal {
        private final Map<String, Tally> tallies = new HashMap<>();
        private long sequence;
        private long atMillis;
    }

    private final List<Journal> journals = new ArrayList<>();
    private final Map<String, BigInteger> owned = new HashMap<>();
    private final Map<String, BigInteger> cleared = new HashMap<>();
    private final Map<String, BigInteger> moving = new HashMap<>();

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
        Map<String, BigInteger> sums = new HashMap<>();
        for (Posting posting : entry.postings()) {
            sums.merge(posting.asset(), posting.amount(), BigInteger::add);
            add(journal, posting);
        }
        for (BigInteger sum : sums.values()) {
            Check.that(sum.signum() == 0, "an entry does not balance", entry);
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
            String asset = posting.asset();
            BigInteger between = moving.getOrDefault(asset, BigInteger.ZERO);
            Check.equal(cleared.getOrDefault(asset, BigInteger.ZERO), between, "clearing", asset);
            Check.that(
                    owned.getOrDefault(asset, BigInteger.ZERO).add(between).signum() == 0,
                    "accounts and what is between shards do not sum to zero",
                    asset);
        }
    }

    /** With nothing between shards, the two clearing accounts of each pair of shards net to zero. */
    void checkQuiet() {
        moving.forEach((asset, sum) -> Check.that(sum.signum() == 0, "something is between shards", asset));
        cleared.forEach((asset, sum) -> Check.that(sum.signum() == 0, "clearing does not net to zero", asset));
        owned.forEach((asset, sum) -> Check.that(sum.signum() == 0, "accounts do not sum to zero", asset));
        for (int shard = 0; shard < journals.size(); shard++) {
            for (Map.Entry<String, Tally> tally : journals.get(shard).tallies.entrySet()) {
                if (tally.getKey().startsWith(CLEARING)) {
                    checkPair(shard, tally.getKey(), tally.getValue());
                }
            }
        }
    }

    /** All balances that are not zero, clearing accounts left out, by account and asset. */
    Map<String, Map<String, BigInteger>> balances() {
        Map<String, Map<String, BigInteger>> all = new HashMap<>();
        for (Journal journal : journals) {
            journal.tallies.forEach((account, tally) -> {
                Map<String, BigInteger> some = new HashMap<>(tally.balances);
                some.values().removeIf(balance -> balance.signum() == 0);
                if (!some.isEmpty() && !account.startsWith(CLEARING)) {
                    Check.that(all.put(account, some) == null, "an account lives on two shards", account);
                }
            });
        }
        return all;
    }

    private void checkPair(int shard, String account, Tally tally) {
        String[] parts = account.split("/", -1);
        String asset = parts[2];
        Tally other = journals.get(Integer.parseInt(parts[1])).tallies.get(CLEARING + shard + "/" + asset);
        BigInteger there = other == null ? BigInteger.ZERO : other.balances.getOrDefault(asset, BigInteger.ZERO);
        BigInteger here = tally.balances.getOrDefault(asset, BigInteger.ZERO);
        Check.that(here.add(there).signum() == 0, "two clearing accounts do not net to zero", shard + " " + account);
    }

    private void add(Journal journal, Posting posting) {
        Tally tally = journal.tallies.computeIfAbsent(posting.account(), created -> new Tally());
        Check.equal(posting.version(), ++tally.version, "the version", posting);
        BigInteger balance = tally.balances.merge(posting.asset(), posting.amount(), BigInteger::add);
        Check.equal(posting.balance(), balance, "the balance", posting);
        Map<String, BigInteger> sums = posting.account().startsWith(CLEARING) ? cleared : owned;
        sums.merge(posting.asset(), posting.amount(), BigInteger::add);
    }

    private void move(Transit transit, boolean arriving) {
        TransferTerms terms = switch (transit) {
            case Transit.AssetAnnouncement announcement -> null;
            case Transit.TransferCredit t -> t.terms();
            case Transit.TransferReturn t -> t.terms();
        };
        if (terms != null) {
            BigInteger amount = terms.amount().minorUnits();
            moving.merge(terms.asset(), arriving ? amount.negate() : amount, BigInteger::add);
        }
    }
}
