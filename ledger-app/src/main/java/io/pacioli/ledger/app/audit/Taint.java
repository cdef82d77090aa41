package io.pacioli.ledger.app.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Whether there was a finding since everything was clean: a file that is there or not, so that an auditor that is started again does not
 * forget it.
 */
record Taint(Path file) {
    boolean isSet() {
        return Files.exists(file);
    }

    void set(boolean isTainted) {
        try {
            if (!isTainted) {
                Files.deleteIfExists(file);
            } else if (!isSet()) {
                Files.createDirectories(
                        Objects.requireNonNull(file.toAbsolutePath().getParent()));
                Files.createFile(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the file " + file + " cannot be kept", e);
        }
    }
}
