package io.pacioli.ledger.embedded;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * Server binaries unpacked from the class path, once per machine and content. Each goes to a directory named after its
 * content, filled elsewhere and then renamed: a reader sees all of it or nothing, and any number of processes may race.
 */
final class BinaryCache {
    private static final int DIGEST_CHARS = 16;

    private final Path root;

    private BinaryCache(Path root) {
        this.root = root;
    }

    /**
     * The cache of this user: {@code LEDGER_CACHE_DIR}, or {@code pacioli} in {@code XDG_CACHE_HOME}, or in {@code ~/.cache};
     * under the temporary directory when that cannot be written.
     */
    static BinaryCache ofUser() {
        String chosen = System.getenv("LEDGER_CACHE_DIR");
        String caches = System.getenv("XDG_CACHE_HOME");
        Path root;
        if (chosen != null && !chosen.isBlank()) {
            root = Path.of(chosen);
        } else if (caches != null && !caches.isBlank()) {
            root = Path.of(caches, "pacioli");
        } else {
            root = Path.of(System.getProperty("user.home"), ".cache", "pacioli");
        }
        try {
            return new BinaryCache(Files.createDirectories(root.toAbsolutePath()));
        } catch (IOException e) {
            return shared();
        }
    }

    /** A cache that every user of the machine can read. */
    static BinaryCache shared() {
        Path root = Path.of(
                System.getProperty("java.io.tmpdir"), "pacioli-" + System.getProperty("user.name") + "-binaries");
        try {
            return new BinaryCache(Files.createDirectories(root.toAbsolutePath()));
        } catch (IOException e) {
            throw new EmbeddedStartException("cannot create a directory for binaries: " + root + ": " + e, e);
        }
    }

    /** The path of a single executable, unpacked. */
    Path executable(String resource) {
        return unpacked(resource, (content, directory) -> {
                    Path file = directory.resolve(resource);
                    Files.write(file, content);
                    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
                })
                .resolve(resource);
    }

    /** The directory of a {@code .txz} archive, unpacked. */
    Path archive(String resource) {
        return unpacked(resource, BinaryCache::untar);
    }

    @FunctionalInterface
    private interface Unpacking {
        void unpack(byte[] content, Path directory) throws IOException;
    }

    private Path unpacked(String resource, Unpacking unpacking) {
        try (InputStream in = BinaryCache.class.getResourceAsStream("/" + resource)) {
            if (in == null) {
                throw new EmbeddedStartException("no binaries for this machine on the class path: " + resource);
            }
            byte[] content = in.readAllBytes();
            Path target = root.resolve(baseName(resource) + "-" + digest(content));
            if (Files.isDirectory(target)) {
                return target;
            }
            Path filling = Files.createTempDirectory(
                    root,
                    "filling-",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
            try {
                unpacking.unpack(content, filling);
                publish(filling, target);
            } finally {
                DataDirectory.delete(filling);
            }
            return target;
        } catch (IOException e) {
            throw new EmbeddedStartException("cannot unpack " + resource + " to " + root + ": " + e, e);
        }
    }

    private static void publish(Path filling, Path target) throws IOException {
        try {
            Files.move(filling, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw e;
        } catch (FileSystemException e) {
            // Another process was first, and a directory that is not empty is never replaced: its content is the same.
            if (!Files.isDirectory(target)) {
                throw e;
            }
        }
    }

    private static void untar(byte[] content, Path directory) throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(
                new BufferedInputStream(new XZInputStream(new ByteArrayInputStream(content))))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path file = directory.resolve(entry.getName()).normalize();
                if (!file.startsWith(directory)) {
                    throw new IOException("entry outside of the archive: " + entry.getName());
                }
                Files.createDirectories(entry.isDirectory() ? file : file.resolveSibling(""));
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
                } else if (entry.isLink()) {
                    Files.createLink(
                            file, directory.resolve(entry.getLinkName()).normalize());
                } else if (entry.isFile()) {
                    Files.copy(tar, file);
                    Files.setPosixFilePermissions(file, permissions(entry.getMode()));
                }
            }
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.of(
                PosixFilePermission.OWNER_READ,
                PosixFilePermission.OWNER_WRITE,
                PosixFilePermission.GROUP_READ,
                PosixFilePermission.OTHERS_READ);
        if ((mode & 0100) != 0) {
            permissions.add(PosixFilePermission.OWNER_EXECUTE);
            permissions.add(PosixFilePermission.GROUP_EXECUTE);
            permissions.add(PosixFilePermission.OTHERS_EXECUTE);
        }
        return permissions;
    }

    private static String baseName(String resource) {
        int dot = resource.endsWith(".txz") ? resource.length() - ".txz".length() : resource.length();
        return resource.substring(0, dot);
    }

    private static String digest(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return HexFormat.of().formatHex(digest).substring(0, DIGEST_CHARS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
