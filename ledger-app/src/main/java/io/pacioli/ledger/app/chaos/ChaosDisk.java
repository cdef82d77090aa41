package io.pacioli.ledger.app.chaos;

import io.pacioli.ledger.app.CommandFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A disk that can be full: a file system of its own in a file that takes only the room that is used. Needs root. */
final class ChaosDisk implements AutoCloseable {
    private static final String SIZE = "24G";

    private static final long LEFT_BYTES_MAX = 1 << 20;

    private static final Path MOUNTS = Path.of("/proc/self/mounts");
    private static final int MOUNT_POINT = 1;

    private final Path mount;
    private final Path ballast;

    private ChaosDisk(Path mount) {
        this.mount = mount;
        ballast = mount.resolve("ballast");
    }

    /** @throws CommandFailure when this machine does not let us; the message says why */
    static ChaosDisk create(Path directory) {
        unmountLeftovers();
        Path image = directory.resolve("disk.img");
        Path mount = directory.resolve(Leftover.name("disk"));
        try {
            Files.createDirectories(mount);
        } catch (IOException e) {
            throw new CommandFailure("cannot create " + mount + ": " + e.getMessage(), e);
        }
        Shell.run("truncate -s " + SIZE, image);
        Shell.run("mkfs.ext4 -q -m 0 -F", image);
        Shell.run("mount -o loop", image, mount);
        return new ChaosDisk(mount);
    }

    /** Unmounts what runs left behind that were killed outright; their files stay. */
    private static void unmountLeftovers() {
        try (Stream<String> mounts = Files.lines(MOUNTS)) {
            mounts.map(mounted -> Path.of(mounted.split(" ", -1)[MOUNT_POINT]))
                    .filter(path -> path.getNameCount() > 0 && Leftover.is(path))
                    .forEach(path -> Shell.attempt("umount -l", path));
        } catch (IOException e) {
            // Where there is no such file, nothing can be mounted either.
        }
    }

    /** Where it is. */
    Path mount() {
        return mount;
    }

    /** Takes all room that is left. */
    void fill() {
        long bytes = usableBytes();
        try {
            Shell.run("fallocate -l " + bytes, ballast);
        } catch (CommandFailure e) {
            // The file system needs some of the room to keep track of the file; it took what there was.
            if (usableBytes() > LEFT_BYTES_MAX) {
                throw e;
            }
        }
    }

    private long usableBytes() {
        try {
            return Files.getFileStore(mount).getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives it back. */
    void free() {
        try {
            Files.deleteIfExists(ballast);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        Shell.attempt("umount -l", mount);
    }
}
