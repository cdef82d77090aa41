package io.pacioli.ledger.projection.redis;

import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.core.Posting;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;

/**
 * What every account had at every position, summed from the amounts of the journal's postings; the balances that they tell, which
 * the projection goes by, are not looked at. One thread adds, any may ask.
 */
final class History {
    private final TestLedger ledger;
    private final int[] read;
    private final AtomicLongArray sequences;
    private final Map<Place, NavigableMap<Long, Map<String, Holding>>> accounts = new ConcurrentHashMap<>();

    private record Place(int shard, String account) {}

    History(TestLedger ledger) {
        this.ledger = ledger;
        this.read = new int[ledger.shards()];
        this.sequences = new AtomicLongArray(ledger.shards());
    }

    /** Adds what the ledger has journaled since the last time. */
    void extend() {
        for (int shard = 0; shard < read.length; shard++) {
            List<byte[]> journal = ledger.journal(shard);
            for (byte[] sealed : journal.subList(read[shard], journal.size())) {
                add(JournalCodec.decode(sealed).entry());
            }
            read[shard] = journal.size();
        }
    }

    private void add(Entry entry) {
        for (Posting posting : entry.postings()) {
            NavigableMap<Long, Map<String, Holding>> states = states(entry.shard(), posting.account());
            Map<String, Holding> after =
                    states.isEmpty() ? new HashMap<>() : new HashMap<>(states.lastEntry().getValue());
            after.merge(
                    posting.asset(),
                    Holding.empty(posting.asset()).with(posting.bucket(), posting.amount()),
                    (before, change) -> before.with(
                            posting.bucket(), before.balance(posting.bucket()).add(posting.amount())));
            states.put(entry.sequence(), after);
        }
        if (entry.event() instanceof Event.AccountOpened opened) {
            states(entry.shard(), opened.account()).putIfAbsent(entry.sequence(), Map.of());
        }
        sequences.set(entry.shard(), entry.sequence());
    }

    private NavigableMap<Long, Map<String, Holding>> states(int shard, String account) {
        return accounts.computeIfAbsent(new Place(shard, account), place -> new ConcurrentSkipListMap<>());
    }

    /** The last entry of a shard that has been added. */
    long sequence(int shard) {
        return sequences.get(shard);
    }

    /** What an account had, by asset and without what is nothing; empty when there was no such account yet. */
    Optional<Map<String, Holding>> holdings(String account, Position at) {
        return Optional.ofNullable(accounts.get(new Place(at.shard(), account)))
                .map(states -> states.floorEntry(at.sequence()))
                .map(state -> {
                    Map<String, Holding> holdings = new HashMap<>(state.getValue());
                    holdings.values().removeIf(Holding::isEmpty);
                    return holdings;
                });
    }

    /** Who had the most of an asset. */
    List<Leader> leaders(String asset, List<Position> at, int limit) {
        List<Leader> leaders = new ArrayList<>();
        for (Place place : accounts.keySet()) {
            BigInteger total = holdings(place.account(), at.get(place.shard()))
                    .map(holdings -> holdings.getOrDefault(asset, Holding.empty(asset)))
                    .map(Holding::total)
                    .orElse(BigInteger.ZERO);
            if (!AccountId.isSystem(place.account()) && total.signum() != 0) {
                leaders.add(new Leader(0, place.account(), total));
            }
        }
        leaders.sort(Comparator.comparing(Leader::total).reversed().thenComparing(Leader::account));
        return IntStream.range(0, Math.min(limit, leaders.size()))
                .mapToObj(i -> leaders.get(i).ranked(i + 1))
                .toList();
    }
}
