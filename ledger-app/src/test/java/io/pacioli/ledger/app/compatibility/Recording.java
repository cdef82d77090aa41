package io.pacioli.ledger.app.compatibility;

import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.api.ExportManifest;
import io.pacioli.ledger.api.LedgerClient;
import io.pacioli.ledger.api.OutcomeCodec;
import io.pacioli.ledger.api.SigningKey;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.core.Rejection;
import io.pacioli.ledger.testkit.workload.Workload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

/**
 * A ledger as a version of the program has left it: its topics as {@code ledger export} writes them, the records that processors restore
 * their state from, the rows and keys of both stores, and what was said about it then.
 */
final class Recording {
    private static final long SEED = 1494;
    private static final int COMMANDS = 400;

    private final Path directory;

    Recording(Path directory) {
        this.directory = directory;
    }

    /** Commands that were decided, each with its outcome: those that are to be had again. */
    record Decided(Command command, Outcome outcome) {}

    /**
     * Makes one of the program as it is now.
     *
     * @param scratch a directory to work in
     */
    void make(Path scratch) throws Exception {
        Files.createDirectories(directory);
        try (LedgerOnServers ledger = new LedgerOnServers(scratch)) {
            SigningKey.createIfMissing(ledger.key(), ledger.publicKey());
            ledger.startServices();
            try (LedgerClient client = ledger.client()) {
                write(sendAll(client, new Workload(SEED), COMMANDS));
            }
            // Both projections at the end of the journal, and everything signed.
            ledger.run("audit", "--public-key", ledger.publicKey().toString());
            ledger.stopServices();
            ledger.run("export", "--to", directory.resolve("export").toString());
            RecordedState.record(ledger.kafka(), directory.resolve("state"));
            RecordedRedis.record(ledger.redis(), directory.resolve("redis.txt"));
            RecordedPostgres.record(ledger.postgres(), directory.resolve("postgres.gz"));
            Files.writeString(directory.resolve("balances.csv"), ledger.run("state", "--csv"));
            ledger.copyKeys(scratch, directory);
        }
    }

    /** Puts everything where it was. */
    void load(LedgerOnServers ledger, Path scratch) throws Exception {
        ledger.copyKeys(directory, scratch);
        ledger.run(
                "import",
                "--from",
                directory.resolve("export").toString(),
                "--checkpoint-public-key-file",
                ledger.publicKey().toString());
        RecordedState.restore(ledger.kafka(), directory.resolve("state"));
        RecordedRedis.restore(ledger.redis(), directory.resolve("redis.txt"));
        RecordedPostgres.restore(ledger.postgres(), directory.resolve("postgres.gz"));
    }

    /** All balances, as they were told when it was made. */
    String balances() throws IOException {
        return Files.readString(directory.resolve("balances.csv"));
    }

    /** Where each shard stood. */
    String positions() throws IOException {
        return ExportManifest.decode(
                        Files.readAllBytes(directory.resolve("export").resolve(ExportManifest.FILE)))
                .shards()
                .stream()
                .map(shard -> new Position(shard.shard(), shard.sequence()).toString())
                .collect(Collectors.joining(","));
    }

    /** What was decided and is to be told again. */
    List<Decided> decided() throws IOException {
        List<Decided> all = new ArrayList<>();
        for (String line : Files.readAllLines(directory.resolve("decided.txt"))) {
            String[] parts = line.split("\t", 2);
            all.add(new Decided(
                    CommandCodec.decode(parts[0].getBytes(StandardCharsets.UTF_8)),
                    OutcomeCodec.decode(parts[1].getBytes(StandardCharsets.UTF_8))));
        }
        return all;
    }

    /** Goes on with commands that were not sent before. */
    static List<Decided> goOn(LedgerClient client, int count) throws Exception {
        Workload workload = new Workload(SEED);
        for (int i = 0; i < COMMANDS; i++) {
            workload.next();
        }
        return sendAll(client, workload, count);
    }

    private static List<Decided> sendAll(LedgerClient client, Workload workload, int count)
            throws InterruptedException, ExecutionException {
        Set<String> ids = new HashSet<>();
        List<Decided> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Command command = workload.next(System.currentTimeMillis());
            Outcome outcome = client.submit(command).get();
            boolean isConflict = outcome instanceof Outcome.Refused refused
                    && refused.rejected().code() == Rejection.IDEMPOTENCY_CONFLICT;
            // What waits is told otherwise once it has been decided, and a conflict is told anew each time.
            if (!(outcome instanceof Outcome.Pending) && !isConflict && ids.add(command.id())) {
                all.add(new Decided(command, outcome));
            }
        }
        return all;
    }

    private void write(List<Decided> all) throws IOException {
        Files.writeString(
                directory.resolve("decided.txt"),
                all.stream()
                        .map(one -> new String(CommandCodec.encode(one.command()), StandardCharsets.UTF_8) + "\t"
                                + new String(OutcomeCodec.encode(one.outcome()), StandardCharsets.UTF_8) + "\n")
                        .collect(Collectors.joining()));
    }
}
