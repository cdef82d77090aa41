package io.pacioli.ledger.app.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.api.LedgerClient;
import io.pacioli.ledger.core.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The program of today on ledgers that earlier versions have left. A recording is never edited; each release adds one, see CONTRIBUTING.md.
 */
final class CompatibilityIT {
    private static final Path RECORDINGS = Path.of("src/test/resources/compatibility");
    private static final int MORE = 100;

    @TempDir
    private Path scratch = Path.of("");

    static Stream<Path> recordings() throws IOException {
        try (Stream<Path> all = Files.list(RECORDINGS)) {
            return all.filter(Files::isDirectory).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void goesOnWithWhatAnEarlierVersionHasLeft(Path directory) throws Exception {
        Recording recording = new Recording(directory.toAbsolutePath());
        try (LedgerOnServers ledger = new LedgerOnServers(scratch)) {
            recording.load(ledger, scratch);
            String before = ledger.run("state", "--csv");
            assertThat(before).isEqualTo(recording.balances());
            ledger.startServices();
            try (LedgerClient client = ledger.client()) {
                for (Recording.Decided decided : recording.decided()) {
                    assertThat(client.submit(decided.command()).get())
                            .as(decided.command().toString())
                            .isEqualTo(decided.outcome());
                }
                assertThat(Recording.goOn(client, MORE))
                        .hasSizeGreaterThan(MORE / 2)
                        .anySatisfy(decided -> assertThat(decided.outcome()).isInstanceOf(Outcome.Accepted.class));
            }
            assertThat(ledger.run("audit", "--public-key", ledger.publicKey().toString()))
                    .containsPattern("(?s)Redis\\n.*all equal.*Postgres\\n.*all equal");
            // What was then is what it was, whatever has come behind it.
            assertThat(ledger.run("state", "--csv", "--at", recording.positions()))
                    .isEqualTo(recording.balances());
        }
    }

    /** Records the program as it is: {@code -Dledger.record=0.2.0}, when that is released. */
    @Test
    @EnabledIfSystemProperty(named = "ledger.record", matches = ".+")
    void recordsThisVersion() throws Exception {
        Path directory = RECORDINGS.resolve(System.getProperty("ledger.record")).toAbsolutePath();
        assertThat(directory).doesNotExist();
        new Recording(directory).make(scratch);
    }
}
