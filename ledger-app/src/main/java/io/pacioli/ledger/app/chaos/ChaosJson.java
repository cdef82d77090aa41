package io.pacioli.ledger.app.chaos;

import io.pacioli.ledger.service.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** A report for programs: one JSON object; times are milliseconds. */
final class ChaosJson {
    private static final double P50 = 50;
    private static final double P99 = 99;

    private ChaosJson() {}

    static String of(ChaosReport report) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("passed", report.passed());
        json.put("seed", report.settings().seed());
        json.put("durationMillis", report.settings().duration().toMillis());
        json.put("tookMillis", report.took().toMillis());
        json.put("loadedMillis", report.loaded().toMillis());
        json.put("transfersToSend", report.settings().transfers());
        json.put("transfersDone", report.figures().transfers());
        json.put("faults", report.faults().stream().map(ChaosJson::fault).toList());
        Map<String, String> notTried = new TreeMap<>();
        report.notTried().forEach((kind, why) -> notTried.put(kind.title(), why));
        json.put("notTried", notTried);
        json.put("commands", report.figures().commands());
        json.put("repeated", report.figures().repeated());
        json.put("acknowledged", report.figures().acknowledged());
        json.put("unknownDecided", report.figures().unknownDecided());
        json.put("unknownNotThere", report.figures().unknownNotThere());
        json.put("commandsByType", new TreeMap<>(report.figures().byType()));
        json.put("commandsByOutcome", new TreeMap<>(report.figures().byOutcome()));
        json.put("attemptsWithoutAnswer", report.failures());
        json.put("balancesRead", report.seen());
        json.put("questionsWithoutAnswer", report.unanswered());
        json.put("quiet", latency(report.quiet()));
        json.put("troubled", latency(report.troubled()));
        json.put("entries", report.figures().entries());
        json.put(
                "auditDifferences",
                report.audit() == null ? null : report.audit().differences());
        json.put("violationCount", report.violationCount());
        json.put("violations", new ArrayList<>(report.violations()));
        json.put(
                "directory",
                report.directory() == null ? null : report.directory().toString());
        return new String(Json.bytes(json), StandardCharsets.UTF_8);
    }

    private static Map<String, @Nullable Object> fault(Survived one) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("kind", one.fault().kind().name());
        json.put(
                "victims",
                List.copyOf(
                        one.fault().victims().stream().map(Fault.Victim::name).toList()));
        json.put("atMillis", one.at().toMillis());
        json.put("outageMillis", one.fault().outage().toMillis());
        json.put("decidedMillis", millis(one.decided()));
        json.put("balancesMillis", millis(one.balances()));
        json.put("historyMillis", millis(one.history()));
        json.put("wholeMillis", millis(one.whole()));
        json.put("trouble", one.trouble());
        return json;
    }

    private static @Nullable Long millis(@Nullable Duration duration) {
        return duration == null ? null : duration.toMillis();
    }

    private static Map<String, Object> latency(Histogram micros) {
        return Map.of(
                "commands", micros.getTotalCount(),
                "p50Micros", micros.getValueAtPercentile(P50),
                "p99Micros", micros.getValueAtPercentile(P99),
                "maxMicros", micros.getMaxValue());
    }
}
