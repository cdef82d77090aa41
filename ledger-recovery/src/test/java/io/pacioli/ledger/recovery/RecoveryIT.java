package io.pacioli.ledger.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.api.Definitions;
import io.pacioli.ledger.api.ExportManifest;
import io.pacioli.ledger.api.LedgerClient;
import io.pacioli.ledger.api.PublicKeys;
import io.pacioli.ledger.api.SigningKey;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.audit.Audit;
import io.pacioli.ledger.audit.AuditReport;
import io.pacioli.ledger.audit.AuditSettings;
import io.pacioli.ledger.audit.CheckpointFigures;
import io.pacioli.ledger.audit.Export;
import io.pacioli.ledger.audit.Finding;
import io.pacioli.ledger.audit.From;
import io.pacioli.ledger.audit.Progress;
import io.pacioli.ledger.audit.WhatIf;
import io.pacioli.ledger.audit.WhatIfReport;
import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Conditions;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.core.Rejection;
import io.pacioli.ledger.embedded.EmbeddedKafka;
import io.pacioli.ledger.embedded.ServerConfig;
import io.pacioli.ledger.processor.ProcessorSettings;
import io.pacioli.ledger.processor.RebuiltState;
import io.pacioli.ledger.testkit.TestServices;
import io.pacioli.ledger.testkit.workload.Workload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An exported ledger goes on in another cluster as if nothing had happened; what is not whole is refused. */
@SuppressWarnings("try") // A processor is there to run, not to be asked.
final class RecoveryIT {
    private static final int SHARDS = 3;
    private static final int COMMANDS = 3_000;
    private static final long SOON_MILLIS = 12_000;
    private static final short ONE = 1;

    @TempDir
    private static Path scratch = Path.of("");

    private static EmbeddedKafka second;

    @BeforeAll
    static void startTheOtherCluster() {
        second = EmbeddedKafka.start(ServerConfig.fresh().withHeapMegabytes(384));
    }

    @AfterAll
    static void stopTheOtherCluster() {
        second.close();
    }

    @Test
    void goesOnInAnotherCluster() throws Exception {
        TestLedger source = fresh();
        Path export = scratch.resolve("export-1");
        Map<Command, Outcome> outcomes = new LinkedHashMap<>();
        long soon;
        try (TestLedger.Running processor = source.start(scratch.resolve("one"));
                LedgerClient client = source.client()) {
            live(source, client, 1, outcomes);
            soon = System.currentTimeMillis() + SOON_MILLIS;
            waiting(client, soon);
            // Some of these are decided, some have sent a message that nobody has read, and some nobody has read.
            source.produce(workload(2, 300));
        }
        source.produce(workload(3, 50));
        ExportManifest manifest = Export.run(source.kafka, source.topics, export, Progress.NONE);
        TestLedger target = restored(source, export);

        assertSameTopics(source, target);
        assertThat(state(target)).isEqualTo(state(source));
        assertThat(target.balances()).isEqualTo(source.balances());
        assertThat(manifest.shards()).hasSize(SHARDS).allMatch(shard -> shard.sequence() > 0);
        try (TestLedger.Running processor = target.start(scratch.resolve("two"));
                LedgerClient client = target.client()) {
            Map<Command, CompletableFuture<Outcome>> again = new LinkedHashMap<>();
            outcomes.keySet().forEach(command -> again.put(command, client.submit(command)));
            again.forEach((command, outcome) ->
                    assertThat(TestLedger.get(outcome)).as(command.toString()).isEqualTo(outcomes.get(command)));
            Command conflict = new Command.DefineAsset(
                    "define-LAST", new Asset("LAST", "Another", "", "", 0, null), Amount.ZERO, null, Map.of());
            assertThat(TestLedger.outcome(client, conflict))
                    .isInstanceOfSatisfying(
                            Outcome.Refused.class,
                            refused -> assertThat(refused.rejected().code()).isEqualTo(Rejection.IDEMPOTENCY_CONFLICT));
            TestLedger.until("what was to be due is", () -> System.currentTimeMillis() > soon);
            TestLedger.until("the hold has expired and the transfer was made", () -> {
                Map<String, String> balances = target.balances();
                return has(balances, " later-payee LAST", "available=30")
                        && has(balances, " held LAST", "available=100, held=0");
            });
            live(target, client, 4, new HashMap<>());
            target.settled();
        }
        AuditReport report = target.audit();
        assertThat(report.passed()).isTrue();
        assertThat(report.entries())
                .isGreaterThan(manifest.shards().stream()
                        .mapToLong(ExportManifest.Shard::sequence)
                        .sum());
    }

    @Test
    void isExportedWhileItGoesOn() throws Exception {
        TestLedger source = fresh();
        Path export = scratch.resolve("export-2");
        try (TestLedger.Running processor = source.start(scratch.resolve("three"));
                LedgerClient client = source.client()) {
            live(source, client, 5, new HashMap<>());
            CompletableFuture<Void> load = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 10; i++) {
                    source.produce(workload(100L + i, 400));
                }
            });
            Export.run(source.kafka, source.topics, export, Progress.NONE);
            TestLedger.get(load);
        }
        TestLedger target = restored(source, export);

        try (TestLedger.Running processor = target.start(scratch.resolve("four"))) {
            target.settled();
        }
        // What nobody had decided is decided after the export, once each; dead letters are written once too.
        assertThat(TopicReader.records(target.kafka, target.topics.deadLetters()).values().stream()
                        .mapToInt(List::size)
                        .sum())
                .isEqualTo(malformed(target));
    }

    @Test
    void whatIsNotWholeOrNotAloneIsRefused() throws Exception {
        TestLedger source = fresh();
        Path export = scratch.resolve("export-3");
        try (TestLedger.Running processor = source.start(scratch.resolve("five"));
                LedgerClient client = source.client()) {
            live(source, client, 6, new HashMap<>());
        }
        ExportManifest manifest = Export.run(source.kafka, source.topics, export, Progress.NONE);

        assertThatThrownBy(() -> Export.run(source.kafka, source.topics, export, Progress.NONE))
                .hasMessageContaining("an export needs an empty directory");
        assertThatThrownBy(() -> restore(source.kafka, export))
                .isInstanceOf(RecoveryException.class)
                .hasMessageContaining("exists: an import needs a cluster without this ledger's topics");
        Map<String, String> other = Map.of("bootstrap.servers", second.bootstrapServers());
        Path file = export.resolve(
                manifest.partitions().getFirst().files().getFirst().name());
        byte[] bytes = Files.readAllBytes(file);
        byte[] damaged = bytes.clone();
        damaged[damaged.length / 2] ^= 1;
        Files.write(file, damaged);
        assertThatThrownBy(() -> restore(other, export))
                .isInstanceOf(RecoveryException.class)
                .hasMessageContaining("the export is damaged: " + file);
        Files.delete(file);
        assertThatThrownBy(() -> restore(other, export))
                .isInstanceOf(RecoveryException.class)
                .hasMessageContaining(file + " is missing");
        Files.write(file, bytes);
        Path manifestFile = export.resolve(ExportManifest.FILE);
        byte[] written = Files.readAllBytes(manifestFile);
        Files.delete(manifestFile);
        assertThatThrownBy(() -> restore(other, export))
                .isInstanceOf(RecoveryException.class)
                .hasMessageContaining("it is no export, or one that was interrupted");
        Files.writeString(manifestFile, "{\"format\":\"something else\"}");
        assertThatThrownBy(() -> restore(other, export))
                .isInstanceOf(RecoveryException.class)
                .hasMessageContaining("is no manifest of an export");
        assertThat(topicsOf(other))
                .as("nothing was changed")
                .noneMatch(topic -> topic.startsWith(source.topics.journal()));
        String text = new String(written, StandardCharsets.UTF_8);
        long sequence = manifest.shards().getFirst().sequence();
        Files.writeString(
                manifestFile, text.replaceFirst("\"sequence\" : " + sequence, "\"sequence\" : " + (sequence + 1)));
        assertThatThrownBy(() -> restore(other, export))
                .isInstanceOf(RecoveryException.class)
                .hasMessageContaining("and its manifest says " + (sequence + 1));
        TestLedger half = new TestLedger(second.bootstrapServers(), source.topics, SHARDS);
        assertThatThrownBy(() -> half.start(scratch.resolve("six")))
                .as("no processor works with what was not finished")
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void tellsWhatWouldHaveBeenOnRealTopics() throws Exception {
        TestLedger source = fresh();
        try (TestLedger.Running processor = source.start(scratch.resolve("seven"));
                LedgerClient client = source.client()) {
            live(source, client, 7, new HashMap<>());
            TestLedger.outcome(client, define("CAPPED"));
            TestLedger.outcome(client, new Command.OpenAccount("o-1", "zed", AccountLimits.DEFAULT, Map.of()));
            for (int i = 0; i < 10; i++) {
                TestLedger.outcome(client, new Command.Mint("cap-" + i, "CAPPED", "zed", Amount.of(10), Map.of()));
            }
            source.settled();
        }

        WhatIfReport same = WhatIf.run(source.kafka, source.topics, new From.Start(), Definitions.NONE, Progress.NONE);
        Definitions lower =
                Definitions.decode("{\"assets\":{\"CAPPED\":{\"maxSupply\":\"65\"}}}".getBytes(StandardCharsets.UTF_8));
        WhatIfReport lowered = WhatIf.run(source.kafka, source.topics, new From.Start(), lower, Progress.NONE);

        assertThat(same.isSame()).as(same.toString()).isTrue();
        assertThat(same.outcomes()).isGreaterThan(COMMANDS / 2);
        assertThat(lowered.changes()).containsExactly(new WhatIfReport.Change("ACCEPTED", "MAX_SUPPLY_EXCEEDED", 4));
        assertThat(lowered.firstOutcomes())
                .extracting(WhatIfReport.OutcomeDifference::commandId)
                .containsExactly("cap-6", "cap-7", "cap-8", "cap-9");
        assertThat(lowered.balancesDifferent())
                .as("of the issuer and the holder")
                .isEqualTo(2 + clearing(lowered));
    }

    @Test
    void goesOnWithAnotherNumberOfShards() throws Exception {
        TestLedger source = fresh();
        Path export = scratch.resolve("export-4");
        List<Command> commands = new ArrayList<>();
        try (TestLedger.Running processor = source.start(scratch.resolve("eight"));
                LedgerClient client = source.client()) {
            TestLedger.outcome(client, define("GOLD"));
            source.settled();
            for (int i = 0; i < 200; i++) {
                commands.add(new Command.OpenAccount("o" + i, "p" + i % 40, AccountLimits.DEFAULT, Map.of()));
                commands.add(new Command.Mint("m" + i, "GOLD", "p" + i % 40, Amount.of(100), Map.of()));
            }
            outcomes(client, commands);
            // Whether a hold is in time for money under way is not the same with other shards, and no import takes
            // that.
            source.settled();
            for (int i = 0; i < 200; i++) {
                commands.add(
                        new Command.PlaceHold("h" + i, "GOLD", "p" + i % 40, null, Amount.of(1), null, "", Map.of()));
            }
            outcomes(client, commands);
            source.settled();
            for (int i = 0; i < 200; i++) {
                commands.add(new Command.Transfer(
                        "t" + i, "GOLD", "p" + i % 40, "p" + (i * 7 + 1) % 40, Amount.of(1), "", Map.of()));
            }
            outcomes(client, commands);
            source.settled();
        }
        Export.run(source.kafka, source.topics, export, Progress.NONE);
        TestLedger target = new TestLedger(second.bootstrapServers(), source.topics, 5);

        AuditReport report = restore(target.kafka, export, 5);

        assertThat(report.passed()).as(report.findings().toString()).isTrue();
        assertThat(report.shards()).hasSize(5);
        assertThat(clients(target)).isEqualTo(clients(source)).isNotEmpty();
        try (TestLedger.Running processor = target.start(scratch.resolve("nine"));
                LedgerClient client = target.client()) {
            assertThat(outcomes(client, commands)).isEqualTo(codes(source, commands, scratch.resolve("ten")));
            assertThat(TestLedger.outcome(client, new Command.CaptureHold("capture", "h1", "p1", null, "p2", Map.of())))
                    .isInstanceOf(Outcome.Accepted.class);
            target.settled();
        }
    }

    /** With the pair of keys that signed before, and with another one beside whose public key the old one stays. */
    @Test
    void theNotaryGoesOnInAnotherCluster() throws Exception {
        TestLedger source = fresh();
        Path export = scratch.resolve("export-5");
        Path keys = Files.createDirectory(scratch.resolve("keys"));
        SigningKey.createIfMissing(keys.resolve("key"), keys.resolve("public"));
        try (TestLedger.Running processor = source.start(scratch.resolve("eleven"));
                LedgerClient client = source.client()) {
            TestLedger.outcome(client, define("SIGNED"));
            minted(client, "before", 30);
            source.settled();
            source.sign(keys);
        }
        Export.run(source.kafka, source.topics, export, Progress.NONE);
        PublicKeys old = PublicKeys.read(keys.resolve("public"));
        assertThat(LedgerImport.signers(export)).isEqualTo(old.ids());

        TestLedger target = new TestLedger(second.bootstrapServers(), source.topics, SHARDS);
        AuditReport imported = restore(target.kafka, export, SHARDS, old);
        assertThat(imported.findings()).isEmpty();
        long before = checkpoints(imported).verified();
        assertThat(before).isPositive();
        assertThat(checkpoints(imported).uncovered()).isZero();

        try (TestLedger.Running processor = target.start(scratch.resolve("twelve"));
                LedgerClient client = target.client()) {
            minted(client, "old-key", 30);
            target.settled();
            target.sign(keys);
            AuditReport signed = target.audit(old);
            assertThat(checkpoints(signed).verified()).isGreaterThan(before);

            Path others = Files.createDirectory(scratch.resolve("other-keys"));
            Files.copy(keys.resolve("public"), others.resolve("public"));
            SigningKey.createIfMissing(others.resolve("key"), others.resolve("public"));
            PublicKeys both = PublicKeys.read(others.resolve("public"));
            assertThat(both.ids()).hasSize(2).containsAll(old.ids());
            minted(client, "new-key", 30);
            target.settled();
            target.sign(others);
            assertThat(checkpoints(target.audit(both)).verified())
                    .isGreaterThan(checkpoints(signed).verified());
            assertThat(Audit.run(AuditSettings.of(target.kafka, target.topics).withKeys(old), Progress.NONE)
                            .findings())
                    .as("by the old public key alone")
                    .isNotEmpty()
                    .allSatisfy(finding -> assertThat(finding.kind()).isEqualTo(Finding.Kind.CHECKPOINT));
        }
    }

    private static void minted(LedgerClient client, String name, int count) {
        List<Command> mints = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            mints.add(new Command.Mint(name + i, "SIGNED", "s" + i, Amount.of(1), Map.of()));
        }
        outcomes(client, mints);
    }

    private static CheckpointFigures checkpoints(AuditReport report) {
        return Objects.requireNonNull(report.checkpoints());
    }

    private static boolean has(Map<String, String> balances, String place, String balance) {
        return balances.entrySet().stream()
                .anyMatch(one -> one.getKey().endsWith(place) && one.getValue().contains(balance));
    }

    /** What the old ledger says to the same commands. */
    private static List<String> codes(TestLedger ledger, List<Command> commands, Path state) {
        try (TestLedger.Running processor = ledger.start(state);
                LedgerClient client = ledger.client()) {
            return outcomes(client, commands);
        }
    }

    /** Submits all at once; what becomes of them, but for the places. */
    private static List<String> outcomes(LedgerClient client, List<Command> commands) {
        List<CompletableFuture<Outcome>> submitted =
                commands.stream().map(client::submit).toList();
        return submitted.stream()
                .map(TestLedger::get)
                .map(outcome -> outcome.commandId() + " "
                        + (outcome instanceof Outcome.Refused refused
                                ? refused.rejected().code()
                                : "ACCEPTED"))
                .toList();
    }

    /** Balances by account and asset, wherever they are kept. */
    private static Map<String, String> clients(TestLedger ledger) {
        Map<String, String> balances = new HashMap<>();
        ledger.balances().forEach((key, balance) -> {
            if (!key.contains("@clearing")) {
                balances.put(key.substring(key.indexOf(' ') + 1), balance);
            }
        });
        return balances;
    }

    /** The balances of clearing accounts among the first that differ: how many depends on where the holder lives. */
    private static long clearing(WhatIfReport report) {
        return report.firstBalances().stream()
                .filter(one -> one.account().startsWith("@clearing"))
                .count();
    }

    private static TestLedger fresh() {
        String prefix = TestServices.kafka().freshPrefix() + "ledger";
        return new TestLedger(TestServices.kafka().bootstrapServers(), Topics.withPrefix(prefix), SHARDS);
    }

    private static TestLedger restored(TestLedger source, Path export) {
        TestLedger target = new TestLedger(second.bootstrapServers(), source.topics, SHARDS);
        AuditReport report = restore(target.kafka, export);
        assertThat(report.findings())
                .filteredOn(finding -> !finding.isWarning())
                .isEmpty();
        assertThat(report.passed()).isTrue();
        return target;
    }

    private static AuditReport restore(Map<String, String> kafka, Path export) {
        return restore(kafka, export, SHARDS);
    }

    private static AuditReport restore(Map<String, String> kafka, Path export, int shards) {
        return restore(kafka, export, shards, PublicKeys.NONE);
    }

    private static AuditReport restore(Map<String, String> kafka, Path export, int shards, PublicKeys keys) {
        String applicationId = ProcessorSettings.applicationId(LedgerImport.topics(export));
        return LedgerImport.run(kafka, export, shards, applicationId, ONE, keys, ImportProgress.NONE);
    }

    /** All kinds of commands, records that are none, and commands on a wrong shard. */
    private static void live(TestLedger ledger, LedgerClient client, long seed, Map<Command, Outcome> outcomes) {
        List<Command> commands = workload(seed, COMMANDS);
        List<CompletableFuture<Outcome>> submitted = new ArrayList<>();
        for (int i = 0; i < commands.size(); i++) {
            submitted.add(client.submit(commands.get(i)));
            if (i % 500 == 250) {
                byte[] astray = CommandCodec.encode(new Command.OpenAccount(
                        seed + "-astray-" + i, "astray-" + seed + i, AccountLimits.DEFAULT, Map.of()));
                List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
                for (int shard = 0; shard < SHARDS; shard++) {
                    records.add(new ProducerRecord<>(ledger.topics.commands(), shard, new byte[] {1}, astray));
                }
                records.add(new ProducerRecord<>(
                        ledger.topics.commands(), i % SHARDS, null, "none".getBytes(StandardCharsets.UTF_8)));
                ledger.write(records);
            }
        }
        Map<String, Command> first = new HashMap<>();
        for (int i = 0; i < commands.size(); i++) {
            Command command = commands.get(i);
            Outcome outcome = TestLedger.get(submitted.get(i));
            // Ids come again on purpose, for the same command and for others, also on other shards.
            if (first.putIfAbsent(command.id(), command) == null && !(outcome instanceof Outcome.Pending)) {
                outcomes.put(command, outcome);
            }
        }
    }

    private static List<Command> workload(long seed, int count) {
        Workload workload = new Workload(seed);
        List<Command> commands = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            commands.add(workload.next(System.currentTimeMillis()));
        }
        return commands;
    }

    private static Command define(String code) {
        return new Command.DefineAsset(
                "define-" + code, new Asset(code, code, "", "", 0, null), Amount.ZERO, null, Map.of());
    }

    /** A hold that expires and a transfer that is made soon, in the old cluster or in the new one. */
    private static void waiting(LedgerClient client, long atMillis) {
        TestLedger.outcome(client, define("LAST"));
        for (String account : List.of("held", "later")) {
            accepted(client, id -> new Command.Mint(id, "LAST", account, Amount.of(100), Map.of()));
        }
        accepted(client, id -> new Command.PlaceHold(id, "LAST", "held", null, Amount.of(40), atMillis, "", Map.of()));
        Conditions later = new Conditions(atMillis, null, null);
        Outcome deferred = TestLedger.outcome(
                client,
                new Command.Transfer(
                        "later-transfer", "LAST", "later", "later-payee", Amount.of(30), "", later, Map.of()));
        assertThat(deferred).isInstanceOf(Outcome.Pending.class);
    }

    /** Tries under new ids until it is done: other shards hear of an asset, and money arrives there, some time later. */
    private static void accepted(LedgerClient client, Function<String, Command> command) {
        TestLedger.until(
                "it is accepted",
                () -> TestLedger.outcome(client, command.apply("try-" + System.nanoTime()))
                        instanceof Outcome.Accepted);
    }

    private static void assertSameTopics(TestLedger source, TestLedger target) {
        for (String topic : List.of(
                source.topics.journal(),
                source.topics.commands(),
                source.topics.transit(),
                source.topics.deadLetters())) {
            assertThat(TopicReader.records(target.kafka, topic))
                    .as(topic)
                    .isNotEmpty()
                    .isEqualTo(TopicReader.records(source.kafka, topic));
            assertThat(TopicReader.ends(target.kafka, topic)).isEqualTo(TopicReader.ends(source.kafka, topic));
        }
    }

    /** What processors keep, but for the progress, which may be a few records behind, and reply addresses. */
    private static Map<String, String> state(TestLedger ledger) {
        Map<String, String> state = TopicReader.state(ledger.kafka, RebuiltState.topic(ledger.applicationId()));
        assertThat(state).isNotEmpty();
        state.keySet().removeIf(key -> key.matches("\\d+ (68|72.*)"));
        return state;
    }

    private static int malformed(TestLedger ledger) {
        return (int) Objects.requireNonNull(ledger.audit().inputs()).malformed();
    }

    private static List<String> topicsOf(Map<String, String> kafka) throws IOException {
        try (Admin admin = Admin.create(new HashMap<>(kafka))) {
            return List.copyOf(TestLedger.get(
                    admin.listTopics().names().toCompletionStage().toCompletableFuture()));
        }
    }
}
