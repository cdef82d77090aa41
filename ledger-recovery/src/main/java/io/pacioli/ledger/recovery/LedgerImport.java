package io.pacioli.ledger.recovery;

import io.pacioli.ledger.api.ArchivedRecord;
import io.pacioli.ledger.api.CheckpointCodec;
import io.pacioli.ledger.api.ExportManifest;
import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.LedgerTopics;
import io.pacioli.ledger.api.PublicKeys;
import io.pacioli.ledger.api.TopicMismatchException;
import io.pacioli.ledger.api.TopicSettings;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.audit.Audit;
import io.pacioli.ledger.audit.AuditException;
import io.pacioli.ledger.audit.AuditReport;
import io.pacioli.ledger.audit.AuditSettings;
import io.pacioli.ledger.audit.ExportDirectory;
import io.pacioli.ledger.audit.Resharding;
import io.pacioli.ledger.core.InvariantViolation;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.processor.RebuiltState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Restores an export into a cluster that has none of the ledger's topics, so that processors go on where the exported ledger stood.
 *
 * <p>Every record has the bytes, the time and the offset that it had. The state that processors keep besides is made from the journal by
 * the ledger's own rules. Until all is there no processor works with the topics; one that is started meanwhile refuses, saying why. An import that fails leaves topics behind that must be deleted before the next.
 */
public final class LedgerImport {
    private static final long ANSWER_SECONDS_MAX = 60;

    private final Map<String, String> kafka;
    private final ExportDirectory export;
    private final ExportManifest manifest;
    private final Topics topics;
    private final String applicationId;
    private final short replicationFactor;
    private final PublicKeys keys;
    private final ImportProgress progress;

    private LedgerImport(
            Map<String, String> kafka,
            ExportDirectory export,
            String applicationId,
            short replicationFactor,
            PublicKeys keys,
            ImportProgress progress) {
        this.kafka = kafka;
        this.export = export;
        manifest = export.manifest();
        topics = manifest.topics();
        this.applicationId = applicationId;
        this.replicationFactor = replicationFactor;
        this.keys = keys;
        this.progress = progress;
    }

    /**
     * Imports, and audits what was imported.
     *
     * @param kafka properties of Kafka's clients; must hold {@code bootstrap.servers}
     * @param directory with the export
     * @param shards how many shards the ledger is to have; null for as many as it had. With another number it becomes a new ledger, see
     *     {@link Resharding}, for which there must be room in the directory for temporary files
     * @param applicationId of the processors that are to go on, see
     *     {@link io.pacioli.ledger.processor.ProcessorSettings#applicationId(Topics)}
     * @param replicationFactor copies of each partition
     * @param keys by which the audit verifies signed checkpoints; none to leave them out, as another number of shards does
     * @param progress hears of each step
     * @return what the audit says
     * @throws RecoveryException when the export is not whole or the cluster has some of the topics already, before anything is changed;
     *     and when the cluster fails
     */
    public static AuditReport run(
            Map<String, String> kafka,
            Path directory,
            @Nullable Integer shards,
            String applicationId,
            short replicationFactor,
            PublicKeys keys,
            ImportProgress progress) {
        try {
            ExportDirectory export = ExportDirectory.open(directory);
            export.verify((done, total) -> progress.advanced(ImportProgress.Step.VERIFYING, done, total));
            if (shards == null || shards == export.manifest().shards().size()) {
                return new LedgerImport(kafka, export, applicationId, replicationFactor, keys, progress).run();
            }
            return resharded(kafka, export, shards, applicationId, replicationFactor, progress);
        } catch (TopicMismatchException | AuditException e) {
            throw new RecoveryException(String.valueOf(e.getMessage()), e);
        } catch (KafkaException e) {
            throw new RecoveryException("the cluster failed: " + e.getMessage(), e);
        }
    }

    private static AuditReport resharded(
            Map<String, String> kafka,
            ExportDirectory export,
            int shards,
            String applicationId,
            short replicationFactor,
            ImportProgress progress) {
        try (ScratchDirectory scratch = ScratchDirectory.create()) {
            Resharding.run(
                    export,
                    scratch.path(),
                    shards,
                    (done, total) -> progress.advanced(ImportProgress.Step.RESHARDING, done, total));
            ExportDirectory other = ExportDirectory.open(scratch.path());
            return new LedgerImport(kafka, other, applicationId, replicationFactor, PublicKeys.NONE, progress).run();
        }
    }

    /**
     * The ids of the keys that have signed the last checkpoint of each shard in an export, which are to sign the next ones; none when it has
     * none.
     */
    public static Set<String> signers(Path directory) {
        try {
            ExportDirectory export = ExportDirectory.open(directory);
            String topic = export.manifest().topics().checkpoints();
            Set<String> signers = new TreeSet<>();
            for (ExportManifest.Partition partition : export.manifest().partitions()) {
                byte @Nullable [] last = partition.topic().equals(topic) ? last(export, partition) : null;
                if (last != null) {
                    signers.add(CheckpointCodec.decode(last).keyId());
                }
            }
            return signers;
        } catch (AuditException | MalformedException e) {
            throw new RecoveryException(String.valueOf(e.getMessage()), e);
        }
    }

    private static byte @Nullable [] last(ExportDirectory export, ExportManifest.Partition partition) {
        byte @Nullable [] last = null;
        try (ExportDirectory.Records records = export.records(partition)) {
            for (ArchivedRecord record = records.next(); record != null; record = records.next()) {
                last = record.value();
            }
        }
        return last;
    }

    /** How many shards the exported ledger had. */
    public static int shards(Path directory) {
        return manifest(directory).shards().size();
    }

    /** The topics that an export is of, which an import creates. */
    public static Topics topics(Path directory) {
        return manifest(directory).topics();
    }

    private static ExportManifest manifest(Path directory) {
        try {
            return ExportDirectory.open(directory).manifest();
        } catch (AuditException e) {
            throw new RecoveryException(String.valueOf(e.getMessage()), e);
        }
    }

    private AuditReport run() {
        try (Admin admin = Admin.create(new HashMap<>(kafka))) {
            requireNoState(admin);
            LedgerTopics.createForRestoring(admin, export.topics(), replicationFactor);
            Map<Integer, Long> commandsMillis = restoreRecords();
            restoreState(admin, commandsMillis);
            commitOffsets(admin);
            TopicSettings settings = new TopicSettings(manifest.shards().size(), replicationFactor);
            LedgerTopics.finishRestoring(admin, topics, export.topics().keySet(), settings);
        }
        return Audit.run(
                AuditSettings.of(kafka, topics).withKeys(keys),
                (done, total) -> progress.advanced(ImportProgress.Step.AUDITING, done, total));
    }

    private void requireNoState(Admin admin) {
        String state = RebuiltState.topic(applicationId);
        if (get(admin.listTopics().names()).contains(state)) {
            throw new RecoveryException(
                    "topic " + state + " exists: an import needs a cluster without this ledger's topics");
        }
    }

    /** Returns the latest time of the commands that the journal knows of, by shard. */
    private Map<Integer, Long> restoreRecords() {
        List<TopicPartition> partitions = new ArrayList<>();
        List<RestoredPartition> restored = new ArrayList<>();
        List<ExportDirectory.Records> opened = new ArrayList<>();
        Map<Integer, Long> commandsMillis = new TreeMap<>();
        long total = 0;
        try {
            for (ExportManifest.Partition one : manifest.partitions()) {
                TopicPartition partition = new TopicPartition(one.topic(), one.partition());
                ExportDirectory.Records records = export.records(one);
                opened.add(records);
                partitions.add(partition);
                restored.add(new RestoredPartition(
                        partition, () -> noted(partition, records.next(), commandsMillis), one.end()));
                total += one.end();
            }
            long all = total;
            AtomicLong done = new AtomicLong();
            try (RecordRestore restore = new RecordRestore(kafka, partitions)) {
                restore.run(
                        restored,
                        offsets -> progress.advanced(ImportProgress.Step.RESTORING, done.addAndGet(offsets), all));
            }
            return commandsMillis;
        } finally {
            opened.forEach(ExportDirectory.Records::close);
        }
    }

    private @Nullable ArchivedRecord noted(
            TopicPartition partition, @Nullable ArchivedRecord record, Map<Integer, Long> commandsMillis) {
        int shard = partition.partition();
        if (record != null
                && partition.topic().equals(topics.commands())
                && record.offset() < manifest.shards().get(shard).commandsNext()) {
            commandsMillis.merge(shard, record.atMillis(), Math::max);
        }
        return record;
    }

    /** Makes the processors' state from the journal, a shard at a time. */
    private void restoreState(Admin admin, Map<Integer, Long> commandsMillis) {
        int shards = manifest.shards().size();
        String topic = RebuiltState.topic(applicationId);
        get(admin.createTopics(
                        List.of(new NewTopic(topic, shards, replicationFactor).configs(RebuiltState.topicSettings())))
                .all());
        KafkaRouter router = new KafkaRouter(shards);
        long total = manifest.shards().stream()
                .mapToLong(ExportManifest.Shard::sequence)
                .sum();
        AtomicLong done = new AtomicLong();
        try (StateWriter writer = new StateWriter(kafka, topic)) {
            for (ExportManifest.Shard shard : manifest.shards()) {
                RebuiltState state = rebuild(shard, router, done, total);
                state.forEach(
                        shard.commandsNext(),
                        commandsMillis.getOrDefault(shard.shard(), 0L),
                        (key, value) -> writer.write(shard.shard(), shard.atMillis(), key, value));
            }
        }
    }

    private RebuiltState rebuild(ExportManifest.Shard shard, KafkaRouter router, AtomicLong done, long total) {
        RebuiltState state = new RebuiltState(shard.shard(), router);
        ExportManifest.Partition journal = export.partition(topics.journal(), shard.shard());
        try (ExportDirectory.Records records = export.records(journal)) {
            for (ArchivedRecord record = records.next(); record != null; record = records.next()) {
                if (record.value() == null) {
                    throw new MalformedException("record", "must have a value", "null");
                }
                state.apply(JournalCodec.decode(record.value()));
                progress.advanced(ImportProgress.Step.REBUILDING, done.incrementAndGet(), total);
            }
        } catch (MalformedException | InvariantViolation e) {
            throw new RecoveryException(
                    "the journal of shard " + shard.shard() + " in the export is damaged behind entry "
                            + state.sequence() + ": " + e.getMessage(),
                    e);
        }
        if (state.sequence() != shard.sequence() || !state.last().equals(shard.hash())) {
            throw new RecoveryException("the journal of shard " + shard.shard() + " in the export ends with entry "
                    + state.sequence() + ", hash " + state.last().hex() + ", and its manifest says " + shard.sequence()
                    + ", hash " + shard.hash().hex());
        }
        return state;
    }

    /** Where processors read on. Their state knows that too; without it they would read all commands again to pass over them. */
    private void commitOffsets(Admin admin) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (ExportManifest.Shard shard : manifest.shards()) {
            offsets.put(
                    new TopicPartition(topics.commands(), shard.shard()), new OffsetAndMetadata(shard.commandsNext()));
            offsets.put(
                    new TopicPartition(topics.transit(), shard.shard()), new OffsetAndMetadata(shard.transitNext()));
        }
        get(admin.alterConsumerGroupOffsets(applicationId, offsets).all());
    }

    private static <T> T get(KafkaFuture<T> answer) {
        try {
            return answer.get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new RecoveryException("the cluster failed: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RecoveryException("interrupted", e);
        }
    }
}
