package io.pacioli.ledger.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Ledger;
import io.pacioli.ledger.core.Rejection;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The core against the model, and the simulation against deliberate faults. */
class SimulationTest {
    private static final int STEPS = 10_000;
    private static final long SEED = 1;
    private static final long BUDGET_STEPS = 300_000;

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "1, 2", "2, 2", "1, 6", "2, 6", "3, 6", "4, 6", "1, 48", "2, 48"})
    void findsNothingWrongWithTheCore(long seed, int shards) {
        SimulationReport report = new Simulation(new SimulationSettings(seed, shards, STEPS)).run();
        assertThat(report.commands()).isGreaterThan(STEPS / 3);
        assertThat(report.repeated()).isGreaterThan(100);
        assertThat(report.batches()).isGreaterThan(100);
        assertThat(report.configurations()).isGreaterThan(50);
        // On one shard they are all rejected.
        assertThat(report.burnsRejected() + report.burnsSentBack()).isPositive();
        assertThat(report.crashes()).isPositive();
    }

    /** A run that never gets to an edge proves nothing about it. */
    @Test
    void getsToTheEdges() {
        SimulationReport report = new Simulation(new SimulationSettings(8, 6, STEPS)).run();
        // An account that holds as many assets as it may is left to the core's own tests.
        Set<Rejection> expected = EnumSet.complementOf(EnumSet.of(Rejection.TOO_MANY_HOLDINGS));
        assertThat(report.rejections()).containsOnlyKeys(expected.toArray(Rejection[]::new));
        assertThat(report.events())
                .containsOnlyKeys(Stream.of(Event.class.getPermittedSubclasses())
                        .map(Class::getSimpleName)
                        .toArray(String[]::new));
        assertThat(report.events().get("TransferReturned")).isGreaterThan(100);
        assertThat(report.pending()).isGreaterThan(100);
        assertThat(report.due()).isGreaterThan(100);
        assertThat(report.duplicates()).isGreaterThan(100);
        assertThat(report.configurations()).isGreaterThan(50);
        assertThat(report.burnsSentBack()).isPositive();
    }

    /** Every entry is sealed into the hash chain of its journal, and read back as it was. */
    @Test
    void sealsWhatItJournals() {
        SimulationReport report = new Simulation(new SimulationSettings(5, 6, STEPS, true)).run();
        assertThat(report.events())
                .hasSameSizeAs(new Simulation(new SimulationSettings(5, 6, STEPS))
                        .run()
                        .events());
    }

    @Test
    void isTheSameForTheSameSeed() {
        SimulationSettings settings = new SimulationSettings(11, 6, 2_000);
        assertThat(new Simulation(settings).run())
                .isEqualTo(new Simulation(settings).run())
                .isNotEqualTo(new Simulation(new SimulationSettings(12, 6, 2_000)).run());
    }

    /** Rounds differ in their shards, follow from their seeds and add up. */
    @Test
    void goesOnInRounds() {
        List<SimulationReport> progress = new ArrayList<>();
        SimulationReport report = Rounds.run(100, 2L * Rounds.STEPS_MAX + 1, progress::add);
        SimulationReport second = new Simulation(Rounds.round(101, Rounds.STEPS_MAX)).run();
        assertThat(progress).hasSize(3).endsWith(report);
        assertThat(progress.get(1)).isEqualTo(progress.get(0).plus(second));
        assertThat(report.steps()).isEqualTo(2L * Rounds.STEPS_MAX + 1);
        assertThat(Rounds.round(100, 1).sealed()).isTrue();
        assertThat(Rounds.round(101, 1).sealed()).isFalse();
    }

    /** The budget that finds nothing wrong with the core is enough for each of the faults. */
    @Test
    void findsNothingWrongWithTheCoreInItsBudget() {
        assertThat(Rounds.run(SEED, BUDGET_STEPS, progress -> {}).steps()).isEqualTo(BUDGET_STEPS);
    }

    @ParameterizedTest
    @EnumSource
    void catches(Fault fault) {
        assertThatExceptionOfType(SimulationFailure.class)
                .isThrownBy(
                        () -> Rounds.run(SEED, BUDGET_STEPS, router -> fault.in(new Ledger(router)), progress -> {}))
                .withMessageMatching("(?s)the simulation with seed=\\d+ shards=\\d+ steps=" + Rounds.STEPS_MAX + " .*")
                .satisfies(failure -> assertThatExceptionOfType(SimulationFailure.class)
                        .isThrownBy(() -> faulty(failure.settings(), fault).run())
                        .withMessage(failure.getMessage()));
    }

    private static Simulation faulty(SimulationSettings settings, Fault fault) {
        return new Simulation(settings, router -> fault.in(new Ledger(router)));
    }
}
