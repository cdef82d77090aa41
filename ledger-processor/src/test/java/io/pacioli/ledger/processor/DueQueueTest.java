package io.pacioli.ledger.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.core.Due;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DueQueueTest {
    private static final int MANY = 5 * DueQueue.READ_MAX;

    private final KeyValueStore<byte[], byte[]> store = MemoryStore.open();
    private final AtomicInteger ranges = new AtomicInteger();
    private final KeyValueStore<byte[], byte[]> counted = MemoryStore.counting(store, "range", ranges);
    private DueQueue queue = new DueQueue(counted);

    @Test
    void anEmptyStoreIsLookedAtOnce() {
        for (int i = 0; i < 10; i++) {
            assertThat(queue.first()).isNull();
            flush();
        }

        assertThat(ranges).hasValue(1);
    }

    /** What lies at the end of the Basic Multilingual Plane and beyond it sorts the other way round as strings. */
    @Test
    void theStoreHasTheOrderOfTheCore() {
        TreeSet<Due> model = new TreeSet<>();
        for (long atMillis : new long[] {0, 1, 255, 256, 1L << 32, Long.MAX_VALUE}) {
            for (Due.Kind kind : Due.Kind.values()) {
                for (String end : List.of("", "a", "\u00e9", "\uffee", "\ud83e\ude99", "\udbff\udffd")) {
                    add(new Due(atMillis, kind, "x" + end), model);
                }
            }
        }
        flush();

        for (Due due : model) {
            assertThat(queue.first()).isEqualTo(due);
            queue.remove(due);
        }
        assertThat(queue.first()).isNull();
    }

    @Test
    void theNeighboursInTheStoreAreNotDue() {
        store.put(StateKeys.HEADER, new byte[1]);
        store.put(StateKeys.replyTo("a"), new byte[1]);
        store.put(StateKeys.asset("A"), new byte[1]);

        assertThat(queue.first()).isNull();
    }

    @Test
    void whatComesAndGoesBetweenTwoFlushesIsNotWritten() {
        queue.add(due(1));
        queue.add(due(2));
        queue.remove(due(1));

        assertThat(queue.first()).isEqualTo(due(2));
        assertThat(flush()).isEqualTo(1);
        assertThat(MemoryStore.size(store)).isEqualTo(1);
        assertThat(flush()).isZero();
    }

    @Test
    void whatIsStoredAndComesAgainCanStillBeRemoved() {
        queue.add(due(1));
        flush();
        queue.add(due(1));
        queue.remove(due(1));
        assertThat(queue.first()).isNull();
        flush();

        assertThat(new DueQueue(store).first()).isNull();
    }

    @Test
    void whatGoesAndComesAgainIsThere() {
        queue.add(due(1));
        flush();
        queue.remove(due(1));
        queue.add(due(1));
        assertThat(queue.first()).isEqualTo(due(1));
        flush();

        assertThat(queue.first()).isEqualTo(due(1));
        assertThat(new DueQueue(store).first()).isEqualTo(due(1));
    }

    /** Nothing that was deleted is passed over twice: each read begins where the last one ended. */
    @Test
    void theStoreIsReadOnceFromItsBeginningToItsEnd() {
        for (int i = 0; i < MANY; i++) {
            queue.add(due(i));
        }
        flush();
        queue = new DueQueue(counted);
        ranges.set(0);

        for (int i = 0; i < MANY; i++) {
            assertThat(queue.first()).isEqualTo(due(i));
            queue.remove(due(i));
            if (i % 10 == 0) {
                flush();
            }
        }

        assertThat(queue.first()).isNull();
        assertThat(ranges.get()).isBetween(MANY / DueQueue.READ_MAX, MANY / DueQueue.READ_MAX + 1);
    }

    /** As with holds that are captured soon, each with an earlier end than the one before. */
    @Test
    void whatComesAndGoesAtTheBeginningCostsNoReads() {
        queue.add(due(MANY));
        flush();
        int before = ranges.get();
        for (int i = MANY - 1; i >= 0; i--) {
            queue.add(due(i));
            flush();
            assertThat(queue.first()).isEqualTo(due(i));
            queue.remove(due(i));
            flush();
            assertThat(queue.first()).isEqualTo(due(MANY));
        }

        assertThat(ranges.get() - before).isLessThanOrEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void theFirstIsTheFirstOfAll(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        TreeSet<Due> model = new TreeSet<>();
        for (int i = 0; i < 30_000; i++) {
            boolean isGrowing = i / MANY % 2 == 0;
            switch (random.nextInt(isGrowing ? 10 : 40)) {
                case 0 -> remove(random(random), model);
                case 1 -> flush();
                case 2 -> {
                    if (random.nextInt(20) == 0) {
                        flush();
                        queue = new DueQueue(counted);
                    }
                }
                case 3, 4, 5, 6, 7, 8, 9 -> add(random(random), model);
                default -> {
                    if (!model.isEmpty()) {
                        remove(random.nextInt(3) == 0 ? model.last() : model.first(), model);
                    }
                }
            }
            assertThat(queue.first())
                    .as("seed " + seed + " step " + i)
                    .isEqualTo(model.isEmpty() ? null : model.first());
        }
        flush();
        assertThat(MemoryStore.size(store)).isEqualTo(model.size());
        for (Due due : model) {
            assertThat(queue.first()).isEqualTo(due);
            queue.remove(due);
        }
        assertThat(queue.first()).isNull();
    }

    private void add(Due due, Set<Due> model) {
        queue.add(due);
        model.add(due);
    }

    private void remove(Due due, Set<Due> model) {
        queue.remove(due);
        model.remove(due);
    }

    /** Few enough that many come twice. */
    private static Due random(SplittableRandom random) {
        Due.Kind[] kinds = Due.Kind.values();
        return new Due(
                random.nextLong(2_000), kinds[random.nextInt(kinds.length)], Integer.toString(random.nextInt(3)));
    }

    private static Due due(long atMillis) {
        return new Due(atMillis, Due.Kind.HOLD_EXPIRY, "h");
    }

    /** How many records were written. */
    private int flush() {
        List<KeyValue<byte[], byte @Nullable []>> changes = new ArrayList<>();
        queue.flush(changes);
        MemoryStore.write(store, changes);
        return changes.size();
    }
}
