package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.api.state.KeyedHash;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The state of all shards as a passed audit has left it, from which the next one goes on: a day's audit costs a day's entries.
 *
 * <p>The file ends with the SHA-256 of what it holds, so that one that was cut off or damaged is not taken for a state. Whoever can write
 * the file can make the next audit believe anything that happened before: keep it where the ledger's operators cannot. Not thread safe.
 */
final class StateFile {
    private static final String MAGIC = "pacioli-audit";
    private static final int VERSION = 4;

    private final Path file;
    private final Path next;
    private final Topics topics;
    private final int shards;
    private final boolean decides;
    private final boolean isKept;
    private final KeyedHash hash;
    private final Forwards forwards;
    private final Map<Integer, ShardSnapshot> snapshots;
    private final Map<Integer, Long> compared;
    private final MessageDigest digest = sha256();
    private @Nullable DataOutputStream open;

    private StateFile(
            Path file,
            Topics topics,
            int shards,
            boolean decides,
            boolean isKept,
            KeyedHash hash,
            Forwards forwards,
            Map<Integer, ShardSnapshot> snapshots,
            Map<Integer, Long> compared) {
        this.file = file;
        next = file.resolveSibling(file.getFileName() + ".next");
        this.topics = topics;
        this.shards = shards;
        this.decides = decides;
        this.isKept = isKept;
        this.hash = hash;
        this.forwards = forwards;
        this.snapshots = snapshots;
        this.compared = compared;
    }

    /**
     * Reads what an earlier audit has left, if there is anything.
     *
     * @throws AuditException when it is damaged, or of another ledger, or does not hold what deciding again needs
     */
    static StateFile open(Path directory, Topics topics, int shards, boolean decides) {
        Path file = directory.resolve(topics.journal() + ".state");
        try {
            Files.createDirectories(directory);
            if (!Files.exists(file)) {
                KeyedHash hash = new KeyedHash(new SecureRandom().nextLong());
                return new StateFile(file, topics, shards, decides, true, hash, new Forwards(hash), Map.of(), Map.of());
            }
            return read(file, topics, shards, decides);
        } catch (IOException e) {
            throw new AuditException("the state of the last audit cannot be read: " + file + ": " + e.getMessage(), e);
        }
    }

    private static StateFile read(Path file, Topics topics, int shards, boolean decides) throws IOException {
        MessageDigest digest = sha256();
        try (DataInputStream in = new DataInputStream(
                new DigestInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16), digest))) {
            boolean isOurs = in.readUTF().equals(MAGIC)
                    && in.readInt() == VERSION
                    && in.readUTF().equals(topics.journal())
                    && in.readInt() == shards;
            if (!isOurs) {
                throw new AuditException("the state of the last audit is of another ledger or release: " + file);
            }
            boolean hasDecided = in.readBoolean();
            if (decides && !hasDecided) {
                throw new AuditException(
                        "the last audit has not decided anything again, so none can go on from it that does: " + file);
            }
            KeyedHash hash = new KeyedHash(in.readLong());
            Map<Integer, ShardSnapshot> snapshots = new HashMap<>();
            for (int shard = 0; shard < shards; shard++) {
                snapshots.put(shard, ShardSnapshot.read(shard, hash, in));
            }
            Forwards forwards = new Forwards(hash);
            forwards.read(in);
            Map<Integer, Long> compared = new HashMap<>();
            for (int shard = 0; shard < shards; shard++) {
                compared.put(shard, in.readLong());
            }
            byte[] expected = digest.digest();
            byte[] found = in.readNBytes(Hash.BYTES);
            if (!MessageDigest.isEqual(expected, found)) {
                throw new AuditException("the state of the last audit is damaged: " + file);
            }
            return new StateFile(
                    file, topics, shards, decides, decides || !hasDecided, hash, forwards, snapshots, compared);
        }
    }

    /** The hash by which the state finds what it remembers. */
    KeyedHash hash() {
        return hash;
    }

    /** The commands that were passed on, as the last audit has left them and this one goes on. */
    Forwards forwards() {
        return forwards;
    }

    /** What the last audit has left of a shard; null when there was none. */
    @Nullable
    ShardSnapshot snapshot(int shard) {
        return snapshots.get(shard);
    }

    /**
     * Whether this audit may leave its state in the place of the one that it goes on from. One that decides nothing again leaves that of
     * one that does, which no other could go on from.
     */
    boolean isKept() {
        return isKept;
    }

    /** How far earlier audits have compared the history of a shard; 0 when none has. */
    long comparedTo(int shard) {
        return compared.getOrDefault(shard, 0L);
    }

    /** Writes the state as it is, to be kept if the audit passes. */
    void remember(List<ShardReplay> replays) {
        try {
            DataOutputStream out = new DataOutputStream(
                    new BufferedOutputStream(new DigestOutputStream(Files.newOutputStream(next), digest), 1 << 16));
            open = out;
            out.writeUTF(MAGIC);
            out.writeInt(VERSION);
            out.writeUTF(topics.journal());
            out.writeInt(shards);
            out.writeBoolean(decides);
            out.writeLong(hash.seed());
            for (ShardReplay replay : replays) {
                ShardSnapshot.write(replay, out);
            }
            forwards.write(out);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /**
     * Puts what was remembered in the place of the last audit's.
     *
     * @param comparedTo how far the history of each shard was compared
     */
    void keep(long[] comparedTo) {
        try (DataOutputStream out = Objects.requireNonNull(open, "must be remembered first")) {
            for (long sequence : comparedTo) {
                out.writeLong(sequence);
            }
            out.flush();
            out.write(digest.digest());
        } catch (IOException e) {
            throw unwritable(e);
        }
        open = null;
        try {
            Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /** Gives up what was remembered and is not kept. */
    void discard() {
        try {
            if (open != null) {
                open.close();
            }
            Files.deleteIfExists(next);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private AuditException unwritable(IOException e) {
        return new AuditException("the state of this audit cannot be kept: " + file + ": " + e.getMessage(), e);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
