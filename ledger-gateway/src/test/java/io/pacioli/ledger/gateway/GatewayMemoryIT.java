package io.pacioli.ledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.api.Batch;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.embedded.EmbeddedService;
import io.pacioli.ledger.embedded.LoopbackPort;
import io.pacioli.ledger.embedded.ServerConfig;
import io.pacioli.ledger.testkit.TestServices;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A gateway with a small heap, and clients that together send several times as much. */
class GatewayMemoryIT {
    private static final int HEAP_MEGABYTES = 256;
    private static final int CLIENTS = 400;
    private static final int READ_MILLIS_MAX = (int) Duration.ofMinutes(3).toMillis();

    private final int port = LoopbackPort.free();

    /** A transaction with as many legs as there may be, so that few commands take many bytes. */
    private static String transaction(String id) {
        String leg = "{\"asset\":\"GOLD\",\"from\":\"" + "a".repeat(100) + "\",\"to\":\"" + "b".repeat(100)
                + "\",\"amount\":\"1\"}";
        return "{\"type\":\"Transact\",\"id\":\"" + id + "\",\"legs\":["
                + String.join(",", Collections.nCopies(100, leg)) + "]}";
    }

    /** The largest batch of such. */
    private static byte[] batch() {
        List<String> commands = new ArrayList<>();
        for (int bytes = 100;
                bytes < Batch.BYTES_MAX - 30_000;
                bytes = bytes + transaction("t-00").length() + 1) {
            commands.add(transaction("t-" + (commands.size() + 10)));
        }
        String json = "{\"type\":\"Batch\",\"commands\":[" + String.join(",", commands) + "]}";
        return json.getBytes(StandardCharsets.UTF_8);
    }

    /** The status of the answer; 0 when there is none. */
    private int post(byte[] batch) {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            socket.setSoTimeout(READ_MILLIS_MAX);
            String head =
                    "POST /v1/commands/batch?wait=2s HTTP/1.1\r\nHost: ledger\r\nContent-Type: application/json\r\n"
                            + "Content-Length: " + batch.length + "\r\nConnection: close\r\n\r\n";
            OutputStream out = socket.getOutputStream();
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            out.write(batch);
            InputStream in = socket.getInputStream();
            String status = new String(in.readNBytes("HTTP/1.1 200".length()), StandardCharsets.US_ASCII);
            in.transferTo(OutputStream.nullOutputStream());
            return status.isEmpty() ? 0 : Integer.parseInt(status.substring("HTTP/1.1 ".length()));
        } catch (IOException e) {
            return 0;
        }
    }

    @Test
    void survivesManyClientsThatPostLargeBatchesAtOnce() throws Exception {
        String kafka = TestServices.kafka().bootstrapServers();
        String prefix = TestServices.kafka().freshPrefix() + "memory";
        RunningGateway.createTopics(kafka, Topics.withPrefix(prefix), 2);
        byte[] batch = batch();
        EmbeddedService.Program program = new EmbeddedService.Program(
                "gateway", ForkedGateway.class.getName(), List.of(kafka, prefix, Integer.toString(port)), Map.of());
        try (EmbeddedService gateway = EmbeddedService.start(
                        ServerConfig.fresh().withPort(port).withHeapMegabytes(HEAP_MEGABYTES), program);
                ExecutorService clients = Executors.newThreadPerTaskExecutor(
                        Thread.ofPlatform().daemon().factory())) {
            RunningGateway.await(() -> post(batch) == 200);
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                answers.add(clients.submit(() -> post(batch)));
            }
            List<Integer> statuses = new ArrayList<>();
            for (Future<Integer> answer : answers) {
                statuses.add(answer.get(5, TimeUnit.MINUTES));
            }
            assertThat(gateway.alive()).isTrue();
            assertThat(statuses).containsOnly(200, 503).contains(200);
            RunningGateway.await(() -> post(batch) == 200);
        }
    }
}
