package io.pacioli.ledger.audit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Keeps two audits from one kept state: each would go on from it, and put its own in the place of the other's. The operating system
 * releases the lock when the process ends, however it ends.
 */
final class StateLock {
    /**
     * What audits of this JVM hold. Asked before the file is opened: closing any channel of a file releases every POSIX lock that the
     * process has on it.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private StateLock() {}

    /**
     * Does something while nobody else does it with the same state.
     *
     * @param directory created when it is absent
     * @param journal the topic of the ledger whose state it is
     * @throws AuditException when another audit is at it, or the lock cannot be taken
     */
    static <T> T holding(Path directory, String journal, Supplier<T> work) {
        Path file;
        try {
            Files.createDirectories(directory);
            file = directory.toRealPath().resolve(journal + ".state.lock");
        } catch (IOException e) {
            throw new AuditException("the state of audits cannot be kept in " + directory + ": " + e.getMessage(), e);
        }
        if (!HELD.add(file)) {
            throw inUse(directory, Long.toString(ProcessHandle.current().pid()));
        }
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw inUse(directory, Files.readString(file).strip());
            }
            channel.truncate(0);
            channel.write(
                    StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n"));
            return work.get();
        } catch (IOException e) {
            throw new AuditException("the state of audits cannot be locked: " + file + ": " + e.getMessage(), e);
        } finally {
            HELD.remove(file);
        }
    }

    private static AuditException inUse(Path directory, String pid) {
        String holder = pid.isEmpty() ? "another process" : "process " + pid;
        return new AuditException("another audit goes on from the state in " + directory + ": " + holder);
    }
}
