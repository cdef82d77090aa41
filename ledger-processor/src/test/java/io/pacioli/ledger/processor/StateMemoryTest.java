package io.pacioli.ledger.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;

final class StateMemoryTest {
    static {
        RocksDB.loadLibrary();
    }

    private final StateMemory memory = new StateMemory();

    @Test
    void filesAreMergedRarelyButBeforeWritingIsSlowedDown() {
        try (Options options = options()) {
            int usual = options.level0FileNumCompactionTrigger();

            memory.setConfig("any", options, Map.of(StateMemory.BYTES, ProcessorSettings.STATE_MEMORY_BYTES));

            assertThat(options.level0FileNumCompactionTrigger())
                    .isGreaterThan(2 * usual)
                    .isLessThan(options.level0SlowdownWritesTrigger());
        }
    }

    @Test
    void whatIsNoNumberOfBytesIsRefused() {
        try (Options options = options()) {
            assertThatThrownBy(() -> memory.setConfig("any", options, Map.of(StateMemory.BYTES, "much")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("much");
        }
    }

    /** As Kafka Streams hands them over. */
    private static Options options() {
        return new Options().setTableFormatConfig(new BlockBasedTableConfig());
    }
}
