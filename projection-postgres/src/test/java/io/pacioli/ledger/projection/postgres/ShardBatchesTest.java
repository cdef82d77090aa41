package io.pacioli.ledger.projection.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShardBatchesTest {
    private static final int SHARDS = 3;

    private final ScriptedLedger ledger = new ScriptedLedger(SHARDS);

    private List<ScriptedLedger.Journaled> journal() {
        ledger.define("GOLD", "rich", 1_000);
        for (int i = 0; i < 30; i++) {
            ledger.run(ScriptedLedger.transfer("t" + i, "GOLD", "rich", "ann" + i, 10));
        }
        return ledger.journal();
    }

    @Test
    void aShardIsInOneBatchAndEachBatchHasOne() {
        ShardBatches batches = new ShardBatches(2);
        journal().forEach(record -> batches.of(record.shard()).add(record.value(), record.shard(), record.offset()));
        assertThat(batches.filled()).hasSize(2);
        assertThat(batches.filled().stream()
                        .flatMap(batch -> batch.runs().stream())
                        .map(ShardRun::shard))
                .containsExactlyInAnyOrder(0, 1, 2);
        assertThat(batches.filled().stream().mapToInt(HistoryBatch::size).sum())
                .isEqualTo(ledger.journal().size());
        assertThat(batches.filled())
                .allMatch(batch -> batch.runs().stream().allMatch(run -> run.last() == ledger.sequence(run.shard())));
    }

    @Test
    void oneThatIsFullIsEnough() {
        ShardBatches batches = new ShardBatches(2);
        assertThat(batches.filled()).isEmpty();
        ScriptedLedger.Journaled first = journal().getFirst();
        batches.of(first.shard()).add(first.value(), first.shard(), first.offset());
        assertThat(batches.filled()).hasSize(1);
        assertThat(batches.isAnyFull(2, Long.MAX_VALUE)).isFalse();
        assertThat(batches.isAnyFull(1, Long.MAX_VALUE)).isTrue();
        assertThat(batches.isAnyFull(2, first.value().length)).isTrue();
        assertThat(batches.isAnyFull(2, first.value().length + 1)).isFalse();
    }
}
