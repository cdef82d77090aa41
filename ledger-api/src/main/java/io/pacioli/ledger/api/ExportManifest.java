package io.pacioli.ledger.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.ShardConfiguration;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What an export of a ledger holds. It is written last: without it there is no export. See {@code docs/export.md} for the format.
 *
 * @param createdAtMillis when it was written, milliseconds since 1970-01-01 UTC
 * @param topics the names of the topics, which the journal's causes name too
 * @param shards where each shard stood, by number, from 0
 * @param partitions what was exported of each partition
 */
public record ExportManifest(long createdAtMillis, Topics topics, List<Shard> shards, List<Partition> partitions) {
    /** The name of the file. */
    public static final String FILE = "manifest.json";

    /** Version of the format, of this file and of those that it names. */
    public static final int VERSION = 1;

    private static final String FORMAT = "pacioli-export";
    private static final int NAME_LENGTH_MAX = 512;

    /**
     * Where a shard stood.
     *
     * @param sequence of its last entry; 0 when it has none
     * @param atMillis when that was decided; 0 when there is none
     * @param hash of that entry; zeros when there is none
     * @param configuration its settings
     * @param commandsNext the offset of the first command that the journal does not know of yet
     * @param transitNext the offset of the first message that the journal does not know of yet
     */
    public record Shard(
            int shard,
            long sequence,
            long atMillis,
            Hash hash,
            ShardConfiguration configuration,
            long commandsNext,
            long transitNext) {}

    /**
     * The records of one partition that were committed, in the order of their offsets.
     *
     * @param end the offset behind the last one, or behind the last control record that was there
     */
    public record Partition(String topic, int partition, long end, List<File> files) {
        /** Copies the list. */
        public Partition {
            files = List.copyOf(files);
        }

        /** How many records there are. */
        public long records() {
            return files.stream().mapToLong(File::records).sum();
        }
    }

    /**
     * A file of records.
     *
     * @param name its path from the directory of the export, with slashes
     * @param bytes its length
     * @param sha256 of all its bytes
     * @param records how many records it has
     * @param firstOffset of the first of them
     * @param lastOffset of the last of them
     */
    public record File(String name, long bytes, Hash sha256, long records, long firstOffset, long lastOffset) {}

    /** Copies the lists. */
    public ExportManifest {
        shards = List.copyOf(shards);
        partitions = List.copyOf(partitions);
    }

    /** How many records there are in all. */
    public long records() {
        return partitions.stream().mapToLong(Partition::records).sum();
    }

    /** The JSON of the file. */
    public byte[] encode() {
        return Json.write(json -> {
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            json.writeStringField("format", FORMAT);
            json.writeNumberField("v", VERSION);
            json.writeStringField("createdAt", Timestamps.format(createdAtMillis));
            json.writeObjectFieldStart("topics");
            json.writeStringField("commands", topics.commands());
            json.writeStringField("journal", topics.journal());
            json.writeStringField("transit", topics.transit());
            json.writeStringField("deadLetters", topics.deadLetters());
            json.writeStringField("replies", topics.replies());
            json.writeStringField("checkpoints", topics.checkpoints());
            json.writeEndObject();
            json.writeArrayFieldStart("shards");
            for (Shard shard : shards) {
                write(json, shard);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("partitions");
            for (Partition partition : partitions) {
                write(json, partition);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void write(JsonGenerator json, Shard shard) throws IOException {
        json.writeStartObject();
        json.writeNumberField("shard", shard.shard);
        json.writeNumberField("sequence", shard.sequence);
        json.writeStringField("at", Timestamps.format(shard.atMillis));
        json.writeStringField("hash", shard.hash.hex());
        json.writeNumberField("idempotencyWindowMillis", shard.configuration.idempotencyWindowMillis());
        json.writeNumberField("idempotencyEntriesMax", shard.configuration.idempotencyEntriesMax());
        json.writeNumberField("commandsNext", shard.commandsNext);
        json.writeNumberField("transitNext", shard.transitNext);
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Partition partition) throws IOException {
        json.writeStartObject();
        json.writeStringField("topic", partition.topic);
        json.writeNumberField("partition", partition.partition);
        json.writeNumberField("end", partition.end);
        json.writeArrayFieldStart("files");
        for (File file : partition.files) {
            json.writeStartObject();
            json.writeStringField("name", file.name);
            json.writeNumberField("bytes", file.bytes);
            json.writeStringField("sha256", file.sha256.hex());
            json.writeNumberField("records", file.records);
            json.writeNumberField("firstOffset", file.firstOffset);
            json.writeNumberField("lastOffset", file.lastOffset);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws MalformedException when it is something else, or of a later version
     */
    public static ExportManifest decode(byte[] bytes) {
        JsonObject json = Json.read(bytes);
        if (!json.string("format").equals(FORMAT) || json.integer("v") != VERSION) {
            String rule = "must be " + FORMAT + " of version " + VERSION;
            throw new MalformedException("format", rule, json.string("format") + " " + json.whole("v"));
        }
        JsonObject names = json.object("topics");
        Topics topics = new Topics(
                names.string("commands"),
                names.string("journal"),
                names.string("transit"),
                names.string("deadLetters"),
                names.string("replies"),
                names.string("checkpoints"));
        List<JsonObject> shardObjects = json.objects("shards");
        List<Shard> shards = new ArrayList<>();
        for (JsonObject shard : shardObjects) {
            shards.add(shard(shard, shardObjects.size(), shards.size()));
        }
        return new ExportManifest(
                json.timestamp("createdAt"), topics, shards, json.objects("partitions", ExportManifest::partition));
    }

    private static Shard shard(JsonObject json, int shards, int expected) {
        if (json.shard("shard") != expected) {
            throw new MalformedException("shards", "must be numbered from 0", Integer.toString(json.shard("shard")));
        }
        return new Shard(
                expected,
                json.whole("sequence"),
                json.timestamp("at"),
                Hash.parse("hash", json.string("hash")),
                new ShardConfiguration(
                        shards, json.whole("idempotencyWindowMillis"), json.whole("idempotencyEntriesMax")),
                json.whole("commandsNext"),
                json.whole("transitNext"));
    }

    private static Partition partition(JsonObject json) {
        return new Partition(
                json.string("topic"),
                json.shard("partition"),
                json.whole("end"),
                json.objects("files", ExportManifest::file));
    }

    private static File file(JsonObject json) {
        return new File(
                name(json.string("name")),
                json.whole("bytes"),
                Hash.parse("sha256", json.string("sha256")),
                json.number("records"),
                json.whole("firstOffset"),
                json.whole("lastOffset"));
    }

    /** A manifest comes from somewhere else: it must not name a file outside of its own directory. */
    private static String name(String name) {
        boolean isInside = name.length() <= NAME_LENGTH_MAX
                && name.matches("[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*")
                && !name.contains("..");
        if (!isInside) {
            throw new MalformedException("name", "must be a path within the export", name);
        }
        return name;
    }
}
