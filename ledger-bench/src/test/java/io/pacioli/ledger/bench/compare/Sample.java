package io.pacioli.ledger.bench.compare;

import io.pacioli.ledger.bench.ProcessorTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** Made-up results of three rounds of one workload, whose figures are easy to check by hand. */
final class Sample {
    static final String UNIFORM = "uniform";
    static final String HOT = "70% hot";

    private Sample() {}

    static Results results() {
        List<Measurement> measurements = new ArrayList<>();
        measurements.add(pacioli(1, 10, 10, 20));
        measurements.add(reference(1, 10));
        measurements.add(reference(2, 12.5));
        measurements.add(pacioli(2, 8, 10, 20));
        measurements.add(pacioli(3, 10, 10, 16));
        measurements.add(reference(3, 8));
        measurements.add(pacioli(HOT, 1, 16, 16, 40));
        return results(measurements);
    }

    static Results results(List<Measurement> measurements) {
        SequencedMap<String, Double> acrossShards = new LinkedHashMap<>();
        acrossShards.put(UNIFORM, 0.833);
        SequencedMap<String, SequencedMap<String, String>> systems = new LinkedHashMap<>();
        systems.put(Pacioli.NAME, settings("acks", "all"));
        systems.put(Results.POSTGRES, settings("fsync", "on"));
        SequencedMap<Double, Double> millis = new LinkedHashMap<>();
        Latency.PERCENTILES.forEach(percentile -> millis.put(percentile, percentile / 10));
        return new Results(
                "2026-01-01T00:00:00Z",
                new Machine("CPU <1> & \"2\"", 2, 24_000, "Linux 6.1", "ext4", "JVM 25", "abc1234"),
                new ComparisonSettings(6, 1, 100_000, 3, 5, 10, 0.99, 70, List.of(1_000), List.of(), 42),
                acrossShards,
                systems,
                measurements,
                List.of(
                        new Latency(
                                Pacioli.NAME,
                                Latency.Request.TRANSFER,
                                1_000,
                                10_000,
                                millis,
                                Map.of(Stage.STORED, new Lag(700, 0.25), Stage.VISIBLE, new Lag(70, 0.02))),
                        new Latency(Pacioli.NAME, Latency.Request.BALANCE, 1_000, 10_000, millis, Map.of())));
    }

    static Measurement pacioli(int round, double journaled, double visible, double stored) {
        return pacioli(UNIFORM, round, journaled, visible, stored);
    }

    private static Measurement pacioli(String workload, int round, double journaled, double visible, double stored) {
        Run run = new Run(
                new Counts(400_000, 400_000),
                Map.of(Stage.JOURNALED, journaled, Stage.VISIBLE, visible, Stage.STORED, stored),
                Map.of(
                        Stage.VISIBLE, new Lag(1_000L * round, visible - 8),
                        Stage.STORED, new Lag(100_000L * round, stored - 8)));
        return new Measurement(
                Pacioli.NAME,
                workload,
                round,
                run,
                new Usage(new ProcessorTime(Map.of("broker", 5.0, "decisions", 15.0)), Double.NaN));
    }

    static Measurement reference(int round, double seconds) {
        Run run = Run.answered(new Counts(50_000, 49_999), seconds);
        return new Measurement(
                Results.POSTGRES,
                UNIFORM,
                round,
                run,
                new Usage(new ProcessorTime(Map.of("PostgreSQL", 2 * seconds)), 50_000_000));
    }

    private static SequencedMap<String, String> settings(String name, String value) {
        SequencedMap<String, String> settings = new LinkedHashMap<>();
        settings.put(name, value);
        return settings;
    }
}
