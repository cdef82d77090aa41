package io.pacioli.ledger.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class TableTest {
    private final KeyValueStore<byte[], byte[]> store = MemoryStore.open();
    private final Table<String> table = new Table<>(
            store,
            StateKeys::hold,
            value -> value.getBytes(StandardCharsets.UTF_8),
            (id, bytes) -> new String(bytes, StandardCharsets.UTF_8));

    @Test
    void nothingIsWrittenBeforeTheFlushAndEachRecordOnceThen() {
        table.put("a", "1");
        table.put("b", "1");
        table.put("a", "2");
        assertThat(table.get("a")).isEqualTo("2");
        assertThat(MemoryStore.size(store)).isZero();

        assertThat(flush()).isEqualTo(2);

        assertThat(table.get("a")).isEqualTo("2");
        assertThat(store.get(StateKeys.hold("a"))).isEqualTo("2".getBytes(StandardCharsets.UTF_8));
        assertThat(flush()).isZero();
    }

    @Test
    void whatIsRemovedIsGoneBeforeTheFlushAndAfter() {
        table.put("a", "1");
        flush();
        table.remove("a");
        assertThat(table.get("a")).isNull();
        assertThat(MemoryStore.size(store)).isEqualTo(1);

        flush();

        assertThat(table.get("a")).isNull();
        assertThat(MemoryStore.size(store)).isZero();
    }

    @Test
    void whatComesAndGoesBetweenTwoFlushesIsNotWritten() {
        table.put("a", "1");
        table.remove("a");

        assertThat(table.get("a")).isNull();
        assertThat(flush()).isZero();
    }

    @Test
    void whatIsStoredChangesAndGoesIsGone() {
        table.put("a", "1");
        flush();
        table.put("a", "2");
        table.remove("a");
        assertThat(table.get("a")).isNull();
        flush();
        assertThat(MemoryStore.size(store)).isZero();
    }

    @Test
    void whatGoesTwiceAndComesAgainIsThere() {
        table.put("a", "1");
        flush();
        table.remove("a");
        table.remove("a");
        table.put("a", "2");
        flush();

        assertThat(table.get("a")).isEqualTo("2");
    }

    /** How many records were written. */
    private int flush() {
        List<KeyValue<byte[], byte @Nullable []>> changes = new ArrayList<>();
        table.flush(changes);
        MemoryStore.write(store, changes);
        return changes.size();
    }
}
