package io.pacioli.ledger.api;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Writes one file of records; see {@code docs/export.md} for the format. Not thread safe. */
public final class RecordFileWriter implements AutoCloseable {
    static final int MAGIC = 0x50_41_43_31;
    static final int NOTHING = -1;

    private static final int BUFFER_BYTES = 1 << 15;

    private final String name;
    private final FileOutputStream file;
    private final MessageDigest digest = Hash.sha256();
    private final GZIPOutputStream gzip;
    private final DataOutputStream out;
    private long records;
    private long firstOffset;
    private long lastOffset;

    /**
     * Creates the file, with the directories it is in.
     *
     * @param directory of the export
     * @param name its path in there, with slashes
     */
    public RecordFileWriter(Path directory, String name) throws IOException {
        this.name = name;
        Path path = directory.resolve(name);
        Files.createDirectories(path.resolveSibling("."));
        file = new FileOutputStream(path.toFile());
        gzip = new FastGzip(new DigestOutputStream(file, digest));
        out = new DataOutputStream(new BufferedOutputStream(gzip, BUFFER_BYTES));
        out.writeInt(MAGIC);
    }

    /** Speed matters more than size here: an export should not take longer than the ledger took. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, BUFFER_BYTES);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }

    /** Adds a record, whose offset must be above that of the one before. */
    public void write(ArchivedRecord record) throws IOException {
        if (records++ == 0) {
            firstOffset = record.offset();
        }
        lastOffset = record.offset();
        out.writeLong(record.offset());
        out.writeLong(record.atMillis());
        bytes(record.key());
        bytes(record.value());
        Header[] headers = record.headers().toArray();
        out.writeInt(headers.length);
        for (Header header : headers) {
            bytes(header.key().getBytes(StandardCharsets.UTF_8));
            bytes(header.value());
        }
    }

    private void bytes(byte @Nullable [] bytes) throws IOException {
        if (bytes == null) {
            out.writeInt(NOTHING);
        } else {
            out.writeInt(bytes.length);
            out.write(bytes);
        }
    }

    /** How many bytes it has before they are compressed; no more than 2 GiB are counted. */
    public long size() {
        return out.size();
    }

    /** Ends the file and waits until it is on the disk. Returns what a manifest says of it. */
    public ExportManifest.File finish() throws IOException {
        out.flush();
        gzip.finish();
        file.getFD().sync();
        long bytes = file.getChannel().size();
        Hash sha256 = Hash.ofBytes(digest.digest());
        return new ExportManifest.File(name, bytes, sha256, records, firstOffset, lastOffset);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
