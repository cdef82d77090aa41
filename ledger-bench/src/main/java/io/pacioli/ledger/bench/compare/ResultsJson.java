package io.pacioli.ledger.bench.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pacioli.ledger.bench.Spread;
import io.pacioli.ledger.service.Json;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Results as JSON, for programs. Figures that are not known are null. */
final class ResultsJson {
    private static final int VERSION = 1;
    private static final double DECIMALS = 1_000;

    private ResultsJson() {}

    /** One object, indented. */
    static String write(Results results) {
        ObjectNode json = Json.mapper().createObjectNode();
        json.put("v", VERSION);
        json.put("startedAt", results.startedAt());
        machine(json.putObject("machine"), results.machine());
        settings(json.putObject("settings"), results.settings());
        ObjectNode acrossShards = json.putObject("acrossShards");
        results.acrossShards().forEach((workload, share) -> figure(acrossShards, workload, share));
        ObjectNode systems = json.putObject("systems");
        results.systems().forEach((name, settings) -> {
            ObjectNode system = systems.putObject(name);
            settings.forEach(system::put);
        });
        json.put("postgres", Results.POSTGRES);
        json.put("redis", Results.REDIS);
        ArrayNode rows = json.putArray("medians");
        results.rows().forEach(row -> row(rows.addObject(), row));
        ArrayNode latencies = json.putArray("latencies");
        results.latencies().forEach(latency -> latency(latencies.addObject(), latency));
        ArrayNode runs = json.putArray("runs");
        results.measurements().forEach(measurement -> run(runs.addObject(), measurement));
        try {
            return Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("results cannot be written as JSON", e);
        }
    }

    private static void machine(ObjectNode json, Machine machine) {
        json.put("cpu", machine.cpu());
        json.put("cores", machine.cores());
        json.put("memoryMegabytes", machine.memoryMegabytes());
        json.put("kernel", machine.kernel());
        json.put("fileSystem", machine.fileSystem());
        json.put("jvm", machine.jvm());
        json.put("revision", machine.revision());
    }

    private static void settings(ObjectNode json, ComparisonSettings settings) {
        json.put("shards", settings.shards());
        json.put("threads", settings.threads());
        json.put("accounts", settings.accounts());
        json.put("rounds", settings.rounds());
        json.put("warmUpSeconds", settings.warmUpSeconds());
        json.put("seconds", settings.seconds());
        json.put("skew", settings.skew());
        json.put("hotPercent", settings.hotPercent());
        ArrayNode rates = json.putArray("rates");
        settings.rates().forEach(rates::add);
        json.put("seed", settings.seed());
    }

    private static void row(ObjectNode json, Results.Row row) {
        json.put("workload", row.workload());
        json.put("system", row.system());
        json.put("stage", name(row.stage()));
        spread(json.putObject("transfersPerSecond"), row.rate());
        figure(json, "timesPostgres", row.timesPostgres());
        figure(json, "timesRedis", row.timesRedis());
        figure(json, "timesFirstWorkload", row.timesFirst());
        spread(json.putObject("cpuMicrosPerTransfer"), row.cpuMicros());
        spread(json.putObject("writtenBytesPerTransfer"), row.writtenBytes());
    }

    private static void spread(ObjectNode json, Spread spread) {
        figure(json, "median", spread.median());
        figure(json, "min", spread.min());
        figure(json, "max", spread.max());
    }

    private static void latency(ObjectNode json, Latency latency) {
        json.put("system", latency.system());
        json.put("request", latency.request().label());
        json.put("requestsPerSecond", latency.rate());
        json.put("requests", latency.requests());
        ObjectNode millis = json.putObject("millis");
        latency.millis().forEach((percentile, value) -> figure(millis, Latency.label(percentile), value));
        lags(json.putObject("lags"), latency.lags());
    }

    private static void lags(ObjectNode json, Map<Stage, Lag> lags) {
        lags.forEach((stage, lag) -> {
            ObjectNode of = json.putObject(name(stage));
            of.put("entriesMax", lag.entriesMax());
            figure(of, "secondsAfter", lag.secondsAfter());
        });
    }

    private static void run(ObjectNode json, Measurement measurement) {
        json.put("system", measurement.system());
        json.put("workload", measurement.workload());
        json.put("round", measurement.round());
        json.put("transfers", measurement.run().counts().transfers());
        json.put("accepted", measurement.run().counts().accepted());
        ObjectNode seconds = json.putObject("seconds");
        measurement.run().seconds().forEach((stage, value) -> figure(seconds, name(stage), value));
        lags(json.putObject("lags"), measurement.run().lags());
        figure(json, "cpuSeconds", measurement.usage().time().total());
        ObjectNode parts = json.putObject("cpuSecondsOf");
        new TreeMap<>(measurement.usage().time().seconds()).forEach((part, used) -> figure(parts, part, used));
        figure(json, "writtenBytes", measurement.usage().writtenBytes());
    }

    private static String name(Stage stage) {
        return stage.name().toLowerCase(Locale.ROOT);
    }

    /** To three decimals. */
    private static void figure(ObjectNode json, String name, double value) {
        if (Double.isFinite(value)) {
            json.put(name, Math.round(value * DECIMALS) / DECIMALS);
        } else {
            json.putNull(name);
        }
    }
}
