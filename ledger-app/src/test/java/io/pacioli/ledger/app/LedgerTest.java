package io.pacioli.ledger.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

final class LedgerTest {
    /** A port that nobody listens on: it needs privileges that nobody would use for that. */
    private static final String NOWHERE = "http://127.0.0.1:1";

    static Stream<String> commands() {
        return Ledger.commandLine(Map.of()).getSubcommands().keySet().stream().filter(name -> !name.equals("help"));
    }

    @Test
    void helpListsEveryCommand() {
        CommandLineRun run = CommandLineRun.of("--help");

        assertThat(run.code()).isZero();
        assertThat(run.out()).contains(commands().toList()).contains("First steps", "Exit codes");
        assertThat(run.err()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandExplainsItself(String command) {
        CommandLineRun run = CommandLineRun.of(command, "--help");

        assertThat(run.code()).isZero();
        assertThat(run.out()).startsWith("Usage: ledger " + command).contains("--help");
        assertThat(run.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
    }

    @Test
    void optionsNameTheirVariables() {
        assertThat(CommandLineRun.of("processor", "--help").out())
                .contains("LEDGER_BOOTSTRAP_SERVERS", "LEDGER_HTTP_PORT", "LEDGER_STATE_DIR")
                .doesNotContain("LEDGER_HELP");
        assertThat(CommandLineRun.of("transfer", "--help").out())
                .contains("LEDGER_URL")
                .doesNotContain("LEDGER_ID");
    }

    @Test
    void versionIsTold() {
        assertThat(CommandLineRun.of("--version").out()).startsWith("ledger ");
    }

    @Test
    void anUnknownCommandIsWrongUsage() {
        CommandLineRun run = CommandLineRun.of("transfr", "alice");

        assertThat(run.code()).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(run.err()).contains("transfr").contains("transfer").contains("--help");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void aMissingParameterIsWrongUsage() {
        CommandLineRun run = CommandLineRun.of("transfer", "alice", "bob");

        assertThat(run.code()).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(run.err()).contains("AMOUNT").contains("Try 'ledger transfer --help'");
    }

    @Test
    void noCommandIsWrongUsage() {
        assertThat(CommandLineRun.of().code()).isEqualTo(CommandLine.ExitCode.USAGE);
    }

    @Test
    void aFailureIsOneLine() {
        CommandLineRun run = CommandLineRun.of("balance", "alice", "--url", NOWHERE);

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err().lines())
                .singleElement()
                .satisfies(line -> assertThat(line).startsWith("ledger: nobody answers at " + NOWHERE));
    }

    @Test
    void verboseShowsTheStackTraceToo() {
        CommandLineRun run = CommandLineRun.of("balance", "alice", "--verbose", "--url", NOWHERE);

        assertThat(run.err()).contains("\tat io.pacioli.");
    }

    @Test
    void optionsComeFromTheEnvironment() {
        CommandLineRun run = CommandLineRun.in(Map.of("LEDGER_URL", NOWHERE), "balance", "alice");

        assertThat(run.err()).contains(NOWHERE);
    }

    @Test
    void whatIsGivenBeatsTheEnvironment() {
        CommandLineRun run =
                CommandLineRun.in(Map.of("LEDGER_URL", "http://127.0.0.1:2"), "balance", "alice", "--url", NOWHERE);

        assertThat(run.err()).contains(NOWHERE);
    }

    @Test
    void anAccountThatCannotExistIsRefusedBeforeAnythingIsSent() {
        CommandLineRun run = CommandLineRun.of("open-account", "two words", "--url", NOWHERE);

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("account must be 1 to 128 printable characters without spaces");
    }

    @Test
    void kafkaThatIsNotThereIsOneLine() {
        CommandLineRun run = CommandLineRun.of("produce", "-", "--bootstrap-servers", "127.0.0.1:1");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err().lines())
                .singleElement()
                .satisfies(line -> assertThat(line).contains("Kafka at 127.0.0.1:1 cannot be reached"));
    }

    @Test
    void aFileThatIsNotThereIsOneLine() {
        CommandLineRun run = CommandLineRun.of("command", "/there/is/no/such.json", "--url", NOWHERE);

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err().lines())
                .singleElement()
                .satisfies(line -> assertThat(line).contains("cannot read /there/is/no/such.json"));
    }

    @Test
    void aCertificateThatIsNotThereIsOneLineBeforeAnythingIsConnected() {
        CommandLineRun run = CommandLineRun.of("projection-redis", "--redis-ca", "/there/is/no/ca.pem");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err().lines())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .contains("certificates of the Redis authority cannot be read: /there/is/no/ca.pem"));
    }
}
