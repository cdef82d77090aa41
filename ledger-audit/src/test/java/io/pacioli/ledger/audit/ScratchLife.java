package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.testkit.workload.Workload;
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
            ledger.write(shard, "no command".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        } else if (dice < 40 && !recent.isEmpty()) {
            // To its own shard or to another, which passes it on.
            ledger.write(shard, recent.get(random.nextInt(recent.size())));
        } else if (dice < 60) {
            ledger.tick(shard);
        } else if (dice < 64) {
            ledger.configure(random.nextInt(1, 5_000), random.nextInt(1, 500));
        } else if (dice < 400) {
            ledger.deliver(shard);
        } else {
            Command command = workload.next(ledger.nowMillis());
            byte[] bytes = CommandCodec.encode(command);
            if (recent.size() < 50) {
                recent.add(bytes);
            } else {
                recent.set(random.nextInt(50), bytes);
            }
            ledger.write(ledger.shardOfKey(command.routingKey()), bytes);
        }
        if (random.nextInt(3) == 0) {
            ledger.take(shard);
        }
    }
}
