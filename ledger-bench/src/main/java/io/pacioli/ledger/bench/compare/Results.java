package io.pacioli.ledger.bench.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;

/**
 * What a comparison has measured.
 *
 * @param startedAt when it began, in UTC
 * @param acrossShards the share of transfers between two shards of the ledger, 0 to 1, for each workload by its name
 * @param systems for each contender by its name what it says of itself, in the order in which tables show them
 */
record Results(
        String startedAt,
        Machine machine,
        ComparisonSettings settings,
        SequencedMap<String, Double> acrossShards,
        SequencedMap<String, SequencedMap<String, String>> systems,
        List<Measurement> measurements,
        List<Latency> latencies) {
    /** The system that the others are compared with. */
    static final String REFERENCE = new Postgres(Postgres.Way.ROWS, 32).name();

    /**
     * One line of the table.
     *
     * @param rate transfers a second
     * @param ratio the median as a multiple of the reference's in the same workload; NaN when that was not measured
     * @param cpuMicros processor time of a transfer, in microseconds, up to the last stage
     * @param writtenBytes bytes written for a transfer, up to the last stage
     */
    record Row(
            String workload,
            String system,
            Stage stage,
            Spread rate,
            double ratio,
            Spread cpuMicros,
            Spread writtenBytes) {}

    /** The lines of the table: for each workload each system in its order, with all stages that it has. */
    List<Row> rows() {
        SequencedSet<String> workloads = new LinkedHashSet<>();
        measurements.forEach(measurement -> workloads.add(measurement.workload()));
        List<Row> rows = new ArrayList<>();
        for (String workload : workloads) {
            Map<String, List<Measurement>> bySystem = bySystem(workload);
            List<Measurement> reference = bySystem.getOrDefault(REFERENCE, List.of());
            double yardstick = reference.isEmpty()
                    ? Double.NaN
                    : rate(reference, Stage.ANSWERED).median();
            for (Map.Entry<String, List<Measurement>> system : bySystem.entrySet()) {
                rows.addAll(rows(workload, system.getKey(), system.getValue(), yardstick));
            }
        }
        return List.copyOf(rows);
    }

    /** In the order of the systems, those without a measurement left out. */
    private SequencedMap<String, List<Measurement>> bySystem(String workload) {
        SequencedMap<String, List<Measurement>> bySystem = new LinkedHashMap<>();
        for (String system : systems.keySet()) {
            List<Measurement> of = measurements.stream()
                    .filter(measurement -> measurement.workload().equals(workload)
                            && measurement.system().equals(system))
                    .toList();
            if (!of.isEmpty()) {
                bySystem.put(system, of);
            }
        }
        return bySystem;
    }

    private static List<Row> rows(String workload, String system, List<Measurement> measurements, double yardstick) {
        Spread cpuMicros = Spread.of(
                measurements.stream().map(Measurement::cpuMicrosPerTransfer).toList());
        Spread writtenBytes = Spread.of(
                measurements.stream().map(Measurement::writtenPerTransfer).toList());
        return measurements.getFirst().run().seconds().keySet().stream()
                .map(stage -> {
                    Spread rate = rate(measurements, stage);
                    return new Row(workload, system, stage, rate, rate.median() / yardstick, cpuMicros, writtenBytes);
                })
                .toList();
    }

    private static Spread rate(List<Measurement> measurements, Stage stage) {
        return Spread.of(measurements.stream()
                .map(measurement -> measurement.rate(stage))
                .toList());
    }
}
