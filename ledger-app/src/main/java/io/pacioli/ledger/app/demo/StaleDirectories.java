package io.pacioli.ledger.app.demo;

import io.pacioli.ledger.app.stack.EmbeddedStack;
import io.pacioli.ledger.embedded.DataDirectory;
import io.pacioli.ledger.embedded.EmbeddedStartException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes what demos left behind that were killed outright. */
final class StaleDirectories {
    private static final Logger LOG = LoggerFactory.getLogger(StaleDirectories.class);

    /** Younger ones may just be starting, or their servers just stopping. */
    private static final Duration AGE_MIN = Duration.ofMinutes(1);

    private StaleDirectories() {}

    static void delete() {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        try (DirectoryStream<Path> found =
                Files.newDirectoryStream(temporary, EmbeddedStack.FRESH_DIRECTORY_PREFIX + "*")) {
            for (Path directory : found) {
                deleteIfStale(directory);
            }
        } catch (IOException e) {
            LOG.debug("Cannot look for directories of earlier demos in {}", temporary, e);
        }
    }

    private static void deleteIfStale(Path directory) throws IOException {
        Instant changed = Files.getLastModifiedTime(directory).toInstant();
        if (changed.isAfter(Instant.now().minus(AGE_MIN))) {
            return;
        }
        // Whoever still uses it holds its lock.
        try (DataDirectory held = DataDirectory.open(directory);
                Stream<Path> files = Files.walk(held.path())) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (EmbeddedStartException e) {
            LOG.debug("In use: {}", directory);
        }
    }
}
