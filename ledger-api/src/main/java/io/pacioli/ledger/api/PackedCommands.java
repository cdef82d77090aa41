package io.pacioli.ledger.api;

import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Router;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Commands that go into one record: one as it is, more as a {@link Batch}.
 *
 * @param routingKey of the first, which places the record
 * @param numbers which of the commands that were to be packed are in it, in their order
 * @param value the record's
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares these.
record PackedCommands(String routingKey, List<Integer> numbers, byte[] value) {
    /** One command. */
    static PackedCommands of(Command command) {
        return new PackedCommands(command.routingKey(), List.of(0), CommandCodec.encode(command));
    }

    /** Packs commands into as few records as they fit in. Those of a shard stay in their order. */
    static List<PackedCommands> of(List<Command> commands, Router router) {
        List<PackedCommands> packed = new ArrayList<>();
        Map<Integer, Open> openOfShard = new LinkedHashMap<>();
        for (int number = 0; number < commands.size(); number++) {
            Command command = commands.get(number);
            int shard = router.shardOfKey(command.routingKey());
            byte[] value = CommandCodec.encode(command);
            Open open = openOfShard.get(shard);
            if (open == null || !Batch.hasRoom(open.numbers.size(), open.bytes, value.length)) {
                if (open != null) {
                    packed.add(open.close());
                }
                open = new Open(command.routingKey());
                openOfShard.put(shard, open);
            }
            open.add(number, value);
        }
        openOfShard.values().forEach(open -> packed.add(open.close()));
        return packed;
    }

    /** A record that takes more commands. */
    private static final class Open {
        private final String routingKey;
        private final List<Integer> numbers = new ArrayList<>();
        private final List<byte[]> values = new ArrayList<>();
        private long bytes;

        Open(String routingKey) {
            this.routingKey = routingKey;
        }

        void add(int number, byte[] value) {
            numbers.add(number);
            values.add(value);
            bytes += value.length;
        }

        PackedCommands close() {
            return new PackedCommands(
                    routingKey, List.copyOf(numbers), values.size() == 1 ? values.getFirst() : Batch.join(values));
        }
    }
}
