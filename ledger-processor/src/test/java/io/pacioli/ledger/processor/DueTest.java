package io.pacioli.ledger.processor;

import static io.pacioli.ledger.processor.OneShardLedger.START_MILLIS;
import static io.pacioli.ledger.processor.OneShardLedger.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.api.JournalRecord;
import io.pacioli.ledger.api.OutcomeCodec;
import io.pacioli.ledger.api.Tick;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What falls due on a shard that nobody sends commands to: the whole topology, which reads the ticks that it sends. */
final class DueTest {
    private static final String GOLD = "GOLD";
    private static final Duration ALMOST = Duration.ofMillis(9_500);
    private static final Duration HALF_A_SECOND = Duration.ofMillis(500);
    private static final long DUE_MILLIS = START_MILLIS + 10_000;

    private OneShardLedger ledger;

    @BeforeEach
    void start(@TempDir Path directory) {
        ledger = new OneShardLedger(directory);
        ledger.given(Sample.define(GOLD), Sample.mint("m", GOLD, "alice", 5_000));
    }

    @AfterEach
    void stop() {
        ledger.close();
    }

    @Test
    void aHoldExpires() {
        ledger.send(Sample.hold("h", GOLD, "alice", 30, DUE_MILLIS));
        ledger.pass(ALMOST);
        assertThat(ledger.events()).endsWith("HoldPlaced");
        assertThat(ledger.written(TOPICS.commands())).isEmpty();

        ledger.pass(HALF_A_SECOND);

        assertThat(ledger.journaled()).hasSize(1).allSatisfy(record -> {
            assertThat(record.entry().event().type()).isEqualTo("HoldExpired");
            assertThat(record.entry().atMillis()).isEqualTo(DUE_MILLIS);
        });
        assertThat(ledger.written(TOPICS.commands()))
                .extracting(TestRecord::value)
                .containsExactly(Tick.bytes());
        ledger.pass(Duration.ofHours(1));
        assertThat(ledger.written(TOPICS.commands())).as("when nothing is left").isEmpty();
    }

    @Test
    void aTransferThatWaitsIsDecided() {
        Command later = Sample.transferLater("t", GOLD, "alice", "bob", 30, DUE_MILLIS);
        ledger.send(later);
        ledger.pass(ALMOST);
        assertThat(ledger.events()).endsWith("CommandDeferred");

        ledger.pass(HALF_A_SECOND);

        List<JournalRecord> decided = ledger.journaled();
        assertThat(decided).extracting(r -> r.entry().event().type()).containsExactly("TransferPosted");
        ledger.send(later, Sample.replyTo(TOPICS.replies(), "c1"));
        assertThat(ledger.written(TOPICS.replies()))
                .extracting(reply -> OutcomeCodec.decode(reply.value()))
                .containsExactly(
                        new Outcome.Accepted("t", decided.getFirst().entry().position(), DUE_MILLIS, "TransferPosted"));
    }

    @Test
    void whatFallsDueIsDecidedInTheOrderOfTime() {
        ledger.send(Sample.hold("h3", GOLD, "alice", 1, DUE_MILLIS - 1));
        ledger.send(Sample.hold("h1", GOLD, "alice", 1, DUE_MILLIS - 3));
        ledger.send(Sample.transferLater("t2", GOLD, "alice", "bob", 1, DUE_MILLIS - 2));
        ledger.send(Sample.hold("h4", GOLD, "alice", 1, DUE_MILLIS));
        ledger.journaled();

        ledger.pass(Duration.ofHours(1));

        List<JournalRecord> decided = ledger.journaled();
        assertThat(decided).extracting(r -> r.entry().commandId()).containsExactly("h1", "t2", "h3", "h4");
        assertThat(decided).extracting(r -> DUE_MILLIS - r.entry().atMillis()).containsExactly(3L, 2L, 1L, 0L);
    }

    @Test
    void muchThatIsDueNeedsNoCommandEither() {
        int holds = 2_001;
        for (int i = 0; i < holds; i++) {
            ledger.send(Sample.hold("h" + i, GOLD, "alice", 1, DUE_MILLIS));
        }
        ledger.journaled();

        ledger.pass(Duration.ofSeconds(10));

        assertThat(ledger.events()).hasSize(holds).containsOnly("HoldExpired");
        assertThat(ledger.written(TOPICS.commands())).hasSize(3);
    }
}
