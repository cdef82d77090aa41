package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.state.KeyedHash;
import io.pacioli.ledger.core.Decision;
import io.pacioli.ledger.core.Due;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Input;
import io.pacioli.ledger.core.InvariantViolation;
import io.pacioli.ledger.core.Ledger;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.core.Router;
import io.pacioli.ledger.core.Transit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * All shards of a ledger on the heap, with the messages between them: the ledger's own rules, and nowhere that anything could be written
 * to. Memory is bounded by the accounts and by what the ledger itself remembers. Not thread safe.
 */
final class MemoryLedger {
    /** Nothing is written, and no history compared. */
    private static final byte[] NO_RECORD = {};

    /** A message that takes the place of none on record. */
    private static final long UNRECORDED = 0;

    private final Ledger ledger;
    private final List<ShardBooks> books;
    private final List<List<ArrayDeque<Message>>> channels = new ArrayList<>();
    private final ArrayDeque<Message> urgent = new ArrayDeque<>();
    private final int[] dueInARow;
    private final Listener listener;

    /** Hears what is decided. */
    interface Listener {
        /** An entry was decided and applied, with no place in any journal. */
        void journaled(Entry entry);

        /**
         * A message that is not on record is delivered.
         *
         * @param sender the cause of what has sent it
         * @return the cause of what it leads to
         */
        String arrives(Transit transit, String sender, long atMillis);

        /** The outcome of a command of that shard. */
        void decided(int shard, Outcome outcome);
    }

    /** A message under way. */
    private static final class Message {
        private final OnTheirWay.Message sent;
        private long recorded = UNRECORDED;

        Message(OnTheirWay.Message sent) {
            this.sent = sent;
        }

        Transit transit() {
            return sent.transit();
        }
    }

    MemoryLedger(Router router, KeyedHash hash, Listener listener) {
        this(router, empty(router, hash), listener);
    }

    /** Goes on from where each shard of a ledger has got. */
    MemoryLedger(Router router, List<ShardBooks> books, Listener listener) {
        ledger = new Ledger(router);
        this.books = List.copyOf(books);
        this.listener = listener;
        dueInARow = new int[router.shards()];
        for (int shard = 0; shard < router.shards(); shard++) {
            List<ArrayDeque<Message>> own = new ArrayList<>();
            for (int to = 0; to < router.shards(); to++) {
                own.add(new ArrayDeque<>());
            }
            channels.add(own);
        }
    }

    private static List<ShardBooks> empty(Router router, KeyedHash hash) {
        Ledger ledger = new Ledger(router);
        List<ShardBooks> books = new ArrayList<>();
        for (int shard = 0; shard < router.shards(); shard++) {
            books.add(new ShardBooks(shard, router, ledger, hash));
        }
        return books;
    }

    List<ShardBooks> books() {
        return books;
    }

    /**
     * Delivers messages that shards have sent before, and all that they lead to.
     *
     * @param onTheirWay what no shard has received yet, those of each channel in the order of their numbers
     */
    void deliver(List<OnTheirWay.Message> onTheirWay) {
        onTheirWay.forEach(this::send);
        finish(List.of());
    }

    /**
     * Decides a command, and before it what is due by its time.
     *
     * @param recorded the messages that it led to on record: those like them wait for {@link #receive}, all others go at once
     */
    void command(int shard, Input.CommandInput input, List<Transit> recorded) {
        decideWhatIsDue(shard, input.atMillis());
        decide(shard, input);
        books.get(shard).commandDecided();
        finish(recorded);
    }

    /** Decides a command that was a repeated one on record; whether it was none here. */
    boolean repeated(int shard, Input.CommandInput input) {
        if (books.get(shard).remembers(input)) {
            return false;
        }
        command(shard, input, List.of());
        return true;
    }

    void configure(int shard, Input.ConfigurationInput input) {
        decide(shard, input);
    }

    /** Whether something will fall due on a shard. */
    boolean isDue(int shard, Due due) {
        return books.get(shard).state().has(due);
    }

    /** Decides what is due up to something that was due on record. */
    void due(int shard, Due last, List<Transit> recorded) {
        Due first = books.get(shard).state().firstDue();
        while (first != null && first.compareTo(last) <= 0) {
            dueInARow[shard]++;
            decide(shard, new Input.DueInput(first));
            first = books.get(shard).state().firstDue();
        }
        finish(recorded);
    }

    /** It is the time at which a message arrived on record: so does what takes its place, and what has to come before that. */
    void receive(int shard, Input.TransitInput input, List<Transit> recorded) {
        Transit arrived = input.transit();
        ArrayDeque<Message> channel = channels.get(arrived.from()).get(shard);
        decideWhatIsDue(shard, input.atMillis());
        Message head = channel.peek();
        while (head != null && head.recorded <= arrived.number()) {
            channel.remove();
            decide(shard, new Input.TransitInput(head.transit(), input.cause(), input.atMillis()));
            head = channel.peek();
        }
        finish(recorded);
    }

    private void decideWhatIsDue(int shard, long atMillis) {
        Input.DueInput due = Ledger.due(books.get(shard).state(), atMillis);
        while (due != null && dueInARow[shard] < Ledger.DUE_PER_INPUT_MAX) {
            dueInARow[shard]++;
            decide(shard, due);
            due = Ledger.due(books.get(shard).state(), atMillis);
        }
        dueInARow[shard] = 0;
    }

    private void decide(int shard, Input input) {
        ShardBooks own = books.get(shard);
        try {
            if (!(ledger.decide(input, own.state()) instanceof Decision.Journaled decision)) {
                return;
            }
            for (Entry entry : decision.entries()) {
                own.apply(entry, own.last(), NO_RECORD, 0);
                listener.journaled(entry);
            }
            for (Transit transit : decision.transit()) {
                send(new OnTheirWay.Message(transit, input.cause(), input.atMillis()));
            }
            Outcome outcome = decision.outcome();
            if (outcome != null) {
                listener.decided(shard, outcome);
            }
        } catch (InvariantViolation e) {
            throw new AuditException(
                    "cannot be decided in this way: " + input.cause() + " on shard " + shard + ": " + e.getMessage(),
                    e);
        }
    }

    private void send(OnTheirWay.Message sent) {
        Message message = new Message(sent);
        channel(message).add(message);
        urgent.add(message);
    }

    private ArrayDeque<Message> channel(Message message) {
        return channels.get(message.transit().from()).get(message.transit().to());
    }

    /** Of the messages that were sent, those on record wait; the others are delivered, with what they lead to. */
    private void finish(List<Transit> recorded) {
        for (Message message : urgent) {
            message.recorded = recordedNumber(message.transit(), recorded);
        }
        while (!urgent.isEmpty()) {
            deliver(channel(urgent.remove()));
        }
        // Behind one that waited there may be some that waited for it only.
    }

    private void deliver(ArrayDeque<Message> channel) {
        Message head = channel.peek();
        while (head != null && head.recorded == UNRECORDED) {
            channel.remove();
            OnTheirWay.Message sent = head.sent;
            int shard = sent.transit().to();
            decideWhatIsDue(shard, sent.atMillis());
            String cause = listener.arrives(sent.transit(), sent.cause(), sent.atMillis());
            decide(shard, new Input.TransitInput(sent.transit(), cause, sent.atMillis()));
            head = channel.peek();
        }
    }

    private static long recordedNumber(Transit transit, List<Transit> recorded) {
        return recorded.stream()
                .filter(one -> one.to() == transit.to()
                        && one.type().equals(transit.type())
                        && one.commandId().equals(transit.commandId()))
                .mapToLong(Transit::number)
                .findFirst()
                .orElse(UNRECORDED);
    }
}
