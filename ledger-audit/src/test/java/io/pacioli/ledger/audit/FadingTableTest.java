package io.pacioli.ledger.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.api.state.KeyedHash;
import io.pacioli.ledger.core.Memory;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FadingTableTest {
    @SuppressWarnings("ArrayRecordComponent") // Compared by identity.
    private record Put(long hash, long until, byte[] value) {}

    /** Against a map and a queue, with hashes that meet in their low bits and values that are put again. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void findsWhatIsRememberedAndForgetsTheRest(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        FadingTable table = new FadingTable();
        Map<Long, Put> expected = new HashMap<>();
        Deque<Put> order = new ArrayDeque<>();
        for (long now = 0; now < 60_000; now++) {
            long hash = (new KeyedHash(9).of(now, 0) & ~0x3fL) | random.nextInt(4);
            if (random.nextInt(10) == 0 && !order.isEmpty()) {
                hash = order.getLast().hash;
            }
            byte[] value = new byte[random.nextInt(60)];
            random.nextBytes(value);
            Put put = new Put(hash, now + 5_000, value);
            table.put(hash, new Memory(put.until, Long.MAX_VALUE), value);
            expected.put(hash, put);
            order.add(put);
            table.forget(0, now);
            while (order.getFirst().until < now) {
                Put over = order.removeFirst();
                expected.remove(over.hash, over);
                assertThat(expected.get(over.hash)).isNotSameAs(over);
            }
            if (now % 5_000 == 0) {
                check(table, expected);
            }
        }
        check(table, expected);
        assertThat(table.bytes()).isLessThan(2_000_000);
    }

    private static void check(FadingTable table, Map<Long, Put> expected) throws Exception {
        assertThat(table.size()).isEqualTo(expected.size());
        for (Put put : expected.values()) {
            assertThat(table.get(put.hash)).isEqualTo(put.value);
            assertThat(table.memory()).isEqualTo(new Memory(put.until, Long.MAX_VALUE));
        }
        assertThat(table.get(4711)).isNull();
        Map<Long, byte[]> seen = new HashMap<>();
        table.forEach((hash, untilMillis, untilSequence, value) -> seen.put(hash, value));
        assertThat(seen.keySet()).isEqualTo(expected.keySet());
    }

    /** However long it goes on, it takes no more than what it remembers. */
    @Test
    void doesNotGrowWithTime() {
        FadingTable table = new FadingTable();
        KeyedHash hash = new KeyedHash(1);
        long most = 0;
        for (long now = 0; now < 2_000_000; now++) {
            table.put(
                    hash.of(now, 1),
                    new Memory(Long.MAX_VALUE, now + 10_000),
                    ByteBuffer.allocate(20).array());
            table.forget(now, 0);
            if (now == 100_000) {
                most = table.bytes();
            }
        }

        assertThat(table.size()).isBetween(9_900, 10_100);
        assertThat(table.bytes()).isLessThanOrEqualTo(most + (1 << 18));
        assertThat(table.bytes() / 10_000).isLessThan(130);
    }

    @Test
    void hashesOfDifferentKeysDiffer() {
        KeyedHash one = new KeyedHash(1);
        KeyedHash other = new KeyedHash(2);

        assertThat(one.of("c1")).isEqualTo(new KeyedHash(1).of("c1")).isNotEqualTo(other.of("c1"));
        assertThat(one.of("")).isNotEqualTo(one.of("\0"));
        assertThat(one.of("0123456789abcdef")).isNotEqualTo(one.of("0123456789abcdeg"));
        assertThat(one.of(1, 2)).isNotEqualTo(one.of(2, 1));
    }
}
