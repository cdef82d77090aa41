package io.pacioli.ledger.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.core.Fields;
import io.pacioli.ledger.gateway.RunningGateway;
import io.pacioli.ledger.testkit.TestServices;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Streams that begin far behind the recent entries, in a journal of which nearly all concerns one account. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StreamsBehindIT {
    /** More than one pass over the journal reads, and than the buffers of a socket take. */
    private static final int TRANSFERS = 25_000;

    private static final int PARTS = 2;
    private static final String BUSY = StreamClient.account("busy{a}");
    private static final Duration PROMPT = Duration.ofSeconds(10);
    private static final StreamSettings NARROW =
            StreamSettings.DEFAULT.withRecentBytes(1).withPartsMax(PARTS);

    private final String kafka = TestServices.kafka().bootstrapServers();
    private final Topics topics = Topics.withPrefix(TestServices.kafka().freshPrefix() + "behind");
    private final WrittenJournal journal = written();

    private WrittenJournal written() {
        WrittenJournal written = new WrittenJournal(kafka, topics, 1, 1);
        written.define("GOLD");
        written.mint("GOLD", "busy{a}", "1000000");
        String memo = "m".repeat(Fields.MEMO_LENGTH_MAX);
        for (int i = 0; i < TRANSFERS; i++) {
            written.transfer("GOLD", "busy{a}", "other{a}", "1", memo);
        }
        written.mint("GOLD", "quiet{a}", "5");
        written.write();
        return written;
    }

    private RunningGateway gateway(Duration heartbeat) {
        return RunningGateway.start(RunningGateway.settings(kafka, topics).withStreams(NARROW.withHeartbeat(heartbeat)))
                .awaitReady();
    }

    @AfterAll
    void stop() {
        journal.close();
    }

    private List<ToldEntry> expected() {
        return ToldEntry.ofAccount(journal.written(0), "busy{a}", 0);
    }

    @Test
    void aQuietAccountNeedNotWaitForHeartbeats() throws IOException {
        try (RunningGateway gateway = gateway(Duration.ofSeconds(20));
                StreamClient client = StreamClient.resume(gateway.uri(), StreamClient.account("quiet{a}"), "0:0")) {
            assertThat(Objects.requireNonNull(client.next()).type()).isEqualTo("position");
            long startNanos = System.nanoTime();
            assertThat(Objects.requireNonNull(client.next()).id())
                    .isEqualTo(journal.end(0).toString());
            assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(PROMPT);
        }
    }

    @Test
    void clientsThatHardlyReadKeepNobodyFromCatchingUp() throws IOException {
        try (RunningGateway gateway = gateway(Duration.ofMillis(100))) {
            List<StreamClient> slow = new ArrayList<>();
            for (int i = 0; i < 2 * PARTS; i++) {
                slow.add(StreamClient.open(gateway.uri(), BUSY, "0:0", 4_096));
            }
            RunningGateway.await(() -> gateway.figure("ledger.streams.cut.offs") >= PARTS);
            try (StreamClient quick = StreamClient.resume(gateway.uri(), BUSY, "0:0")) {
                ToldEntry.assertSame(toldTo(quick), expected(), "quick");
            }
            // Those whose turn is still to come are told everything now that they are read from.
            List<ToldEntry> told = new ArrayList<>();
            String id = "";
            for (StreamClient client : slow) {
                told.clear();
                id = toldUntilCutOff(client, expected().size(), told);
                if (told.size() < expected().size()) {
                    break;
                }
            }
            assertThat(told).isNotEmpty().hasSizeLessThan(expected().size());
            try (StreamClient again = StreamClient.resume(gateway.uri(), BUSY, id)) {
                told.addAll(toldTo(again));
            }
            ToldEntry.assertSame(told, expected(), "slow, from " + id);
            slow.forEach(StreamClient::close);
            RunningGateway.await(() -> gateway.figure("ledger.streams.open") == 0);
        }
    }

    private List<ToldEntry> toldTo(StreamClient client) throws IOException {
        return client.readTo(journal.end(0).toString()).stream()
                .filter(event -> event.type().equals("change"))
                .map(ToldEntry::of)
                .toList();
    }

    /** What a client is told before its stream ends, or all there is. */
    private static String toldUntilCutOff(StreamClient client, int all, List<ToldEntry> told) {
        try (client) {
            while (told.size() < all) {
                StreamClient.Event event = client.next();
                if (event == null) {
                    break;
                }
                if (event.type().equals("change")) {
                    told.add(ToldEntry.of(event));
                }
            }
        } catch (IOException e) {
            assertThat(e).hasMessageNotContaining("timed out");
        }
        return client.lastEventId();
    }
}
