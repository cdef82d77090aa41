package io.pacioli.ledger.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.api.Cause;
import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.core.Decision;
import io.pacioli.ledger.core.Input;
import io.pacioli.ledger.core.Ledger;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.StoreBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ShardStateStoreTest {
    private static final int SHARDS = 2;
    private static final AccountCache CACHE = new AccountCache(2, 0);
    private static final long AT_MILLIS = 1_700_000_000_000L;

    @TempDir
    private Path directory;

    private final Ledger ledger = new Ledger(new KafkaRouter(SHARDS));
    private final StoreBuilder<ShardStateStore> builder =
            ShardStateStore.builder(LedgerTopology.STATE, Map.of()).withLoggingDisabled();
    private final ShardStateStore first = builder.build();
    private final ShardStateStore second = builder.build();

    @AfterEach
    void close() {
        first.close();
        second.close();
    }

    @Test
    void whatOneThreadHasChangedIsWrittenAtOnce() {
        change(open(first, 0));
        change(open(second, 1));
        assertThat(isWritten(first)).isFalse();
        first.flushCache();
        assertThat(isWritten(first)).isTrue();
        assertThat(isWritten(second)).isTrue();
    }

    @Test
    void anotherThreadsShardsAreLeftAlone() {
        change(open(first, 0));
        change(CompletableFuture.supplyAsync(() -> open(second, 1)).join());
        first.flushCache();
        assertThat(isWritten(first)).isTrue();
        assertThat(isWritten(second)).isFalse();
    }

    @Test
    void aTaskThatIsGivenUpIsNotWrittenByTheOthers() {
        change(open(first, 0));
        change(open(second, 1));
        second.clearCache();
        first.flushCache();
        assertThat(isWritten(first)).isTrue();
        assertThat(isWritten(second)).isFalse();
        second.close();
        first.flushCache();
    }

    private StoredShard open(ShardStateStore store, int number) {
        MockProcessorContext<Destination, byte[]> context = new MockProcessorContext<>(
                new Properties(),
                new TaskId(0, number),
                directory.resolve(Integer.toString(number)).toFile());
        store.init(context.getStateStoreContext(), store);
        return store.open(number, CACHE);
    }

    private void change(StoredShard shard) {
        Input settings = new Input.ConfigurationInput(Sample.configuration(SHARDS), Cause.CONFIGURATION, AT_MILLIS);
        if (ledger.decide(settings, shard) instanceof Decision.Journaled journaled) {
            journaled.entries().forEach(entry -> ledger.evolve(shard, entry));
        }
    }

    private static boolean isWritten(ShardStateStore store) {
        return store.stored().get(StateKeys.HEADER) != null;
    }
}
