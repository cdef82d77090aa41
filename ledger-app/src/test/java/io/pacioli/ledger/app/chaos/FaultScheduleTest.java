package io.pacioli.ledger.app.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pacioli.ledger.app.CommandFailure;
import io.pacioli.ledger.app.chaos.Fault.Kind;
import io.pacioli.ledger.app.chaos.Fault.Role;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class FaultScheduleTest {
    private static final Duration DURATION = Duration.ofMinutes(30);
    private static final Duration QUIET = Duration.ofMinutes(1);
    private static final int FAULTS = 66;
    private static final StackShape SHAPE = StackShape.redundant(6, 3, Duration.ofMillis(100));

    @Test
    void theSameSeedGivesTheSameFaults() {
        assertThat(draw(7)).isEqualTo(draw(7)).isNotEqualTo(draw(8));
    }

    @Test
    void aLongRunMeetsEveryKindForEveryRole() {
        List<Fault> faults = draw(1494);

        Set<String> met = faults.stream()
                .map(fault -> fault.kind() + " " + fault.victims().getFirst().role())
                .collect(Collectors.toSet());
        for (Role role : Role.values()) {
            for (Kind kind : List.of(Kind.KILL, Kind.PAUSE, Kind.RESTART, Kind.CUT_OFF)) {
                assertThat(met).contains(kind + " " + role);
            }
        }
        assertThat(faults.stream().map(Fault::kind)).containsAll(EnumSet.allOf(Kind.class));
    }

    @Test
    void faultsComeInOrderAndLeaveTimeToRecover() {
        List<Fault> faults = draw(3);

        assertThat(faults).hasSize(FAULTS).extracting(Fault::due).isSorted();
        assertThat(faults).extracting(Fault::number).startsWith(1, 2, 3).endsWith(FAULTS);
        assertThat(faults.getFirst().due()).isGreaterThanOrEqualTo(QUIET);
        assertThat(faults.getLast().due()).isLessThan(DURATION.minus(DURATION.dividedBy(10)));
        assertThat(faults)
                .allSatisfy(
                        fault -> assertThat(fault.outage()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(10)));
    }

    @Test
    void noFaultHitsTwoBrokersAtOnce() {
        assertThat(draw(5))
                .allSatisfy(fault -> assertThat(fault.victims().stream()
                                .filter(victim -> victim.role() == Role.BROKER)
                                .count())
                        .isLessThanOrEqualTo(1));
    }

    @Test
    void aLedgerOfOneBrokerHasNoOtherThatCouldBeHurt() {
        StackShape shape = StackShape.redundant(6, 1, Duration.ofMillis(100));

        List<Fault> faults = FaultSchedule.draw(7, shape, DURATION, QUIET, FAULTS, List.of(), Set.of());

        assertThat(shape.all(Role.BROKER)).hasSize(1);
        assertThat(faults)
                .filteredOn(Fault::concernsBroker)
                .isNotEmpty()
                .allSatisfy(fault -> assertThat(shape.processes()).containsAll(fault.victims()));
    }

    @Test
    void whatAMachineDoesNotLetUsDoIsLeftOut() {
        Set<Kind> without = EnumSet.of(Kind.CUT_OFF, Kind.FILL_DISK);

        List<Fault> faults = FaultSchedule.draw(7, SHAPE, DURATION, QUIET, FAULTS, List.of(), without);

        assertThat(faults).hasSize(FAULTS);
        assertThat(faults.stream().map(Fault::kind).collect(Collectors.toSet()))
                .isEqualTo(EnumSet.complementOf(EnumSet.copyOf(without)));
        assertThat(Arrays.asList(Kind.values())).containsAll(without);
    }

    @Test
    void onlyWhatIsAskedForHappens() {
        List<Fault> faults = FaultSchedule.draw(
                7, SHAPE, DURATION, QUIET, FAULTS, List.of("kill -9 processor", "kill -9 projection"), Set.of());

        assertThat(faults).hasSize(FAULTS);
        assertThat(faults.stream()
                        .map(fault ->
                                fault.kind() + " " + fault.victims().getFirst().role())
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder("KILL PROCESSOR", "KILL BALANCES", "KILL HISTORY");
    }

    @Test
    void whatNobodyKnowsCannotBeAskedFor() {
        assertThatThrownBy(() -> FaultSchedule.draw(7, SHAPE, DURATION, QUIET, FAULTS, List.of("earthquake"), Set.of()))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("earthquake");
    }

    private static List<Fault> draw(long seed) {
        return FaultSchedule.draw(seed, SHAPE, DURATION, QUIET, FAULTS, List.of(), Set.of());
    }
}
