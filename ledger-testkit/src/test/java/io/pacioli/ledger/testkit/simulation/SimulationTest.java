package io.pacioli.ledger.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pacioli.ledger.core.Ledger;
import io.pacioli.ledger.core.Rejection;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The core against the model, and the simulation against deliberate faults. */
class SimulationTest {
    private static final int STEPS = 10_000;

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "1, 2", "2, 2", "1, 6", "2, 6", "3, 6", "4, 6", "1, 48", "2, 48"})
    void findsNothingWrongWithTheCore(long seed, int shards) {
        SimulationReport report = new Simulation(new SimulationSettings(seed, shards, STEPS)).run();
        assertThat(report.commands()).isGreaterThan(STEPS / 3);
        assertThat(report.repeated()).isGreaterThan(100);
        assertThat(report.configurations()).isGreaterThan(50);
        // On one shard they are all rejected.
        assertThat(report.burnsRejected() + report.burnsSentBack()).isPositive();
        assertThat(report.crashes()).isPositive();
    }

    /** A run that never gets to an edge proves nothing about it. */
    @Test
    void getsToTheEdges() {
        SimulationReport report = new Simulation(new SimulationSettings(7, 6, STEPS)).run();
        // An account that holds as many assets as it may is left to the core's own tests.
        Set<Rejection> expected = EnumSet.complementOf(EnumSet.of(Rejection.TOO_MANY_HOLDINGS));
        assertThat(report.rejections()).containsKeys(expected.toArray(Rejection[]::new));
        assertThat(report.events())
                .containsOnlyKeys(
                        "ShardConfigured",
                        "AssetDefined",
                        "AssetLearned",
                        "AccountOpened",
                        "TransferPosted",
                        "TransferSent",
                        "TransferReceived",
                        "TransferRefused",
                        "TransferReturned",
                        "CommandRejected");
        assertThat(report.events().get("TransferReturned")).isGreaterThan(100);
        assertThat(report.duplicates()).isGreaterThan(100);
        assertThat(report.configurations()).isGreaterThan(50);
        assertThat(report.burnsSentBack()).isPositive();
    }

    @Test
    void isTheSameForTheSameSeed() {
        SimulationSettings settings = new SimulationSettings(11, 6, 2_000);
        assertThat(new Simulation(settings).run())
                .isEqualTo(new Simulation(settings).run())
                .isNotEqualTo(new Simulation(new SimulationSettings(12, 6, 2_000)).run());
    }

    @ParameterizedTest
    @EnumSource
    void catches(Fault fault) {
        SimulationSettings settings = new SimulationSettings(1, 6, STEPS);
        assertThatExceptionOfType(SimulationFailure.class)
                .isThrownBy(() -> faulty(settings, fault).run())
                .withMessageContaining("seed=1 shards=6 steps=" + STEPS);
    }

    @Test
    void aFailureHappensAgainWithItsSettings() {
        SimulationSettings settings = new SimulationSettings(1, 6, STEPS);
        SimulationFailure first = catchThrowableOfType(
                SimulationFailure.class,
                () -> faulty(settings, Fault.CREDIT_TWICE).run());
        SimulationFailure second = catchThrowableOfType(
                SimulationFailure.class,
                () -> faulty(settings, Fault.CREDIT_TWICE).run());
        assertThat(second).hasMessage(first.getMessage());
    }

    private static Simulation faulty(SimulationSettings settings, Fault fault) {
        return new Simulation(settings, router -> fault.in(new Ledger(router)));
    }
}
