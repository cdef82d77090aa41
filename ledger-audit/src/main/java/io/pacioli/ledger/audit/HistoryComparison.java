package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.core.Account;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.core.Posting;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;

/**
 * Compares the entries and postings that a projection keeps of a shard with the journal, at the position where the replay stands: block by
 * block by their digests, and entry by entry in a block that differs. Of a history that goes back to some horizon only, what lies before is
 * left out, and the block that the horizon divides is compared entry by entry.
 */
final class HistoryComparison {
    /** Blocks that differ and are looked into; more are told as blocks. */
    private static final int BLOCKS_LOOKED_INTO_MAX = 8;

    private final String source;
    private final HistoryReading history;
    private final ShardBooks books;
    private final HistoryDigest digest;
    private final Findings findings;
    private final Reconciliation.Replays replays;
    private final long horizonMillis;
    private long entries;
    private long named;

    /** The first entry that is kept. */
    private long keptFrom = 1;

    /** Hears of the journal's records. */
    interface RecordVisitor {
        void record(Entry entry, Hash hash);
    }

    HistoryComparison(
            String source,
            HistoryReading history,
            ShardBooks books,
            Findings findings,
            Reconciliation.Replays replays) {
        this.source = source;
        this.history = history;
        this.books = books;
        this.findings = findings;
        this.replays = replays;
        digest = books.history();
        horizonMillis = history.horizonMillis();
    }

    /** How many entries the source does not keep any more. */
    long notKept() {
        return keptFrom - 1;
    }

    /** Returns how many entries the source has. */
    long run() {
        int blocks = digest.blocks();
        int firstWhole = firstWholeBlock();
        long[] digests = new long[blocks];
        history.entries(books.shard(), 1, Long.MAX_VALUE, (sequence, hash) -> {
            entries++;
            if (sequence < 1 || sequence > books.sequence()) {
                add(sequence, "must not have an entry that the journal does not have", "", "an entry");
            } else {
                digests[digest.block(sequence)] += digest.digest(sequence, hash);
            }
        });
        long[] postings = new long[blocks];
        history.postings(books.shard(), digest.blockEntries(), (block, count) -> {
            if (block < 0 || block >= blocks) {
                add(block * digest.blockEntries() + 1, "must not have postings behind its position", "", "" + count);
            } else {
                postings[(int) block] += count;
            }
        });
        if (firstWhole > 0) {
            keptFrom = Math.min(first(firstWhole), books.sequence() + 1);
            lookInto(firstWhole - 1);
        }
        int looked = 0;
        for (int block = firstWhole; block < blocks; block++) {
            if (digests[block] != digest.digestOf(block) || postings[block] != digest.postingsOf(block)) {
                long before = named;
                if (looked++ < BLOCKS_LOOKED_INTO_MAX) {
                    lookInto(block);
                }
                if (named == before) {
                    add(first(block), "must have the journal's entries up to " + last(block), "", "others");
                }
            }
        }
        if (keptFrom == 1) {
            compareSums();
        } else {
            compareKeptSums(firstWhole - 1);
        }
        return entries;
    }

    /** The first block that is kept from its beginning on; all behind it are. */
    private int firstWholeBlock() {
        int block = 0;
        while (block < digest.blocks() && digest.beginningOf(block) < horizonMillis) {
            block++;
        }
        return block;
    }

    private long first(int block) {
        return block * digest.blockEntries() + 1;
    }

    private long last(int block) {
        return Math.min((block + 1) * digest.blockEntries(), books.sequence());
    }

    /** Names the entries of a block that differ, by reading that part of the journal again. */
    private void lookInto(int block) {
        long from = first(block);
        long to = last(block);
        Map<Long, byte[]> hashes = new HashMap<>();
        Map<Long, Long> postings = new HashMap<>();
        history.entries(books.shard(), from, to, (sequence, hash) -> {
            if (hashes.put(sequence, hash) != null) {
                add(sequence, "must have an entry once", "1", "2");
            }
        });
        history.postingsOf(books.shard(), from, to, postings::put);
        replays.reread(books.shard(), digest.offsetOf(block), from, to, (entry, hash) -> {
            if (entry.atMillis() < horizonMillis) {
                return;
            }
            keptFrom = Math.min(keptFrom, entry.sequence());
            byte[] found = hashes.get(entry.sequence());
            if (found == null) {
                add(entry.sequence(), "must have each entry of the journal", hash.hex(), "");
            } else if (!Arrays.equals(found, hash.bytes())) {
                add(
                        entry.sequence(),
                        "must have the journal's hash",
                        hash.hex(),
                        HexFormat.of().formatHex(found));
            }
            long count = postings.getOrDefault(entry.sequence(), 0L);
            if (count != entry.postings().size()) {
                add(
                        entry.sequence(),
                        "must have all postings of an entry and no others",
                        entry.postings().size() + " postings",
                        count + " postings");
            }
        });
    }

    /** The postings of an account sum to its balance. */
    private void compareSums() {
        Set<String> seen = new HashSet<>();
        history.sums(books.shard(), (account, asset, bucket, sum) -> {
            seen.add(key(account, asset, bucket));
            Account known = books.state().account(account);
            Holding holding = known == null ? Holding.empty(asset) : known.holding(asset);
            compareSum(account, asset, bucket, holding.balance(bucket), sum);
        });
        for (Account account : books.state().accounts()) {
            for (Holding holding : account.holdings()) {
                for (Bucket bucket : Bucket.values()) {
                    String key = key(account.id(), holding.asset(), bucket);
                    if (holding.balance(bucket).signum() != 0 && !seen.contains(key)) {
                        compareSum(account.id(), holding.asset(), bucket, holding.balance(bucket), BigInteger.ZERO);
                    }
                }
            }
        }
    }

    /** Postings that are kept sum to those of the journal from the same entry on, which is read again from there. */
    private void compareKeptSums(int firstBlock) {
        Map<String, BigInteger> expected = new HashMap<>();
        replays.reread(books.shard(), digest.offsetOf(firstBlock), keptFrom, books.sequence(), (entry, hash) -> {
            if (entry.sequence() >= keptFrom) {
                for (Posting posting : entry.postings()) {
                    String key = key(posting.account(), posting.asset(), posting.bucket());
                    expected.merge(key, posting.amount(), BigInteger::add);
                }
            }
        });
        history.sums(books.shard(), (account, asset, bucket, sum) -> {
            BigInteger known = expected.remove(key(account, asset, bucket));
            compareSum(account, asset, bucket, known == null ? BigInteger.ZERO : known, sum);
        });
        expected.forEach((key, sum) -> {
            String[] parts = key.split(" ", -1);
            compareSum(parts[0], parts[1], Bucket.ofWireName(parts[2]), sum, BigInteger.ZERO);
        });
    }

    // Neither an account's id nor an asset's code has spaces.
    private static String key(String account, String asset, Bucket bucket) {
        return account + ' ' + asset + ' ' + bucket.wireName();
    }

    private void compareSum(String account, String asset, Bucket bucket, BigInteger expected, BigInteger found) {
        if (!expected.equals(found)) {
            findings.add(new Finding(
                    Finding.Kind.HISTORY,
                    source,
                    books.shard(),
                    books.sequence(),
                    Finding.NO_OFFSET,
                    books.atMillis(),
                    account + " " + asset + " " + bucket.wireName(),
                    keptFrom == 1
                            ? "the sum of its postings must be its balance"
                            : "the sum of its postings that are kept must be that of the journal",
                    Amount.digits(expected),
                    Amount.digits(found)));
        }
    }

    private void add(long sequence, String message, String expected, String found) {
        named++;
        findings.add(new Finding(
                Finding.Kind.HISTORY,
                source,
                books.shard(),
                sequence,
                Finding.NO_OFFSET,
                books.atMillis(),
                null,
                message,
                expected,
                found));
    }
}
