package io.pacioli.ledger.api;

import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Input;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Router;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * What a record of the command topic is to the shard that reads it, or one of the commands that it holds. The one place that says so, for the processor and for whoever
 * replays what it did.
 */
public sealed interface CommandRecord {
    /** Most bytes of a command's key and headers together: with it, a command that is passed on fits its topic. */
    int ENVELOPE_BYTES_MAX = 64 * 1024;

    /** Most bytes that the lengths of a header take besides its key and value. */
    int HEADER_OVERHEAD_BYTES = 10;

    /** It only says what time it is. */
    record OfTick() implements CommandRecord {}

    /** A command that this shard decides. */
    record Own(Input.CommandInput input) implements CommandRecord {}

    /** A command that must be passed on to the shard of its routing key. */
    record Misrouted(Command command, int home) implements CommandRecord {}

    /** No command, or one that has been passed on and is still where it does not belong: it goes to the dead letters. */
    record Malformed(MalformedException reason) implements CommandRecord {}

    /**
     * A command of a record.
     *
     * @param index its place in the batch, from 0; {@link Cause#NO_INDEX} when the record is no batch
     * @param cause the place of the record, with that of the command in it
     * @param value its JSON, which is the record's when that is no batch
     * @param what it is to the shard
     */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares parts.
    record Part(int index, String cause, byte @Nullable [] value, CommandRecord what) {}

    /**
     * Reads a record.
     *
     * @param cause its place, see {@link Cause#of}
     * @param atMillis its time
     * @param shard the shard that reads it
     * @return what it holds, in that order: the commands of a batch, or one
     */
    static List<Part> read(
            byte @Nullable [] key,
            byte @Nullable [] value,
            org.apache.kafka.common.header.Headers headers,
            String cause,
            long atMillis,
            int shard,
            Router router) {
        if (Tick.is(value)) {
            return List.of(new Part(Cause.NO_INDEX, cause, value, new OfTick()));
        }
        boolean isForwarded = headers.lastHeader(Headers.FORWARDED_FROM) != null;
        try {
            boolean isBatch = value != null && Batch.is(value);
            requireSmallEnvelope(key, headers, isBatch ? Batch.ENVELOPE_BYTES_MAX : ENVELOPE_BYTES_MAX);
            if (value == null) {
                throw new MalformedException("record", "must have a value", "null");
            }
            if (!isBatch) {
                return List.of(new Part(
                        Cause.NO_INDEX, cause, value, read(value, isForwarded, cause, atMillis, shard, router)));
            }
            List<byte[]> commands = Batch.split(value);
            List<Part> parts = new ArrayList<>(commands.size());
            for (byte[] command : commands) {
                String place = Cause.ofPart(cause, parts.size());
                parts.add(new Part(
                        parts.size(), place, command, read(command, isForwarded, place, atMillis, shard, router)));
            }
            return parts;
        } catch (MalformedException e) {
            return List.of(new Part(Cause.NO_INDEX, cause, value, new Malformed(e)));
        }
    }

    private static CommandRecord read(
            byte[] value, boolean isForwarded, String cause, long atMillis, int shard, Router router) {
        try {
            Command command = CommandCodec.decode(value);
            String routingKey = command.routingKey();
            int home = router.shardOfKey(routingKey);
            if (home == shard) {
                return new Own(new Input.CommandInput(command, CommandCodec.fingerprint(command), cause, atMillis));
            }
            if (!isForwarded) {
                return new Misrouted(command, home);
            }
            // One that was passed on before would go in circles.
            String rule = "must not be on a record that is not on the shard of its routing key " + routingKey;
            return new Malformed(new MalformedException(Headers.FORWARDED_FROM, rule, cause));
        } catch (MalformedException e) {
            return new Malformed(e);
        }
    }

    /** The headers that a part has: those of its record, and its index. */
    static RecordHeaders headers(org.apache.kafka.common.header.Headers record, int index) {
        RecordHeaders headers = new RecordHeaders(record);
        if (index != Cause.NO_INDEX) {
            headers.remove(Headers.BATCH_INDEX);
            headers.add(Headers.BATCH_INDEX, Headers.integer(index));
        }
        return headers;
    }

    /** Bytes of a record's key and headers. */
    static long envelopeBytes(byte @Nullable [] key, org.apache.kafka.common.header.Headers headers) {
        long bytes = key == null ? 0 : key.length;
        for (Header header : headers) {
            byte @Nullable [] value = header.value();
            bytes += HEADER_OVERHEAD_BYTES + Utils.utf8Length(header.key()) + (value == null ? 0L : value.length);
        }
        return bytes;
    }

    private static void requireSmallEnvelope(
            byte @Nullable [] key, org.apache.kafka.common.header.Headers headers, int bytesMax) {
        long bytes = envelopeBytes(key, headers);
        if (bytes > bytesMax) {
            String rule = "must have at most " + bytesMax + " bytes of key and headers";
            throw new MalformedException("record", rule, Long.toString(bytes));
        }
    }
}
