package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.testkit.workload.Workload;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A ledger in use: commands of all kinds, some twice, astray or malformed; messages late; settings changed. */
final class ScratchLife {
    private static final int THOUSAND = 1_000;

    private final SplittableRandom random;
    private final Workload workload;
    private final ScratchLedger ledger = new ScratchLedger(ScratchLedger.SHARDS, 3_000, 150);
    private final List<byte[]> recent = new ArrayList<>();
    private boolean livesOn;

    ScratchLife(long seed) {
        random = new SplittableRandom(seed);
        workload = new Workload(seed);
    }

    ScratchLedger ledger() {
        return ledger;
    }

    /** From now on it goes on while it is read. */
    void goesOn() {
        livesOn = true;
    }

    void goOn() {
        if (livesOn) {
            live(20);
        }
    }

    void live(int steps) {
        for (int i = 0; i < steps; i++) {
            step();
        }
    }

    private void step() {
        ledger.pass(random.nextInt(20));
        int dice = random.nextInt(THOUSAND);
        int shard = random.nextInt(ledger.shards());
        if (dice < 10) {
            ledger.write(shard, "no command".getBytes(StandardCharsets.UTF_8));
        } else if (dice < 40 && !recent.isEmpty()) {
            // To its own shard or to another, which passes it on.
            ledger.write(shard, recent.get(random.nextInt(recent.size())));
        } else if (dice < 60) {
            ledger.tick(shard);
        } else if (dice < 64) {
            ledger.configure(random.nextInt(1, 5_000), random.nextInt(1, 500));
        } else if (dice < 400) {
            ledger.deliver(shard);
        } else if (dice < 450) {
            ledger.write(shard, batch(shard));
        } else {
            Command command = next();
            ledger.write(ledger.shardOfKey(command.routingKey()), CommandCodec.encode(command));
        }
        if (random.nextInt(3) == 0) {
            ledger.take(shard);
        }
    }

    /** Commands for one shard, as clients send them, with some that come again, are astray or are none. */
    private byte[] batch(int shard) {
        List<String> commands = new ArrayList<>();
        for (int count = 1 + random.nextInt(12); count > 0; count--) {
            int dice = random.nextInt(100);
            if (dice < 3) {
                commands.add("{}");
            } else if (dice < 20 && !recent.isEmpty()) {
                commands.add(text(recent.get(random.nextInt(recent.size()))));
            } else if (dice < 30 && !commands.isEmpty()) {
                commands.add(commands.getLast());
            } else {
                Command command = next();
                if (ledger.shardOfKey(command.routingKey()) == shard || random.nextInt(10) == 0) {
                    commands.add(text(CommandCodec.encode(command)));
                }
            }
        }
        return ("{\"type\":\"Batch\",\"commands\":[" + String.join(",", commands) + "]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }

    private Command next() {
        Command command = workload.next(ledger.nowMillis());
        byte[] bytes = CommandCodec.encode(command);
        if (recent.size() < 50) {
            recent.add(bytes);
        } else {
            recent.set(random.nextInt(50), bytes);
        }
        return command;
    }
}
