package io.pacioli.ledger.app.audit;

import io.pacioli.ledger.api.ExportManifest;
import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.app.AmountText;
import io.pacioli.ledger.app.CommandFailure;
import io.pacioli.ledger.app.Terminal;
import io.pacioli.ledger.app.TextTable;
import io.pacioli.ledger.audit.Export;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ledger export}. */
@Command(
        name = "export",
        description = {
            "Copy the ledger's topics into files, for disaster recovery or for an auditor.",
            "Journal, commands, messages between shards, dead letters and checkpoints as they are at one moment, compressed, with a"
                    + " manifest of hashes that is written last. The system may go on meanwhile. Needs no right to write to"
                    + " Kafka. The format is described in docs/export.md."
        })
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class ExportCommand implements Callable<Integer> {
    @Mixin
    private RunningLedger ledger;

    @Option(
            names = "--to",
            paramLabel = "DIR",
            required = true,
            description = "Where to: a directory that is empty or does not exist.")
    private Path directory;

    @Option(names = "--json", description = "Print what was exported as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    private record Figures(long records, int files, long bytes) {
        Figures add(ExportManifest.Partition partition) {
            long more = partition.files().stream()
                    .mapToLong(ExportManifest.File::bytes)
                    .sum();
            return new Figures(
                    records + partition.records(), files + partition.files().size(), bytes + more);
        }
    }

    /** For picocli. */
    public ExportCommand() {}

    @Override
    public Integer call() {
        Terminal terminal = Terminal.of(spec.commandLine());
        ExportManifest manifest;
        try (ReplayProgress progress = ReplayProgress.start(terminal, "Exporting")) {
            manifest = Export.run(ledger.properties(), ledger.kafka().topics(), directory, progress);
        }
        Map<String, Figures> topics = new LinkedHashMap<>();
        for (ExportManifest.Partition partition : manifest.partitions()) {
            topics.put(
                    partition.topic(),
                    topics.getOrDefault(partition.topic(), new Figures(0, 0, 0)).add(partition));
        }
        Path file = directory.resolve(ExportManifest.FILE);
        if (json) {
            terminal.line(json(file, manifest, topics));
        } else {
            print(terminal, file, manifest, topics);
        }
        return 0;
    }

    private static void print(Terminal terminal, Path file, ExportManifest manifest, Map<String, Figures> topics) {
        terminal.line(terminal.bold("Exported " + manifest.topics().journal()) + " with "
                + manifest.shards().size() + " shards");
        TextTable figures = new TextTable("lrrr").row("topic", "records", "files", "bytes");
        topics.forEach((topic, one) -> figures.row(
                topic, AmountText.count(one.records), AmountText.count(one.files), AmountText.count(one.bytes)));
        figures.lines().forEach(line -> terminal.line("  " + line));
        terminal.line();
        TextTable shards = new TextTable("rrl").row("shard", "entries", "hash of the last entry");
        for (ExportManifest.Shard shard : manifest.shards()) {
            shards.row(
                    Integer.toString(shard.shard()),
                    AmountText.count(shard.sequence()),
                    terminal.faint(shard.hash().hex()));
        }
        shards.lines().forEach(line -> terminal.line("  " + line));
        terminal.line();
        terminal.line(terminal.good("✔") + " " + file + "   SHA-256 " + hash(file));
    }

    private static String json(Path file, ExportManifest manifest, Map<String, Figures> topics) {
        return AuditJson.of(json -> {
            json.writeStringField("manifest", file.toString());
            json.writeStringField("sha256", hash(file));
            json.writeArrayFieldStart("topics");
            for (Map.Entry<String, Figures> topic : topics.entrySet()) {
                json.writeStartObject();
                json.writeStringField("topic", topic.getKey());
                json.writeNumberField("records", topic.getValue().records);
                json.writeNumberField("files", topic.getValue().files);
                json.writeNumberField("bytes", topic.getValue().bytes);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayFieldStart("shards");
            List<ExportManifest.Shard> shards = manifest.shards();
            for (ExportManifest.Shard shard : shards) {
                json.writeStartObject();
                json.writeNumberField("shard", shard.shard());
                json.writeNumberField("sequence", shard.sequence());
                AuditJson.time(json, "at", shard.atMillis());
                json.writeStringField("hash", shard.hash().hex());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private static String hash(Path file) {
        try {
            return Hash.of(file).hex();
        } catch (IOException e) {
            throw new CommandFailure("cannot read " + file + ": " + e, e);
        }
    }
}
