package io.pacioli.ledger.projection.postgres;

import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.core.Counterparties;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.core.Posting;
import io.pacioli.ledger.core.TransferTerms;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Answers questions about a journal by looking through all of it. */
final class JournalModel {
    private final List<Entry> entries;

    /** A posting with its entry. */
    record Posted(Entry entry, Posting posting, @Nullable String counterparty) {
        String name() {
            return position(entry) + " " + posting.account() + " " + posting.version();
        }
    }

    JournalModel(List<ScriptedLedger.Journaled> journal) {
        entries = journal.stream()
                .map(record -> JournalCodec.decode(record.value()).entry())
                .toList();
    }

    static Position position(Entry entry) {
        return new Position(entry.shard(), entry.sequence());
    }

    static @Nullable String kind(Entry entry) {
        TransferTerms terms = entry.event().transfer();
        return terms == null ? null : terms.kind().wireName();
    }

    List<Entry> entries() {
        return entries;
    }

    /** Names of an account's postings, newest first. */
    List<String> ofAccount(Predicate<Posted> which) {
        return postings().stream()
                .filter(which)
                .sorted(Comparator.comparingLong(
                                (Posted posted) -> posted.entry().atMillis())
                        .thenComparingInt(posted -> posted.entry().shard())
                        .thenComparingLong(posted -> posted.posting().version())
                        .reversed())
                .map(Posted::name)
                .toList();
    }

    /** Names of the postings of an asset, newest first. */
    List<String> ofAsset(Predicate<Posted> which) {
        return postings().stream()
                .filter(posted -> !AccountId.isClearing(posted.posting().account()))
                .filter(which)
                .sorted(Comparator.comparingLong(
                                (Posted posted) -> posted.entry().atMillis())
                        .thenComparingInt(posted -> posted.entry().shard())
                        .thenComparingLong(posted -> posted.entry().sequence())
                        .thenComparing(posted -> posted.posting().account())
                        .thenComparingLong(posted -> posted.posting().version())
                        .reversed())
                .map(Posted::name)
                .toList();
    }

    /** Positions of entries, newest first. */
    List<String> journal(Predicate<Entry> which) {
        return entries.stream()
                .filter(which)
                .sorted(Comparator.comparingLong(Entry::atMillis)
                        .thenComparingInt(Entry::shard)
                        .thenComparingLong(Entry::sequence)
                        .reversed())
                .map(entry -> position(entry).toString())
                .toList();
    }

    List<Posted> postings() {
        List<Posted> postings = new ArrayList<>();
        for (Entry entry : entries) {
            Counterparties counterparties = Counterparties.of(entry);
            for (int i = 0; i < entry.postings().size(); i++) {
                postings.add(new Posted(entry, entry.postings().get(i), counterparties.of(i)));
            }
        }
        return postings;
    }

    /** What is left of the entries in each holding, by {@code account asset shard}; empty ones left out. */
    SortedMap<String, Holding> holdings(Predicate<Entry> which) {
        SortedMap<String, Holding> holdings = new TreeMap<>();
        for (Entry entry : entries) {
            if (which.test(entry)) {
                for (Posting posting : entry.postings()) {
                    String key = posting.account() + " " + posting.asset() + " " + entry.shard();
                    Holding before = holdings.getOrDefault(key, Holding.empty(posting.asset()));
                    Bucket bucket = posting.bucket();
                    holdings.put(key, before.with(bucket, before.balance(bucket).add(posting.amount())));
                }
            }
        }
        holdings.values().removeIf(Holding::isEmpty);
        return holdings;
    }

    /** The sum of all buckets of the holdings that a condition is true for. */
    static BigInteger sum(Map<String, Holding> holdings, Predicate<String> which) {
        return holdings.entrySet().stream()
                .filter(holding -> which.test(holding.getKey()))
                .map(holding -> holding.getValue().total())
                .reduce(BigInteger.ZERO, BigInteger::add);
    }

    /** The code of a rejection; null for other entries. */
    static @Nullable String code(Entry entry) {
        return entry.event() instanceof Event.CommandRejected rejected
                ? rejected.rejected().code().name()
                : null;
    }
}
