package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.CommandRecord;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** The commands of a shard one by one, whether they have records of their own or stand in batches. Not thread safe. */
final class CommandCursor {
    private final Inflow records;
    private final Function<ConsumerRecord<byte[], byte[]>, List<CommandRecord.Part>> reading;
    private final Consumer<ConsumerRecord<byte[], byte[]>> done;

    private @Nullable ConsumerRecord<byte[], byte[]> record;
    private List<CommandRecord.Part> parts = List.of();
    private int next;
    private boolean hasDecided;

    /**
     * @param reading what a record holds, one command at least
     * @param done hears of each record whose commands were all taken
     */
    CommandCursor(
            Inflow records,
            Function<ConsumerRecord<byte[], byte[]>, List<CommandRecord.Part>> reading,
            Consumer<ConsumerRecord<byte[], byte[]>> done) {
        this.records = records;
        this.reading = reading;
        this.done = done;
    }

    /** The next command before the end, or null when none is here. */
    CommandRecord.@Nullable Part peek() {
        ConsumerRecord<byte[], byte[]> head = records.peek();
        if (head == null) {
            return null;
        }
        if (record == null || head.offset() != record.offset()) {
            record = head;
            parts = reading.apply(head);
            next = 0;
            hasDecided = false;
        }
        return parts.get(next);
    }

    /** Takes the next command, which must be here, and says which record it is of. */
    ConsumerRecord<byte[], byte[]> take() {
        ConsumerRecord<byte[], byte[]> taken = records.peek();
        if (taken == null || taken.offset() != offset()) {
            throw new IllegalStateException("what is taken must have been looked at");
        }
        if (++next == parts.size()) {
            record = null;
            records.take();
            done.accept(taken);
        }
        return taken;
    }

    /** The offset of the record that was looked at last, of which something is left. */
    long offset() {
        return record == null ? -1 : record.offset();
    }

    /** Whether commands of a record are taken and others are not. */
    boolean isWithinRecord() {
        return record != null && next > 0;
    }

    /** A command of this record has led to entries. What was due was decided before the first that did. */
    void decided() {
        hasDecided = true;
    }

    boolean hasDecided() {
        return hasDecided;
    }
}
