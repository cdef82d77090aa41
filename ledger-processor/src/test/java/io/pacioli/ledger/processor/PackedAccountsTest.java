package io.pacioli.ledger.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.api.state.KeyedHash;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PackedAccountsTest {
    private static final int CHUNK_BYTES = 1 << 18;

    /** A chunk has room for so many of a hundred bytes, and the least ring has one full chunk besides the one that is written. */
    private static final int OF_100_BYTES_MIN = 2_300;

    private final KeyedHash hash = new KeyedHash(20_261_127);

    @ParameterizedTest
    @ValueSource(longs = {700_000, 1_500_000, 40_000_000})
    void givesWhatWasPutLast(long bytesMax) {
        int lost = compareWithMap(new PackedAccounts(bytesMax, hash::of), 100, OF_100_BYTES_MIN, 30_000, 400_000);
        assertThat(lost > 0).isEqualTo(bytesMax < 2_000_000);
    }

    /** So small that the index is full before the ring is. */
    @Test
    void givesWhatWasPutLastWhenTheIndexIsFull() {
        int lost = compareWithMap(new PackedAccounts(700_000, hash::of), 8, 0, 30_000, 400_000);
        assertThat(lost).isPositive();
    }

    /** All ids have one of a few hashes: whatever stands in the way of another is the other's, too. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 0x3f, -1L << 32})
    void idsOfTheSameHashAreNotTakenForEachOther(long mask) {
        ToLongFunction<byte[]> poor = key -> hash.of(key) & mask;
        compareWithMap(new PackedAccounts(700_000, poor), 100, OF_100_BYTES_MIN, 200, 50_000);
    }

    @Test
    void aPlaceFarBackIsFoundAgain() {
        long place = PackedAccounts.place((1 << 16) - 1, CHUNK_BYTES - 8);
        assertThat(PackedAccounts.location(PackedAccounts.entry(-1, place))).isEqualTo((1L << 34) - 8);
        assertThat(PackedAccounts.location(PackedAccounts.entry(0, 0))).isZero();
    }

    /**
     * @param lengthMax of an account, in bytes
     * @param keptMin how many steps something stays at least
     * @return how often something had given way
     */
    private static int compareWithMap(PackedAccounts packed, int lengthMax, int keptMin, int ids, int steps) {
        Map<String, byte[]> expected = new HashMap<>();
        Map<String, Integer> since = new HashMap<>();
        SplittableRandom random = new SplittableRandom(ids);
        int lost = 0;
        for (int i = 0; i < steps; i++) {
            String id = "k" + random.nextInt(ids);
            byte[] got = packed.get(id);
            if (got != null) {
                assertThat(got).isEqualTo(expected.get(id));
            } else if (expected.containsKey(id)) {
                lost++;
                assertThat(i - since.getOrDefault(id, i)).isGreaterThan(keptMin);
            }
            if (random.nextInt(3) > 0) {
                byte[] account = new byte[random.nextInt(lengthMax)];
                random.nextBytes(account);
                packed.put(id, account);
                expected.put(id, account);
                if (got == null) {
                    since.put(id, i);
                }
            }
        }
        int found = 0;
        for (String id : expected.keySet()) {
            found += packed.get(id) == null ? 0 : 1;
        }
        assertThat(packed.size()).isEqualTo(found);
        return lost;
    }

    @Test
    void keepsAllThatFit() {
        PackedAccounts packed = new PackedAccounts(16 << 20, hash::of);
        byte[] account = new byte[44];
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 170_000; i++) {
                account[0] = (byte) round;
                packed.put("account-" + i, account);
            }
        }
        for (int i = 0; i < 170_000; i++) {
            assertThat(packed.get("account-" + i)).isNotNull().startsWith(19);
        }
    }

    /** Small ones fill the index before they fill the ring: then the ring is not made any larger, as that would be for nothing. */
    @Test
    void takesNoMemoryThatAFullIndexHasNoUseFor() {
        long bytesMax = 4 << 20;
        PackedAccounts packed = new PackedAccounts(bytesMax, hash::of);
        int count = 500_000;
        for (int i = 0; i < count; i++) {
            packed.put("k" + i, new byte[] {(byte) i});
            assertThat(packed.bytes()).isLessThanOrEqualTo(bytesMax * 3 / 4);
        }
        assertThat(packed.get("k0")).isNull();
        for (int i = count - 60_000; i < count; i++) {
            assertThat(packed.get("k" + i)).containsExactly((byte) i);
        }
    }

    /** What cannot be kept must not leave behind what was there before. */
    @Test
    void forgetsWhatHasGrownTooLarge() {
        PackedAccounts packed = new PackedAccounts(4 * CHUNK_BYTES);
        byte[] largest = new byte[PackedAccounts.ACCOUNT_BYTES_MAX];
        Arrays.fill(largest, (byte) 7);
        packed.put("a", largest);
        packed.put("b", new byte[] {1});
        assertThat(packed.get("a")).isEqualTo(largest);
        packed.put("a", new byte[PackedAccounts.ACCOUNT_BYTES_MAX + 1]);
        assertThat(packed.get("a")).isNull();
        assertThat(packed.get("b")).containsExactly(1);
    }

    @Test
    void keepsNothingWithoutMemory() {
        PackedAccounts packed = new PackedAccounts(CHUNK_BYTES);
        assertThat(packed.keepsAny()).isFalse();
        packed.put("a", new byte[] {1});
        assertThat(packed.get("a")).isNull();
        assertThat(packed.size()).isZero();
    }

    @Test
    void takesNoMemoryBeforeItIsNeeded() {
        PackedAccounts packed = new PackedAccounts(1L << 40);
        assertThat(packed.bytes()).isLessThan(CHUNK_BYTES);
        packed.put("a", new byte[] {1});
        assertThat(packed.bytes()).isBetween((long) CHUNK_BYTES, 2L * CHUNK_BYTES);
        assertThat(packed.get("a")).containsExactly(1);
    }
}
