package io.pacioli.ledger.app.stack;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.app.CommandLineRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UpIT {
    private static final Duration GONE_MAX = Duration.ofSeconds(60);

    @TempDir
    private Path scratch = Path.of("");

    @Test
    void whatWasDoneIsThereAfterARestart() throws Exception {
        String data = scratch.resolve("data").toString();
        try (LedgerProcess up =
                LedgerProcess.up(scratch, "--data-dir", data, "--shards", "2").awaitReady()) {
            moveMoney(up.url());
            LedgerProcess second = LedgerProcess.up(scratch, "--data-dir", data);
            assertThat(second.awaitExit()).isEqualTo(1);
            assertThat(second.output().lines())
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .startsWith("ledger: the data directory ")
                            .contains("is in use"));
            up.terminate();
            up.awaitExit();
            assertThat(up.output()).endsWith("Stopped.\n");
        }
        LedgerProcess otherShards = LedgerProcess.up(scratch, "--data-dir", data, "--shards", "3");
        assertThat(otherShards.awaitExit()).isEqualTo(1);
        assertThat(otherShards.output()).contains("must have 3 partitions").contains("it has 2");
        try (LedgerProcess up = LedgerProcess.up(scratch, "--data-dir", data).awaitReady()) {
            assertThat(ok("balance", "bob", "--url", up.url())).contains("12.50  GOLD");
            assertThat(ok("history", "bob", "--url", up.url())).contains("transfer from alice \"lunch\"");
            produce(up.url());
            int port = up.kafkaPort();
            up.kill();
            awaitNobodyListens(port);
        }
    }

    @Test
    void aTakenPortIsOneLine() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CommandLineRun run = CommandLineRun.of(
                    "up",
                    "--data-dir",
                    scratch.resolve("other").toString(),
                    "--http-port",
                    Integer.toString(taken.getLocalPort()));

            assertThat(run.code()).isEqualTo(1);
            assertThat(run.err().lines())
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .startsWith("ledger: port " + taken.getLocalPort())
                            .contains("is taken"));
        }
    }

    private static void moveMoney(String url) {
        assertThat(ok("health", "--ready", "--url", url)).contains("is ready");
        assertThat(ok("define-asset", "GOLD", "--emoji", "🪙", "--url", url)).contains("GOLD defined with 2 decimals");
        assertThat(ok("mint", "alice", "100", "GOLD", "--url", url)).contains("100.00 GOLD minted to alice");
        awaitBalance(url, "alice", "100.00  GOLD");
        assertThat(ok("transfer", "alice", "bob", "12.50", "GOLD", "--memo", "lunch", "--url", url))
                .contains("alice paid bob 12.50 GOLD");
        awaitBalance(url, "bob", "12.50  GOLD");
        assertThat(ok("top", "GOLD", "--url", url)).containsSubsequence("alice", "87.50", "bob", "12.50");
        assertThat(ok("assets", "--url", url)).contains("GOLD 🪙").contains("100.00");
        assertThat(ok("balance", "alice", "--json", "--url", url)).contains("\"available\" : \"8750\"");

        watch(url);
        CommandLineRun poor = CommandLineRun.of("transfer", "bob", "alice", "1,000", "GOLD", "--url", url);
        assertThat(poor.code()).isEqualTo(1);
        assertThat(poor.err()).contains("INSUFFICIENT_FUNDS").contains("limit 12.50 GOLD, value 1,000.00 GOLD");
        CommandLineRun unknown = CommandLineRun.of("mint", "bob", "1", "SILVER", "--url", url);
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.err()).contains("there is no asset SILVER");
        goBeyondTransfers(url);
    }

    private static void watch(String url) {
        String bob = ok("balance", "bob", "--json", "--url", url);
        int shard = Integer.parseInt(bob.replaceFirst("(?s).*\"([0-9])+:[0-9]+\".*", "$1"));
        assertThat(ok("watch", "bob", "--position", shard + ":0", "--count", "1", "--url", url))
                .contains("Watching bob", "+12.50  GOLD  12.50  transfer from alice \"lunch\"");
        assertThat(ok("watch", "--asset", "GOLD", "--position", "0:0,1:0", "--count", "2", "--json", "--url", url))
                .contains("{\"position\":", "\"asset\":\"GOLD\"");
        CommandLineRun both = CommandLineRun.of("watch", "bob", "--asset", "GOLD", "--url", url);
        assertThat(both.code()).isEqualTo(2);
    }

    /** Bob goes on having 12.50: what comes after looks for that. */
    private static void goBeyondTransfers(String url) {
        assertThat(ok("place-hold", "bob", "5", "GOLD", "--to", "hotel", "--expires", "2h", "--id", "h1", "--url", url))
                .contains("5.00 GOLD of bob held, as h1");
        awaitBalance(url, "bob", "7.50  GOLD  and 5.00 held");
        assertThat(ok("capture-hold", "h1", "bob", "--amount", "2", "GOLD", "--id", "c1", "--url", url))
                .contains("2 GOLD of hold h1 captured from bob");
        awaitBalance(url, "hotel", "2.00  GOLD");
        assertThat(ok("void-hold", "h1", "bob", "--url", url)).contains("hold h1 of bob voided");
        assertThat(ok("reverse-transfer", "c1", "hotel", "--url", url))
                .contains("hotel gave back all that was left of c1");
        awaitBalance(url, "bob", "12.50  GOLD");
        assertThat(ok(
                        "transact",
                        "--leg",
                        "alice",
                        "dora",
                        "4",
                        "GOLD",
                        "--leg",
                        "dora",
                        "alice",
                        "4",
                        "GOLD",
                        "--url",
                        url))
                .contains("2 legs made, all of them");
        CommandLineRun never = CommandLineRun.of("transact", "--leg", "alice", "dora", "999", "GOLD", "--url", url);
        assertThat(never.code()).isEqualTo(1);
        assertThat(never.err()).contains("INSUFFICIENT_FUNDS").contains("legs[0].amount");
        assertThat(ok("transfer", "alice", "dora", "1", "GOLD", "--not-before", "1d", "--url", url))
                .contains("the command waits for its time");
        assertThat(ok("freeze-account", "dora", "--reason", "review", "--url", url))
                .contains("dora frozen");
        awaitBalance(url, "dora", "dora  frozen  as of ");
        assertThat(ok("unfreeze-account", "dora", "--url", url)).contains("dora unfrozen");
        assertThat(ok("close-account", "dora", "--url", url)).contains("dora closed");
        awaitBalance(url, "dora", "dora  closed  as of ");
    }

    private void produce(String url) throws IOException {
        Path file = scratch.resolve("commands.jsonl");
        Files.write(
                file,
                List.of(
                        "{\"type\":\"Transfer\",\"id\":\"t1\",\"asset\":\"GOLD\",\"from\":\"bob\",\"to\":\"carl\",\"amount\":\"50\"}",
                        "",
                        "{\"type\":\"Transfer\",\"id\":\"t2\"}",
                        "{\"type\":\"Transfer\",\"id\":\"t3\",\"asset\":\"GOLD\",\"from\":\"bob\",\"to\":\"carl\",\"amount\":\"999999\"}"));

        CommandLineRun run = CommandLineRun.of("produce", file.toString(), "--wait", "--url", url);

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("line 3: asset must be given");
        assertThat(run.out()).contains("2 commands decided", "1 malformed", "accepted  1", "1  INSUFFICIENT_FUNDS");
        assertThat(CommandLineRun.of("produce", file.toString(), "--skip-malformed", "--url", url)
                        .code())
                .isZero();
    }

    private static String ok(String... arguments) {
        CommandLineRun run = CommandLineRun.of(arguments);
        assertThat(run.code()).as(run.err()).isZero();
        return run.out();
    }

    /** Money from another shard arrives a moment after its transfer was decided. */
    private static void awaitBalance(String url, String account, String wanted) {
        long deadlineNanos = System.nanoTime() + GONE_MAX.toNanos();
        CommandLineRun run = CommandLineRun.of("balance", account, "--url", url);
        while (!run.out().contains(wanted)) {
            assertThat(System.nanoTime()).as(run.toString()).isLessThan(deadlineNanos);
            run = CommandLineRun.of("balance", account, "--url", url);
        }
    }

    private static void awaitNobodyListens(int port) {
        long deadlineNanos = System.nanoTime() + GONE_MAX.toNanos();
        while (listens(port)) {
            assertThat(System.nanoTime()).isLessThan(deadlineNanos);
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
