package io.pacioli.ledger.audit;

import io.pacioli.ledger.core.Input;
import io.pacioli.ledger.core.Transit;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/** The messages between shards that one has sent and the other has not received. Not thread safe. */
final class OnTheirWay {
    /**
     * One of them.
     *
     * @param cause of what has sent it
     * @param atMillis when that was
     */
    record Message(Transit transit, String cause, long atMillis) {}

    private record Channel(int from, int to) {
        static Channel of(Transit transit) {
            return new Channel(transit.from(), transit.to());
        }
    }

    private final SortedMap<Channel, ArrayDeque<Message>> channels =
            new TreeMap<>(Comparator.comparingInt(Channel::from).thenComparingInt(Channel::to));

    /** The next input that a shard has read, with what it has led to; none comes before what has sent it. */
    void follow(RecordedInput.Decided decided) {
        Input input = decided.input();
        if (input instanceof Input.TransitInput received) {
            Objects.requireNonNull(channels.get(Channel.of(received.transit())), "nothing was sent")
                    .remove();
        }
        for (Transit transit : decided.decision().transit()) {
            channels.computeIfAbsent(Channel.of(transit), channel -> new ArrayDeque<>())
                    .add(new Message(transit, input.cause(), decided.atMillis()));
        }
    }

    /** Those that are still under way in the order of their times, which is that of each channel, too. */
    List<Message> messages() {
        return channels.values().stream()
                .flatMap(ArrayDeque::stream)
                .sorted(Comparator.comparingLong(Message::atMillis))
                .toList();
    }
}
