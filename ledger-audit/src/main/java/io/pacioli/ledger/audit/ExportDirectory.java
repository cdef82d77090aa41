package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.ArchivedRecord;
import io.pacioli.ledger.api.ExportManifest;
import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.api.RecordFileReader;
import io.pacioli.ledger.core.MalformedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An export on the disk. Thread safe, but for the records. */
public final class ExportDirectory {
    private final Path directory;
    private final ExportManifest manifest;

    private ExportDirectory(Path directory, ExportManifest manifest) {
        this.directory = directory;
        this.manifest = manifest;
    }

    /**
     * Reads what an export holds.
     *
     * @throws AuditException when there is none, or none that fits together
     */
    public static ExportDirectory open(Path directory) {
        Path file = directory.resolve(ExportManifest.FILE);
        if (!Files.isRegularFile(file)) {
            throw new AuditException("there is no " + ExportManifest.FILE + " in " + directory
                    + ": it is no export, or one that was interrupted");
        }
        try {
            ExportDirectory export = new ExportDirectory(directory, ExportManifest.decode(Files.readAllBytes(file)));
            export.requireWhole();
            return export;
        } catch (IOException e) {
            throw new AuditException("cannot read " + file + ": " + e, e);
        } catch (MalformedException e) {
            throw new AuditException(file + " is no manifest of an export: " + e.getMessage(), e);
        }
    }

    /** What it holds, as it says. */
    public ExportManifest manifest() {
        return manifest;
    }

    /** How many partitions each topic has. */
    public Map<String, Integer> topics() {
        Map<String, Integer> topics = new HashMap<>();
        manifest.partitions().forEach(one -> topics.merge(one.topic(), 1, Integer::sum));
        return topics;
    }

    /**
     * What it holds of a partition.
     *
     * @throws AuditException when that is nothing
     */
    public ExportManifest.Partition partition(String topic, int partition) {
        return manifest.partitions().stream()
                .filter(one -> one.topic().equals(topic) && one.partition() == partition)
                .findFirst()
                .orElseThrow(() -> new AuditException(
                        directory + " has no manifest of an export: nothing of partition " + topic + "-" + partition));
    }

    private void requireWhole() {
        Map<String, Integer> topics = topics();
        topics.forEach((topic, count) -> {
            for (int partition = 0; partition < count; partition++) {
                partition(topic, partition);
            }
        });
        int shards = manifest.shards().size();
        for (String topic : List.of(
                manifest.topics().journal(),
                manifest.topics().commands(),
                manifest.topics().transit())) {
            if (shards == 0 || topics.getOrDefault(topic, 0) != shards) {
                throw new AuditException("the manifest in " + directory + " must have " + shards + " partitions of "
                        + topic + ", one a shard");
            }
        }
    }

    /**
     * Holds all files against the manifest.
     *
     * @param progress hears of bytes
     * @throws AuditException naming the first that is missing or damaged
     */
    public void verify(Progress progress) {
        long total = manifest.partitions().stream()
                .flatMap(partition -> partition.files().stream())
                .mapToLong(ExportManifest.File::bytes)
                .sum();
        long done = 0;
        for (ExportManifest.Partition partition : manifest.partitions()) {
            for (ExportManifest.File file : partition.files()) {
                verify(file);
                done += file.bytes();
                progress.advanced(done, total);
            }
        }
    }

    private void verify(ExportManifest.File file) {
        Path path = directory.resolve(file.name());
        try {
            if (!Files.isRegularFile(path)) {
                throw new AuditException("the export is not whole: " + path + " is missing");
            }
            if (Files.size(path) != file.bytes() || !Hash.of(path).equals(file.sha256())) {
                throw new AuditException(
                        "the export is damaged: " + path + " is not the file that " + ExportManifest.FILE + " names");
            }
        } catch (IOException e) {
            throw new AuditException("cannot read " + path + ": " + e, e);
        }
    }

    /** The records of a partition, in their order. */
    public Records records(ExportManifest.Partition partition) {
        return new Records(partition);
    }

    /** Reads the files of one partition, one behind the other. Not thread safe. */
    public final class Records implements AutoCloseable {
        private final Iterator<ExportManifest.File> files;
        private @Nullable RecordFileReader reader;
        private long next;

        private Records(ExportManifest.Partition partition) {
            files = partition.files().iterator();
        }

        /** The next record; null behind the last. */
        public @Nullable ArchivedRecord next() {
            try {
                while (true) {
                    ArchivedRecord record = reader == null ? null : reader.next();
                    if (record != null) {
                        if (record.offset() < next) {
                            throw new AuditException("the export is damaged: offset " + record.offset()
                                    + " must not come behind " + (next - 1));
                        }
                        next = record.offset() + 1;
                        return record;
                    }
                    close();
                    if (!files.hasNext()) {
                        return null;
                    }
                    reader = new RecordFileReader(directory.resolve(files.next().name()));
                }
            } catch (IOException e) {
                throw new AuditException("cannot read the export in " + directory + ": " + e, e);
            }
        }

        @Override
        public void close() {
            try {
                if (reader != null) {
                    reader.close();
                    reader = null;
                }
            } catch (IOException e) {
                throw new AuditException("cannot read the export in " + directory + ": " + e, e);
            }
        }
    }
}
