package io.pacioli.ledger.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A directory that one process has to itself while it is open. The operating system releases the lock when the process ends,
 * however it ends. Safe for use by several threads.
 */
public final class DataDirectory implements AutoCloseable {
    private static final String LOCK_FILE = "lock";

    /**
     * The directories that this JVM holds. Asked before the lock file is opened: closing any channel of a file releases every
     * POSIX lock that the process has on it, so a second attempt in one JVM would quietly break the first one's lock.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel channel;
    private final boolean deleteOnClose;
    private boolean closed;

    private DataDirectory(Path path, FileChannel channel, boolean deleteOnClose) {
        this.path = path;
        this.channel = channel;
        this.deleteOnClose = deleteOnClose;
    }

    /**
     * Creates the directory when absent and takes it.
     *
     * @throws EmbeddedStartException when another process or another part of this one has it (the message names the directory
     *     and the process id), or when it cannot be created or written
     */
    public static DataDirectory open(Path directory) {
        return open(directory, false);
    }

    /**
     * Takes a new empty directory that is deleted on close.
     *
     * @param prefix the beginning of its name
     * @throws EmbeddedStartException when it cannot be created
     */
    public static DataDirectory fresh(String prefix) {
        Path directory;
        try {
            directory = Files.createTempDirectory(prefix);
        } catch (IOException e) {
            throw new EmbeddedStartException("cannot create a temporary directory: " + e.getMessage(), e);
        }
        return open(directory, true);
    }

    static DataDirectory of(ServerConfig config, String name) {
        Path directory = config.directory();
        return directory == null ? fresh("ledger-" + name + "-") : open(directory);
    }

    private static DataDirectory open(Path directory, boolean deleteOnClose) {
        Path real;
        try {
            Files.createDirectories(directory);
            real = directory.toRealPath();
        } catch (IOException e) {
            throw new EmbeddedStartException("cannot create the data directory " + directory + ": " + e, e);
        }
        if (!HELD.add(real)) {
            throw inUse(real, Long.toString(ProcessHandle.current().pid()));
        }
        boolean taken = false;
        try {
            FileChannel channel = lock(real);
            taken = true;
            return new DataDirectory(real, channel, deleteOnClose);
        } catch (IOException e) {
            throw new EmbeddedStartException("cannot lock the data directory " + real + ": " + e, e);
        } finally {
            if (!taken) {
                HELD.remove(real);
            }
        }
    }

    private static FileChannel lock(Path directory) throws IOException {
        Path file = directory.resolve(LOCK_FILE);
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean locked = false;
        try {
            FileLock lock = tryLock(channel);
            if (lock == null) {
                throw inUse(directory, Files.readString(file).strip());
            }
            channel.truncate(0);
            channel.write(
                    StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n"));
            locked = true;
            return channel;
        } finally {
            if (!locked) {
                channel.close();
            }
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static EmbeddedStartException inUse(Path directory, String pid) {
        String holder = pid.isEmpty() ? "another process" : "process " + pid;
        return new EmbeddedStartException("the data directory " + directory + " is in use by " + holder);
    }

    /** The absolute path, without symbolic links. */
    public Path path() {
        return path;
    }

    /** Releases the directory, and deletes it when it was taken as a fresh one. Does nothing the second time. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (deleteOnClose) {
                delete(path);
            }
            channel.close();
        } catch (IOException e) {
            // What is left of a temporary directory is the operating system's to clean; the lock ends with this
            // process.
            System.getLogger(DataDirectory.class.getName())
                    .log(System.Logger.Level.WARNING, "cannot release " + path, e);
        } finally {
            HELD.remove(path);
        }
    }

    /** Deletes a directory and all in it; does nothing when it is absent. */
    public static void delete(Path directory) throws IOException {
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
                        throws IOException {
                    if (failure != null && !(failure instanceof NoSuchFileException)) {
                        throw failure;
                    }
                    Files.deleteIfExists(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (NoSuchFileException e) {
            // Gone already, which is what was asked for.
        }
    }
}
