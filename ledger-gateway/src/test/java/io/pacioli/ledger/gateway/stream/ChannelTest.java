package io.pacioli.ledger.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ChannelTest {
    private final long seed = Long.getLong("seed", System.nanoTime());

    @Test
    void tellsWhatComesAfterAnySequenceThatItIsCompleteFor() {
        SplittableRandom random = new SplittableRandom(seed);
        Channel channel = new Channel(10);
        List<Long> added = new ArrayList<>();
        long sequence = 10;
        assertThat(channel.after(10, 5)).isEmpty();
        for (int i = 0; i < 5_000; i++) {
            sequence += 1 + random.nextInt(3);
            channel.add(sequence);
            added.add(sequence);
            long after = channel.completeAfter() + random.nextLong(sequence - channel.completeAfter() + 2);
            int max = 1 + random.nextInt(2_000);
            assertThat(channel.after(after, max))
                    .as("seed %s", seed)
                    .containsExactly(added.stream()
                            .filter(one -> one > after)
                            .limit(max)
                            .mapToLong(Long::longValue)
                            .toArray());
        }
    }

    @Test
    void forgetsTheOldestWhenItIsFull() {
        Channel channel = new Channel(0);
        for (long sequence = 1; sequence <= 1_024; sequence++) {
            channel.add(sequence);
        }
        assertThat(channel.completeAfter()).isZero();
        channel.add(1_025);
        assertThat(channel.completeAfter()).isEqualTo(1);
        assertThat(channel.after(1, 2)).containsExactly(2, 3);
    }
}
