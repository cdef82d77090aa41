package io.pacioli.ledger.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import org.junit.jupiter.api.Test;

class ResultsTest {
    @Test
    void rowsAreMediansWithTheirSpreadAndRatiosToTheReference() {
        List<Results.Row> rows = Sample.results().rows();

        assertThat(rows)
                .extracting(Results.Row::system, Results.Row::stage)
                .containsExactly(
                        tuple(Pacioli.NAME, Stage.JOURNALED),
                        tuple(Pacioli.NAME, Stage.VISIBLE),
                        tuple(Pacioli.NAME, Stage.STORED),
                        tuple(Results.REFERENCE, Stage.ANSWERED));
        assertThat(rows)
                .extracting(Results.Row::rate)
                .containsExactly(
                        new Spread(40_000, 40_000, 50_000),
                        new Spread(40_000, 40_000, 40_000),
                        new Spread(20_000, 20_000, 25_000),
                        new Spread(5_000, 4_000, 6_250));
        assertThat(rows).extracting(Results.Row::ratio).containsExactly(8.0, 8.0, 4.0, 1.0);
    }

    @Test
    void costsAreOfATransfer() {
        List<Results.Row> rows = Sample.results().rows();

        assertThat(rows.getFirst().cpuMicros().median()).isEqualTo(50);
        assertThat(rows.getFirst().writtenBytes().median()).isNaN();
        assertThat(rows.getLast().cpuMicros()).isEqualTo(new Spread(400, 320, 500));
        assertThat(rows.getLast().writtenBytes()).isEqualTo(new Spread(1_000, 1_000, 1_000));
    }

    @Test
    void withoutTheReferenceThereIsNoRatio() {
        Results results = Sample.results(List.of(Sample.pacioli(1, 10, 10, 20)));

        assertThat(results.rows())
                .isNotEmpty()
                .allSatisfy(row -> assertThat(row.ratio()).isNaN());
    }
}
