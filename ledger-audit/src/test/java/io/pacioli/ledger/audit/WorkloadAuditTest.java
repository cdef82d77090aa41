package io.pacioli.ledger.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.api.PublicKeys;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.Command;
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

    /** What one night passes over without an outcome of its own may have its reason in what an earlier one has used. */
    @Test
    void aCommandThatWasPassedOnBeforeTheLastAuditIsMetInTheNext() {
        ScratchLedger ledger = ScratchLedger.inUse();
        Command first = new Command.OpenAccount("first", accountOn(ledger, 0), AccountLimits.DEFAULT, Map.of());
        ledger.write(1, CommandCodec.encode(first));
        ledger.take(1);
        ledger.take(0);
        assertThat(audit(ledger, directory).findings()).isEmpty();
        ledger.submit(new Command.OpenAccount("second", accountOn(ledger, 1), AccountLimits.DEFAULT, Map.of()));

        AuditReport report = audit(ledger, directory);

        assertThat(report.findings()).isEmpty();
        assertThat(report.inputs()).isNotNull().returns(1L, InputFigures::misrouted);
    }

    private static String accountOn(ScratchLedger ledger, int shard) {
        int number = 0;
        while (ledger.shardOf("new-" + number) != shard) {
            number++;
        }
        return "new-" + number;
    }

    private static AuditReport audit(ScratchLedger ledger, Path state) {
        AuditSettings settings =
                new AuditSettings(Map.of(), Topics.DEFAULT, true, 1, List.of(), PublicKeys.NONE, state);
        return new Audit(settings, () -> ScratchTopics.consumer(ledger)).run(Progress.NONE);
    }

    @Test
    void anAuditThatDecidesNothingLeavesTheStateOfOneThatDoes() {
        ScratchLife life = new ScratchLife(41);
        life.live(500);
        AuditReport full = audit(life, true, directory);
        life.live(500);

        AuditReport fast = audit(life, false, directory);

        AuditReport next = audit(life, true, directory);
        assertThat(full.passed()).isTrue();
        assertThat(fast.passed()).isTrue();
        assertThat(next.passed()).isTrue();
        assertThat(fast.entries()).isPositive();
        assertThat(next.entries()).isEqualTo(fast.entries());
        assertThat(audit(life, false, directory).entries()).isZero();
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
                new AuditSettings(Map.of(), Topics.DEFAULT, decides, 1, List.of(), PublicKeys.NONE, state);
        return new Audit(settings, () -> ScratchTopics.consumer(life.ledger(), life::goOn)).run(Progress.NONE);
    }
}
