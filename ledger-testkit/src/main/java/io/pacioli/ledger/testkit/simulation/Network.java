package io.pacioli.ledger.testkit.simulation;

import io.pacioli.ledger.core.Transit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** What is between shards: in order within each channel, in any order between channels. */
final class Network {
    private static final int DELIVERED_KEPT_MAX = 64;

    private final int shards;
    private final List<Deque<Transit>> channels = new ArrayList<>();
    private final List<Deque<Transit>> busy = new ArrayList<>();
    private final List<Transit> delivered = new ArrayList<>();

    Network(int shards) {
        this.shards = shards;
        for (int i = 0; i < shards * shards; i++) {
            channels.add(new ArrayDeque<>());
        }
    }

    void send(Transit transit) {
        Deque<Transit> channel = channels.get(transit.from() * shards + transit.to());
        if (channel.isEmpty()) {
            busy.add(channel);
        }
        channel.add(transit);
    }

    boolean isQuiet() {
        return busy.isEmpty();
    }

    /** The oldest message of any channel, at random. */
    Transit receive(SplittableRandom random) {
        int index = random.nextInt(busy.size());
        Deque<Transit> channel = busy.get(index);
        Transit transit = channel.remove();
        if (channel.isEmpty()) {
            Deque<Transit> last = busy.removeLast();
            if (index < busy.size()) {
                busy.set(index, last);
            }
        }
        if (delivered.size() < DELIVERED_KEPT_MAX) {
            delivered.add(transit);
        } else {
            delivered.set(random.nextInt(DELIVERED_KEPT_MAX), transit);
        }
        return transit;
    }

    /** A message that was delivered before, or null when there is none. */
    @Nullable
    Transit duplicate(SplittableRandom random) {
        return delivered.isEmpty() ? null : delivered.get(random.nextInt(delivered.size()));
    }
}
