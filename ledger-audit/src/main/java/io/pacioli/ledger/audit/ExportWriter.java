package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.ArchivedRecord;
import io.pacioli.ledger.api.ExportManifest;
import io.pacioli.ledger.api.RecordFileWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Writes the files of an export, the manifest last. Not thread safe. */
final class ExportWriter implements AutoCloseable {
    /** About how large a file gets before it is compressed, so that none has to be moved, hashed or repaired as a whole. */
    private static final long FILE_BYTES = 64L << 20;

    private final Path directory;
    private final Map<TopicPartition, PartitionFiles> partitions = new HashMap<>();

    /** The files of one partition, the last of which may be open. */
    private static final class PartitionFiles {
        private final List<ExportManifest.File> finished = new ArrayList<>();
        private @Nullable RecordFileWriter open;
    }

    /**
     * Begins an export.
     *
     * @throws AuditException when there is something in the directory, or it cannot be written to
     */
    ExportWriter(Path directory) {
        this.directory = directory;
        try {
            Files.createDirectories(directory);
            try (Stream<Path> there = Files.list(directory)) {
                if (there.findAny().isPresent()) {
                    throw new AuditException(
                            "there is something in " + directory + ": an export needs an empty directory");
                }
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Adds a record to its partition. */
    void write(TopicPartition partition, ArchivedRecord record) {
        PartitionFiles files = partitions.computeIfAbsent(partition, _ -> new PartitionFiles());
        try {
            RecordFileWriter writer = files.open;
            if (writer == null) {
                writer = new RecordFileWriter(directory, name(partition, record.offset()));
                files.open = writer;
            }
            writer.write(record);
            if (writer.size() >= FILE_BYTES) {
                finish(files);
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private static String name(TopicPartition partition, long offset) {
        return "%s/%04d/%020d.gz".formatted(partition.topic(), partition.partition(), offset);
    }

    private static void finish(PartitionFiles files) throws IOException {
        RecordFileWriter writer = files.open;
        if (writer != null) {
            files.finished.add(writer.finish());
            writer.close();
            files.open = null;
        }
    }

    /**
     * Ends a partition.
     *
     * @param end where it ends
     */
    ExportManifest.Partition finish(TopicPartition partition, long end) {
        PartitionFiles files = partitions.computeIfAbsent(partition, _ -> new PartitionFiles());
        try {
            finish(files);
        } catch (IOException e) {
            throw failed(e);
        }
        return new ExportManifest.Partition(partition.topic(), partition.partition(), end, files.finished);
    }

    /** Ends the export: with this it is one. */
    void finish(ExportManifest manifest) {
        Path file = directory.resolve(ExportManifest.FILE);
        Path unfinished = file.resolveSibling(ExportManifest.FILE + ".unfinished");
        try {
            try (FileChannel channel =
                    FileChannel.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(manifest.encode());
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private AuditException failed(IOException e) {
        return new AuditException("cannot write to " + directory + ": " + e, e);
    }

    @Override
    public void close() {
        try {
            for (PartitionFiles files : partitions.values()) {
                if (files.open != null) {
                    files.open.close();
                }
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }
}
