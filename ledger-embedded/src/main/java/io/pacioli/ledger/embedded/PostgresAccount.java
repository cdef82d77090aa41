package io.pacioli.ledger.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.stream.Stream;

/**
 * Who runs PostgreSQL. It refuses to run as root and as a user without a name, so these run it in a user namespace where its
 * user is nobody in particular (outside, files still belong to the real user), or, where namespaces are not allowed, root runs
 * it as an unprivileged user.
 */
enum PostgresAccount {
    /** This JVM's own user, which is not root and has a name. */
    SELF(""),
    /** The same user, in a user namespace of its own. */
    NAMESPACE("unshare -U"),
    /** The user that owns nothing else. */
    NOBODY("setpriv --reuid=65534 --regid=65534 --clear-groups");

    private static final int NOBODY_ID = 65534;

    private final String prefix;

    PostgresAccount(String prefix) {
        this.prefix = prefix;
    }

    /**
     * The first that works here.
     *
     * @throws EmbeddedStartException when this user cannot run it and neither way out works
     */
    static PostgresAccount choose() {
        if (!Platform.root() && Platform.run(List.of("id", "-un")).isPresent()) {
            return SELF;
        }
        for (PostgresAccount account : List.of(NAMESPACE, NOBODY)) {
            if (Platform.run(account.command(List.of("true"))).isPresent()) {
                return account;
            }
        }
        throw new EmbeddedStartException(
                "PostgreSQL does not run as root or as a user without a name, and neither `unshare -U` nor `setpriv` works"
                        + " here: start as another user");
    }

    /** The command as this account runs it. */
    List<String> command(List<String> command) {
        Stream<String> words = Stream.of(prefix.split(" ", -1)).filter(word -> !word.isEmpty());
        return Stream.concat(words, command.stream()).toList();
    }

    /** The cache whose files this account can read. */
    BinaryCache binaries() {
        return this == NOBODY ? BinaryCache.shared() : BinaryCache.ofUser();
    }

    /**
     * Makes a directory, and what is in it, this account's own.
     *
     * @throws EmbeddedStartException when the account cannot reach the directory at all
     */
    void own(Path directory) throws IOException {
        if (this != NOBODY) {
            return;
        }
        for (Path parent = directory.getParent(); parent != null; parent = parent.getParent()) {
            if (!Files.getPosixFilePermissions(parent).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                throw new EmbeddedStartException("PostgreSQL runs as an unprivileged user here and cannot reach "
                        + directory + ": " + parent + " is closed to others; choose another data directory");
            }
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.toList()) {
                Files.setAttribute(file, "unix:uid", NOBODY_ID);
                Files.setAttribute(file, "unix:gid", NOBODY_ID);
            }
        }
    }
}
