package io.pacioli.ledger.audit;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A replay of the journal alone: chain, balances and rules, and no decisions. */
final class FoldingReplay extends ShardReplay {
    FoldingReplay(ShardFold fold, AuditContext context, Inflow journal, CheckpointTrail checkpoints) {
        super(fold, context, journal, checkpoints);
    }

    @Override
    boolean step() {
        if (journal().peek() == null) {
            return false;
        }
        ConsumerRecord<byte[], byte[]> record = journal().take();
        Finding fault = fold().apply(record.value(), record.offset());
        if (fault != null) {
            stopped(fault);
        } else {
            applied();
        }
        return true;
    }

    @Override
    List<Inflow> inflows() {
        return List.of(journal());
    }

    @Override
    ShardSnapshot.Standing standing() {
        return ShardSnapshot.Standing.START;
    }

    @Override
    boolean isBetweenInputs() {
        return true;
    }
}
