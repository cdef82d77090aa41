package io.pacioli.ledger.api;

import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Input;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Router;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * What a record of the command topic is to the shard that reads it. The one place that says so, for the processor and for whoever
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
     * Reads a record.
     *
     * @param cause its place, see {@link Cause#of}
     * @param atMillis its time
     * @param shard the shard that reads it
     */
    static CommandRecord read(
            byte @Nullable [] key,
            byte @Nullable [] value,
            org.apache.kafka.common.header.Headers headers,
            String cause,
            long atMillis,
            int shard,
            Router router) {
        if (Tick.is(value)) {
            return new OfTick();
        }
        try {
            requireSmallEnvelope(key, headers);
            if (value == null) {
                throw new MalformedException("record", "must have a value", "null");
            }
            Command command = CommandCodec.decode(value);
            String routingKey = command.routingKey();
            int home = router.shardOfKey(routingKey);
            if (home == shard) {
                return new Own(new Input.CommandInput(command, CommandCodec.fingerprint(command), cause, atMillis));
            }
            if (headers.lastHeader(Headers.FORWARDED_FROM) == null) {
                return new Misrouted(command, home);
            }
            // One that was passed on before would go in circles.
            String rule = "must not be on a record that is not on the shard of its routing key " + routingKey;
            return new Malformed(new MalformedException(Headers.FORWARDED_FROM, rule, cause));
        } catch (MalformedException e) {
            return new Malformed(e);
        }
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

    private static void requireSmallEnvelope(byte @Nullable [] key, org.apache.kafka.common.header.Headers headers) {
        long bytes = envelopeBytes(key, headers);
        if (bytes > ENVELOPE_BYTES_MAX) {
            String rule = "must have at most " + ENVELOPE_BYTES_MAX + " bytes of key and headers";
            throw new MalformedException("record", rule, Long.toString(bytes));
        }
    }
}
