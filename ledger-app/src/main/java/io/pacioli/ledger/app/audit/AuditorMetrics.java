package io.pacioli.ledger.app.audit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.pacioli.ledger.audit.AuditReport;
import io.pacioli.ledger.audit.CheckpointFigures;
import io.pacioli.ledger.audit.ShardFigures;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The auditor's figures. */
final class AuditorMetrics {
    private final MeterRegistry registry;
    private final Map<Integer, AtomicLong> positions = new ConcurrentHashMap<>();
    private final Counter passed;
    private final Counter failed;
    private final Counter impossible;
    private volatile double verdict = Double.NaN;
    private volatile double lag = Double.NaN;
    private volatile double findings = Double.NaN;
    private volatile double warnings = Double.NaN;
    private volatile double seconds = Double.NaN;
    private volatile double endedAtSeconds = Double.NaN;
    private volatile double checkpoints = Double.NaN;
    private volatile double uncovered = Double.NaN;

    private interface Figure {
        double value(AuditorMetrics metrics);
    }

    AuditorMetrics(MeterRegistry registry) {
        this.registry = registry;
        passed = audits("passed");
        failed = audits("failed");
        impossible = audits("impossible");
        gauge("verdict", "1 when all holds, 0 when it does not, not a number when nobody knows", m -> m.verdict);
        gauge(
                "lag",
                "Journal offsets that no audit has read: never fewer than the entries that were not audited",
                m -> m.lag);
        gauge("findings", "Differences that the last audit has found", m -> m.findings);
        gauge("warnings", "Findings of the last audit that are no differences", m -> m.warnings);
        gauge("duration.seconds", "How long the last audit took", m -> m.seconds);
        gauge("ended.seconds", "When the last audit ended, in seconds since 1970-01-01 UTC", m -> m.endedAtSeconds);
        gauge("checkpoints.verified", "Signed checkpoints that the last audit has verified", m -> m.checkpoints);
        gauge("checkpoints.uncovered", "Entries at the last audit that no checkpoint covered", m -> m.uncovered);
    }

    private Counter audits(String result) {
        return Counter.builder("ledger.auditor.audits")
                .description("Audits that were tried")
                .tag("result", result)
                .register(registry);
    }

    private void gauge(String name, String description, Figure figure) {
        Gauge.builder("ledger.auditor." + name, this, figure::value)
                .description(description)
                .register(registry);
    }

    /** @param verdictNow 1, 0, or not a number */
    void verdict(double verdictNow) {
        verdict = verdictNow;
    }

    void impossible() {
        impossible.increment();
    }

    void audited(AuditReport report) {
        (report.passed() ? passed : failed).increment();
        findings = report.differences();
        warnings = report.warnings();
        seconds = report.duration().toMillis() / 1e3;
        endedAtSeconds = (report.startedAtMillis() + report.duration().toMillis()) / 1e3;
        CheckpointFigures signed = report.checkpoints();
        checkpoints = signed == null ? Double.NaN : signed.verified();
        uncovered = signed == null ? Double.NaN : signed.uncovered();
        for (ShardFigures shard : report.shards()) {
            positions.computeIfAbsent(shard.shard(), this::position).set(shard.lastSequence());
        }
    }

    void lag(long offsets) {
        lag = offsets;
    }

    private AtomicLong position(int shard) {
        AtomicLong sequence = new AtomicLong();
        Gauge.builder("ledger.auditor.position", sequence, AtomicLong::doubleValue)
                .description("The last entry of the shard that was audited and is good")
                .tag("shard", Integer.toString(shard))
                .register(registry);
        return sequence;
    }
}
