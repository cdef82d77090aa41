package io.pacioli.ledger.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.gateway.stream.OffsetIndex.Place;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OffsetSearchTest {
    private static final int ENTRIES = 200_000;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final TreeMap<Long, Long> sequences = new TreeMap<>();
    private long end;
    private int probes;

    /** A partition from some offset on, with markers, and now and then a long run of records that were aborted. */
    private long partition(long begin) {
        end = begin;
        for (long sequence = 1; sequence <= ENTRIES; sequence++) {
            sequences.put(end++, sequence);
            if (random.nextInt(10) == 0) {
                end++;
            }
            if (random.nextInt(20_000) == 0) {
                end += random.nextInt(30_000);
            }
        }
        return begin;
    }

    private Optional<Place> first(long from, long before) {
        probes++;
        Map.Entry<Long, Long> found = sequences.ceilingEntry(from);
        return found == null || found.getKey() >= before
                ? Optional.empty()
                : Optional.of(new Place(found.getValue(), found.getKey()));
    }

    private long find(long sequence, OffsetIndex index, long begin) {
        return OffsetSearch.find(sequence, index, begin, end, this::first);
    }

    /** It must not be behind the record, and no more than so many entries before it. */
    private void assertNear(long offset, long sequence) {
        long there = Objects.requireNonNull(sequences.ceilingEntry(offset)).getValue();
        assertThat(there)
                .as("sequence %s, seed %s", sequence, seed)
                .isLessThanOrEqualTo(sequence)
                .isGreaterThanOrEqualTo(sequence - OffsetSearch.NEAR - 1);
    }

    @Test
    void findsEverySequenceFromAnywhereInFewSteps() {
        long begin = partition(random.nextLong(1_000_000));
        for (int i = 0; i < 300; i++) {
            probes = 0;
            long sequence = 1 + random.nextLong(ENTRIES);
            assertNear(find(sequence, new OffsetIndex(), begin), sequence);
            assertThat(probes).isLessThan(20);
        }
        assertThat(find(1, new OffsetIndex(), begin)).isEqualTo(begin);
        assertNear(find(ENTRIES, new OffsetIndex(), begin), ENTRIES);
    }

    @Test
    void whatItCameByMakesTheNextSearchShorter() {
        long begin = partition(0);
        OffsetIndex index = new OffsetIndex();
        for (int i = 0; i < 2_000; i++) {
            long sequence = 1 + random.nextLong(ENTRIES);
            assertNear(find(sequence, index, begin), sequence);
        }
        probes = 0;
        for (int i = 0; i < 100; i++) {
            find(1 + random.nextLong(ENTRIES), index, begin);
        }
        assertThat(probes).isLessThan(100);
        assertThat(index.size()).isLessThanOrEqualTo(OffsetIndex.PLACES_MAX);
    }

    @Test
    void placesBeforeTheBeginningDoNotCount() {
        partition(0);
        OffsetIndex index = new OffsetIndex();
        index.add(new Place(10, 11));
        long begin = Objects.requireNonNull(sequences.ceilingKey(50_000L));
        assertThat(find(20, index, begin)).isGreaterThanOrEqualTo(begin);
    }

    @Test
    void anIndexThatIsFullKeepsPlacesAllOver() {
        OffsetIndex index = new OffsetIndex();
        for (long sequence = 1; sequence <= 100_000; sequence++) {
            index.add(new Place(sequence, 2 * sequence));
            assertThat(index.size()).isLessThanOrEqualTo(OffsetIndex.PLACES_MAX);
        }
        assertThat(index.atOrBefore(0)).isNull();
        assertThat(index.atOrAfter(100_001)).isNull();
        assertThat(Objects.requireNonNull(index.atOrBefore(50_000)).sequence()).isBetween(1L, 50_000L);
        assertThat(Objects.requireNonNull(index.atOrAfter(50_000)).offset()).isGreaterThanOrEqualTo(100_000);
    }
}
