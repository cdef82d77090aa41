package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.state.KeyedHash;
import io.pacioli.ledger.core.Transit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The messages between shards, two ways: as decisions send them and as they stand on the transit topic. Both come in the order of their
 * numbers, so each is compared with the other as soon as both are known, and only what is known one way is kept: 16 bytes for each message
 * that is under way between the two replays. Thread safe.
 */
final class Channels {
    private final KeyedHash hash;
    private final Findings findings;
    private final String topic;
    private final @Nullable Channel[] channels;
    private final int shards;
    private final boolean[] blind;

    Channels(KeyedHash hash, Findings findings, String topic, int shards) {
        this.hash = hash;
        this.findings = findings;
        this.topic = topic;
        this.shards = shards;
        channels = new Channel[shards * shards];
        blind = new boolean[shards];
    }

    /** The decision at that place of the sender's journal has sent a message. */
    void sent(Transit transit, byte[] message, long sequence) {
        channel(transit.from(), transit.to()).sent(transit.number(), hash.of(message), sequence);
    }

    /**
     * A message stands on the topic, in the partition of the shard that it is for.
     *
     * @param partition where it stands
     */
    void seen(Transit transit, byte[] message, int partition, long offset, long atMillis) {
        String place = "message " + transit.number() + " from shard " + transit.from();
        if (transit.to() != partition || transit.from() >= shards || transit.from() == partition) {
            add(
                    partition,
                    offset,
                    atMillis,
                    "must be from a shard to another one",
                    "to " + partition,
                    place + " to " + transit.to());
            return;
        }
        channel(transit.from(), partition).seen(transit.number(), hash.of(message), offset, atMillis);
    }

    /** Messages up to that number were sent, and compared with the topic, by an earlier audit. */
    void restoreSent(int from, int to, long sent) {
        channel(from, to).restoreSent(sent);
    }

    /** Messages up to that number stand before the place where this audit begins to read the topic. */
    void restoreReceived(int from, int to, long received) {
        channel(from, to).restoreReceived(received);
    }

    /** A shard's journal is not read on: nobody can say any more what it has sent. */
    synchronized void blind(int shard) {
        blind[shard] = true;
    }

    private synchronized boolean isBlind(int shard) {
        return blind[shard];
    }

    /** What the topic has so far must have been sent by decisions: from now on {@link #isBehind} tells whether it was. */
    void requireSent() {
        forEach(Channel::requireSent);
    }

    /** Whether a shard's journal, as far as it was replayed, has not sent all that was required. */
    boolean isBehind(int from) {
        for (int to = 0; to < shards; to++) {
            Channel channel = peek(from, to);
            if (channel != null && channel.isBehind()) {
                return true;
            }
        }
        return false;
    }

    /** The journals were read on: what is required and was not sent is a finding. */
    void finishSent() {
        forEach(Channel::finishSent);
    }

    /** What decisions have sent so far must be on the topic, see {@link #finishSeen}. */
    void requireSeen() {
        forEach(Channel::requireSeen);
    }

    /** Whether all that is required is on the topic, as far as it was read, or is known not to come. */
    boolean isAllSeen() {
        for (int from = 0; from < shards; from++) {
            for (int to = 0; to < shards; to++) {
                Channel channel = peek(from, to);
                if (channel != null && channel.isUnseen()) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The topic was read on: what is required and is not there is a finding. */
    void finishSeen() {
        forEach(Channel::finishSeen);
    }

    /** How many messages that shard's replay is ahead of the topic. */
    long ahead(int from) {
        long ahead = 0;
        for (int to = 0; to < shards; to++) {
            Channel channel = peek(from, to);
            ahead += channel == null ? 0 : channel.ahead();
        }
        return ahead;
    }

    private void forEach(Consumer<Channel> action) {
        for (int from = 0; from < shards; from++) {
            for (int to = 0; to < shards; to++) {
                Channel channel = peek(from, to);
                if (channel != null) {
                    action.accept(channel);
                }
            }
        }
    }

    private synchronized @Nullable Channel peek(int from, int to) {
        return channels[from * shards + to];
    }

    private synchronized Channel channel(int from, int to) {
        int at = from * shards + to;
        Channel known = channels[at];
        if (known == null) {
            known = new Channel(from, to);
            channels[at] = known;
        }
        return known;
    }

    private void add(int shard, long offset, long atMillis, String message, String expected, String found) {
        findings.add(
                new Finding(Finding.Kind.MESSAGE, topic, shard, 0, offset, atMillis, null, message, expected, found));
    }

    /** One way between two shards. */
    private final class Channel {
        private final int from;
        private final int to;
        private final LongQueue waiting = new LongQueue();
        private long sent;
        private long seen;
        private long proven;
        private long requiredSent;
        private long requiredSeen;
        private boolean broken;

        Channel(int from, int to) {
            this.from = from;
            this.to = to;
        }

        synchronized void restoreSent(long sentBefore) {
            sent = sentBefore;
            proven = sentBefore;
        }

        synchronized void restoreReceived(long receivedBefore) {
            seen = receivedBefore;
        }

        synchronized void requireSent() {
            requiredSent = seen;
        }

        synchronized boolean isBehind() {
            return !broken && Math.max(sent, proven) < requiredSent;
        }

        synchronized void finishSent() {
            if (isBehind() && !isBlind(from)) {
                String rule = "message " + (sent + 1) + " from shard " + from + " must have been sent by a decision";
                add(to, waiting.second(), 0, rule, "", "a message that no entry has sent");
                broken = true;
            }
        }

        synchronized void requireSeen() {
            requiredSeen = sent;
        }

        synchronized boolean isUnseen() {
            return !broken && !isBlind(to) && seen < requiredSeen;
        }

        synchronized void finishSeen() {
            if (isUnseen()) {
                String rule = "message " + (seen + 1) + " from shard " + from + " must be on the topic";
                String expected = "the message of the entry at " + from + ":" + waiting.second();
                findings.add(new Finding(
                        Finding.Kind.MESSAGE, topic, to, 0, Finding.NO_OFFSET, 0, null, rule, expected, ""));
            }
        }

        synchronized long ahead() {
            return Math.max(0, sent - Math.max(seen, proven));
        }

        synchronized void sent(long number, long message, long sequence) {
            sent = number;
            if (broken || number <= proven) {
                return;
            }
            if (number > seen) {
                waiting.add(message, sequence);
            } else {
                compare(number, message, waiting.first(), sequence, waiting.second(), 0);
                waiting.remove();
            }
        }

        synchronized void seen(long number, long message, long offset, long atMillis) {
            if (broken) {
                return;
            }
            if (number != seen + 1) {
                broken = true;
                String rule = "messages from shard " + from + " must stand on the topic once each, in their order";
                add(to, offset, atMillis, rule, "number " + (seen + 1), "number " + number);
                return;
            }
            seen = number;
            if (number <= proven) {
                return;
            }
            if (number > sent) {
                waiting.add(message, offset);
            } else {
                compare(number, waiting.first(), message, waiting.second(), offset, atMillis);
                waiting.remove();
            }
        }

        private void compare(long number, long decided, long found, long sequence, long offset, long atMillis) {
            if (decided != found) {
                broken = true;
                add(
                        to,
                        offset,
                        atMillis,
                        "message " + number + " from shard " + from + " must be as it was decided",
                        "the message of the entry at " + from + ":" + sequence,
                        "another one");
            }
        }
    }

    /** Pairs of numbers, first in first out. */
    private static final class LongQueue {
        private long[] numbers = new long[16];
        private int head;
        private int size;

        long first() {
            return numbers[2 * head];
        }

        long second() {
            return numbers[2 * head + 1];
        }

        void add(long first, long second) {
            int capacity = numbers.length / 2;
            if (size == capacity) {
                long[] grown = new long[2 * numbers.length];
                for (int i = 0; i < size; i++) {
                    System.arraycopy(numbers, 2 * ((head + i) % capacity), grown, 2 * i, 2);
                }
                numbers = grown;
                head = 0;
                capacity *= 2;
            }
            int at = 2 * ((head + size++) % capacity);
            numbers[at] = first;
            numbers[at + 1] = second;
        }

        void remove() {
            head = (head + 1) % (numbers.length / 2);
            size--;
        }
    }
}
