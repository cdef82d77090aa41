package io.pacioli.ledger.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.api.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No false alarms: all that the seeded workload comes to, in topics that grow while they are read. */
final class WorkloadAuditTest {
    private static final int STEPS = 4_000;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void passesWhateverHappens(long seed) {
        ScratchLife life = new ScratchLife(seed);
        life.live(STEPS);

        AuditReport report = audit(life, true, null);

        assertThat(report.findings())
                .filteredOn(finding -> !finding.isWarning())
                .isEmpty();
        assertThat(report.inputs())
                .isNotNull()
                .satisfies(inputs -> assertThat(inputs.repeated()).isPositive())
                .satisfies(inputs -> assertThat(inputs.misrouted()).isPositive())
                .satisfies(inputs -> assertThat(inputs.malformed()).isPositive())
                .satisfies(inputs -> assertThat(inputs.due()).isPositive());
        assertThat(audit(life, false, null).passed()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12})
    void passesWhileTheLedgerGoesOn(long seed) {
        ScratchLife life = new ScratchLife(seed);
        life.live(STEPS);
        life.goesOn();

        AuditReport report = audit(life, true, null);

        assertThat(report.findings())
                .filteredOn(finding -> !finding.isWarning())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23})
    void goesOnFromTheStateOfTheLastAudit(long seed) {
        ScratchLife life = new ScratchLife(seed);
        long audited = 0;
        for (int night = 0; night < 4; night++) {
            life.live(STEPS / 4);
            AuditReport report = audit(life, true, directory);
            assertThat(report.findings())
                    .filteredOn(finding -> !finding.isWarning())
                    .isEmpty();
            audited += report.entries();
        }

        AuditReport whole = audit(life, true, null);

        assertThat(audited).isEqualTo(whole.entries());
        AuditReport again = audit(life, true, directory);
        assertThat(again.entries()).isZero();
        assertThat(again.assets()).isEqualTo(whole.assets());
        assertThat(again.underWay()).isEqualTo(whole.underWay());
    }

    @Test
    void aDamagedStateIsRefused() throws Exception {
        ScratchLife life = new ScratchLife(31);
        life.live(500);
        audit(life, true, directory);
        Path file = directory.resolve("ledger.journal.state");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);

        org.assertj.core.api.Assertions.assertThatThrownBy(() -> audit(life, true, directory))
                .isInstanceOf(AuditException.class);
    }

    private static AuditReport audit(ScratchLife life, boolean decides, @Nullable Path state) {
        AuditSettings settings =
                new AuditSettings(Map.of(), Topics.DEFAULT, decides, 1, List.of(), CheckpointSource.NONE, state);
        return new Audit(settings, () -> ScratchTopics.consumer(life.ledger(), life::goOn)).run(Progress.NONE);
    }
}
