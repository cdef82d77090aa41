package io.pacioli.ledger.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.pacioli.ledger.bench.Spread;
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
                        tuple(Results.POSTGRES, Stage.ANSWERED),
                        tuple(Pacioli.NAME, Stage.JOURNALED),
                        tuple(Pacioli.NAME, Stage.VISIBLE),
                        tuple(Pacioli.NAME, Stage.STORED));
        assertThat(rows)
                .extracting(Results.Row::rate)
                .containsExactly(
                        new Spread(40_000, 40_000, 50_000),
                        new Spread(40_000, 40_000, 40_000),
                        new Spread(20_000, 20_000, 25_000),
                        new Spread(5_000, 4_000, 6_250),
                        new Spread(25_000, 25_000, 25_000),
                        new Spread(25_000, 25_000, 25_000),
                        new Spread(10_000, 10_000, 10_000));
        assertThat(rows.subList(0, 4)).extracting(Results.Row::timesPostgres).containsExactly(8.0, 8.0, 4.0, 1.0);
        assertThat(rows).extracting(Results.Row::timesFirst).containsExactly(1.0, 1.0, 1.0, 1.0, 0.625, 0.625, 0.5);
    }

    @Test
    void costsAreOfATransfer() {
        List<Results.Row> rows = Sample.results().rows();

        assertThat(rows.getFirst().cpuMicros().median()).isEqualTo(50);
        assertThat(rows.getFirst().writtenBytes().median()).isNaN();
        assertThat(rows.get(3).cpuMicros()).isEqualTo(new Spread(400, 320, 500));
        assertThat(rows.get(3).writtenBytes()).isEqualTo(new Spread(1_000, 1_000, 1_000));
    }

    @Test
    void withoutTheOtherThereIsNoRatio() {
        Results results = Sample.results(List.of(Sample.pacioli(1, 10, 10, 20)));

        assertThat(results.rows()).isNotEmpty().allSatisfy(row -> {
            assertThat(row.timesPostgres()).isNaN();
            assertThat(row.timesRedis()).isNaN();
        });
    }

    @Test
    void lagsAreThoseOfAllRoundsOfAWorkload() {
        assertThat(Sample.results().lags())
                .containsExactly(
                        lag(Sample.UNIFORM, Stage.VISIBLE, new Spread(2_000, 1_000, 3_000), new Spread(2, 2, 2)),
                        lag(Sample.UNIFORM, Stage.STORED, new Spread(200_000, 100_000, 300_000), new Spread(12, 8, 12)),
                        lag(Sample.HOT, Stage.VISIBLE, new Spread(1_000, 1_000, 1_000), new Spread(8, 8, 8)),
                        lag(Sample.HOT, Stage.STORED, new Spread(100_000, 100_000, 100_000), new Spread(32, 32, 32)));
    }

    private static Results.LagRow lag(String workload, Stage stage, Spread entriesMax, Spread secondsAfter) {
        return new Results.LagRow(workload, Pacioli.NAME, stage, entriesMax, secondsAfter);
    }
}
