package io.pacioli.ledger.bench.compare;

import io.pacioli.ledger.bench.Spread;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

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
    /** What the ledger is to be well ahead of. */
    static final String POSTGRES = new Postgres(Postgres.Way.ROWS, 32, Postgres.Commit.ON).name();

    /** What the ledger is to keep up with. */
    static final String REDIS = new RedisLua(RedisLua.Persistence.EVERY_SECOND, RedisLua.CONNECTIONS, 1).name();

    /**
     * One line of the table. Ratios are of medians, and NaN when the other was not measured.
     *
     * @param rate transfers a second
     * @param timesPostgres as a multiple of {@link #POSTGRES} in the same workload
     * @param timesRedis as a multiple of {@link #REDIS} in the same workload
     * @param timesFirst as a multiple of the same system and stage in the first workload
     * @param cpuMicros processor time of a transfer, in microseconds, up to the last stage
     * @param writtenBytes bytes written for a transfer, up to the last stage
     */
    record Row(
            String workload,
            String system,
            Stage stage,
            Spread rate,
            double timesPostgres,
            double timesRedis,
            double timesFirst,
            Spread cpuMicros,
            Spread writtenBytes) {}

    /** How far a projection was behind in the rounds of a workload. */
    record LagRow(String workload, String system, Stage stage, Spread entriesMax, Spread secondsAfter) {}

    /** What the processor time of a transfer went to, in microseconds: medians of the rounds. */
    record Parts(String workload, String system, Map<String, Double> micros) {}

    /** The lines of the table: for each workload each system in its order, with all stages that it has. */
    List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (String workload : workloads()) {
            for (String system : systems.keySet()) {
                for (Stage stage : Stage.values()) {
                    List<Measurement> rounds = rounds(workload, system, stage);
                    if (!rounds.isEmpty()) {
                        rows.add(row(workload, system, stage, rounds));
                    }
                }
            }
        }
        return List.copyOf(rows);
    }

    private Row row(String workload, String system, Stage stage, List<Measurement> rounds) {
        Spread rate = spread(rounds, measurement -> measurement.rate(stage));
        return new Row(
                workload,
                system,
                stage,
                rate,
                rate.median() / median(workload, POSTGRES, Stage.ANSWERED),
                rate.median() / median(workload, REDIS, Stage.ANSWERED),
                rate.median() / median(workloads().getFirst(), system, stage),
                spread(rounds, Measurement::cpuMicrosPerTransfer),
                spread(rounds, Measurement::writtenPerTransfer));
    }

    /** For each workload each system with projections, and those in the order of their stages. */
    List<LagRow> lags() {
        List<LagRow> lags = new ArrayList<>();
        for (Row row : rows()) {
            List<Lag> rounds = rounds(row.workload(), row.system(), row.stage()).stream()
                    .flatMap(measurement ->
                            Stream.ofNullable(measurement.run().lags().get(row.stage())))
                    .toList();
            if (!rounds.isEmpty()) {
                lags.add(new LagRow(
                        row.workload(),
                        row.system(),
                        row.stage(),
                        spread(rounds, Lag::entriesMax),
                        spread(rounds, Lag::secondsAfter)));
            }
        }
        return List.copyOf(lags);
    }

    /** For each workload each system in its order. */
    List<Parts> parts() {
        List<Parts> parts = new ArrayList<>();
        for (String workload : workloads()) {
            for (String system : systems.keySet()) {
                List<Measurement> rounds = rounds(workload, system);
                Map<String, Double> micros = new TreeMap<>();
                rounds.stream()
                        .flatMap(measurement -> measurement.usage().time().seconds().keySet().stream())
                        .distinct()
                        .forEach(part -> micros.put(
                                part,
                                spread(rounds, measurement -> measurement.cpuMicrosPerTransfer(part))
                                        .median()));
                if (!micros.isEmpty()) {
                    parts.add(new Parts(workload, system, micros));
                }
            }
        }
        return List.copyOf(parts);
    }

    private SequencedSet<String> workloads() {
        SequencedSet<String> workloads = new LinkedHashSet<>();
        measurements.forEach(measurement -> workloads.add(measurement.workload()));
        return workloads;
    }

    private List<Measurement> rounds(String workload, String system) {
        return measurements.stream()
                .filter(measurement -> measurement.workload().equals(workload)
                        && measurement.system().equals(system))
                .toList();
    }

    /** Those in which the system had such a stage. */
    private List<Measurement> rounds(String workload, String system, Stage stage) {
        return rounds(workload, system).stream()
                .filter(measurement -> measurement.run().seconds().containsKey(stage))
                .toList();
    }

    private double median(String workload, String system, Stage stage) {
        List<Measurement> rounds = rounds(workload, system, stage);
        return rounds.isEmpty()
                ? Double.NaN
                : spread(rounds, measurement -> measurement.rate(stage)).median();
    }

    private static <T> Spread spread(List<T> rounds, ToDoubleFunction<T> figure) {
        return Spread.of(rounds.stream().map(figure::applyAsDouble).toList());
    }
}
