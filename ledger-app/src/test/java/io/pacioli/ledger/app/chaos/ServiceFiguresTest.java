package io.pacioli.ledger.app.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ServiceFiguresTest {
    private static final ServiceFigures FIGURES = ServiceFigures.of(new Http.Answer(Http.OK, """
            # HELP jvm_memory_used_bytes The amount of used memory
            # TYPE jvm_memory_used_bytes gauge
            jvm_memory_used_bytes{area="heap",id="G1 Eden Space"} 2.097152E7
            jvm_memory_used_bytes{area="heap",id="G1 Old Gen"} 1000.0
            jvm_memory_used_bytes{area="nonheap",id="Metaspace"} 5.0E7
            ledger_projection_redis_lag{shard="0"} 3.0
            ledger_projection_redis_lag{shard="1"} 4.0
            ledger_projection_redis_lag_other 100.0
            up 1.0
            """));

    @Test
    void theHeapIsTheSumOfItsPartsAndNothingElse() {
        assertThat(FIGURES.heapBytes()).isEqualTo(20_972_520);
    }

    @Test
    void samplesOfAnotherNameThatBeginsAlikeDoNotCount() {
        assertThat(FIGURES.sum("ledger_projection_redis_lag")).isEqualTo(7);
        assertThat(FIGURES.sum("up")).isEqualTo(1);
    }

    @Test
    void whoDoesNotAnswerSaysNothing() {
        assertThat(ServiceFigures.of(null).text()).isEmpty();
        assertThat(ServiceFigures.of(new Http.Answer(Http.UNAVAILABLE, "up 1.0"))
                        .sum("up"))
                .isZero();
    }
}
