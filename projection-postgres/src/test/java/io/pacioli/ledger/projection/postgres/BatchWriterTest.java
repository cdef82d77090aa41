package io.pacioli.ledger.projection.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pacioli.ledger.core.InvariantViolation;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class BatchWriterTest {
    private static final long WAIT_SECONDS_MAX = 30;

    private final HistoryBatch one = new HistoryBatch();
    private final HistoryBatch other = new HistoryBatch();

    @Test
    void batchesAreWrittenBesideEachOther() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        try (BatchWriter writer = new BatchWriter(batch -> {
            meet(both);
            return new HistoryStore.Written.Committed();
        })) {
            assertThat(writer.settle()).isEmpty();
            writer.write(List.of(one, other));
            assertThat(writer.settle()).extracting(BatchWriter.Settled::batch).containsExactly(one, other);
            assertThat(writer.isBusy()).isFalse();
            assertThat(writer.settle()).isEmpty();
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(WAIT_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatOneThrowsIsThrownOnWhenTheOtherIsWritten() throws Exception {
        CountDownLatch failed = new CountDownLatch(1);
        AtomicBoolean written = new AtomicBoolean();
        try (BatchWriter writer = new BatchWriter(batch -> {
            if (batch == one) {
                failed.countDown();
                throw new InvariantViolation("damaged");
            }
            try {
                written.set(failed.await(WAIT_SECONDS_MAX, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return new HistoryStore.Written.Committed();
        })) {
            writer.write(List.of(one, other));
            assertThatThrownBy(writer::settle)
                    .isInstanceOf(InvariantViolation.class)
                    .hasMessage("damaged");
            assertThat(written).isTrue();
            assertThat(writer.settle()).isEmpty();
        }
    }

    @Test
    void nothingIsWrittenBeforeTheLastIsSettled() throws Exception {
        try (BatchWriter writer = new BatchWriter(batch -> new HistoryStore.Written.Committed())) {
            writer.write(List.of(one));
            assertThatThrownBy(() -> writer.write(List.of(other))).isInstanceOf(InvariantViolation.class);
            assertThat(writer.settle()).hasSize(1);
        }
    }
}
