package io.pacioli.ledger.processor;

import static io.pacioli.ledger.processor.LoneShard.START_MILLIS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pacioli.ledger.api.Headers;
import io.pacioli.ledger.api.Tick;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Due;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.InvariantViolation;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds that expire and transfers that wait, on one shard whose clock and ticks the test delivers. */
final class WhatFallsDueTest {
    private static final String GOLD = "GOLD";
    private static final String ALICE = "alice";
    private static final String BOB = "bob";
    private static final long SECOND = 1_000;
    private static final long HOUR = 3_600_000;

    private LoneShard shard;

    @BeforeEach
    void start(@TempDir Path directory) {
        shard = new LoneShard(0, 1, directory);
        shard.command(Sample.define(GOLD));
        shard.command(Sample.mint("m", GOLD, ALICE, 10_000));
    }

    @AfterEach
    void stop() {
        shard.close();
    }

    @Test
    void aHoldExpiresByATick() {
        shard.command(Sample.hold("h", GOLD, ALICE, 40, START_MILLIS + SECOND));
        shard.pass(SECOND - 1);
        shard.housekeeping();
        assertThat(shard.takeTicks()).as("before it is time").isZero();

        shard.pass(1);
        shard.housekeeping();
        assertThat(shard.takeTicks()).isEqualTo(1);
        assertThat(shard.events()).as("this machine's clock decides nothing").endsWith("HoldPlaced");
        shard.pass(7);
        shard.tick();

        assertThat(shard.events()).endsWith("HoldPlaced", "HoldExpired");
        Entry expired = last();
        assertThat(expired.atMillis()).isEqualTo(START_MILLIS + SECOND);
        assertThat(expired.cause()).isEqualTo("due@" + (START_MILLIS + SECOND));
        assertThat(expired.postings())
                .extracting(p -> p.bucket() + " " + p.amount() + " " + p.balance())
                .containsExactlyInAnyOrder("HELD -40 0", "AVAILABLE 40 10000");
        shard.pass(HOUR);
        shard.housekeeping();
        assertThat(shard.takeTicks()).as("nothing is left").isZero();
    }

    /** A timeout itself would have Kafka Streams commit what this task has journaled without its inputs. */
    @Test
    void aTickThatCannotBeSentEndsTheThread() {
        shard.command(Sample.hold("h", GOLD, ALICE, 40, START_MILLIS + SECOND));
        shard.pass(SECOND);
        shard.timeOut();
        assertThatThrownBy(shard::housekeeping)
                .isInstanceOf(StreamsException.class)
                .hasCauseInstanceOf(TimeoutException.class);
    }

    @Test
    void nothingIsTickedWhenNothingIsDue() {
        shard.command(Sample.hold("ever", GOLD, ALICE, 40, null));
        shard.command(Sample.hold("captured", GOLD, ALICE, 40, START_MILLIS + SECOND));
        shard.command(Sample.capture("c", "captured", ALICE, BOB));
        shard.pass(HOUR);

        shard.housekeeping();

        assertThat(shard.takeTicks()).isZero();
        assertThat(shard.events()).endsWith("TransferPosted");
    }

    @Test
    void thereIsOneTickAtATime() {
        shard.command(Sample.hold("h", GOLD, ALICE, 40, START_MILLIS + SECOND));
        shard.pass(SECOND);
        for (int i = 0; i < 10; i++) {
            shard.housekeeping();
            shard.pass(500);
        }
        assertThat(shard.takeTicks()).isEqualTo(1);

        shard.housekeeping();

        assertThat(shard.takeTicks()).as("the first may be lost").isEqualTo(1);
    }

    @Test
    void aTickIsNoCommand() {
        List<String> before = shard.events();

        shard.command(Tick.bytes(), Sample.replyTo(LoneShard.TOPICS.replies(), "c1"));
        shard.command(Tick.bytes(), new RecordHeaders());

        assertThat(shard.events()).isEqualTo(before);
        assertThat(shard.replies()).isEmpty();
        assertThat(shard.sent(LedgerTopology.DEAD_LETTERS)).isEmpty();
        assertThat(shard.sent(LedgerTopology.FORWARDED)).isEmpty();
    }

    @Test
    void whatOnlyLooksLikeATickIsADeadLetter() {
        shard.command(Headers.text("{\"type\": \"Tick\"}"), new RecordHeaders());

        assertThat(shard.sent(LedgerTopology.DEAD_LETTERS)).hasSize(1);
    }

    @Test
    void aTickThatIsReadAgainDoesNothing() {
        shard.command(Sample.hold("h", GOLD, ALICE, 40, START_MILLIS + SECOND));
        shard.tick();
        shard.restart(Sample.configuration(1));
        shard.rewind(3);

        shard.tick();
        assertThat(shard.events()).isEmpty();
        shard.pass(SECOND);
        shard.tick();

        assertThat(shard.events()).containsExactly("HoldExpired");
    }

    @Test
    void aStrangersTicksAreHarmless() {
        shard.command(Sample.hold("h", GOLD, ALICE, 40, START_MILLIS + SECOND));
        for (int i = 0; i < 20; i++) {
            shard.tick();
        }
        assertThat(shard.events()).as("before it is time").endsWith("HoldPlaced");
        assertThat(shard.takeTicks()).isZero();
        shard.pass(SECOND);
        shard.housekeeping();
        assertThat(shard.takeTicks()).as("its own comes as ever").isEqualTo(1);

        shard.tick();
        shard.tick();

        assertThat(shard.events()).endsWith("HoldPlaced", "HoldExpired");
        assertThat(shard.takeTicks()).isZero();
    }

    /** An old tick, read late, says nothing about the clocks. */
    @Test
    void anOldTickDelaysNothingForLong() {
        shard.command(Sample.hold("h", GOLD, ALICE, 40, START_MILLIS + HOUR));
        shard.clockAhead(2 * HOUR);
        shard.tick();
        shard.clockAhead(0);
        shard.pass(2 * HOUR);
        shard.housekeeping();
        shard.pass(5 * SECOND);
        shard.housekeeping();

        assertThat(shard.takeTicks()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(longs = {-HOUR, -3 * SECOND, 0, 3 * SECOND, 10 * SECOND, 2 * HOUR})
    void aClockThatIsWrongCostsLittle(long aheadMillis) {
        shard.clockAhead(aheadMillis);
        shard.command(Sample.hold("h", GOLD, ALICE, 40, START_MILLIS + 60 * SECOND));
        int ticks = 0;
        long millis = 0;
        while (!shard.events().getLast().equals("HoldExpired") && millis < 2 * HOUR) {
            shard.pass(500);
            millis += 500;
            shard.housekeeping();
            for (int i = shard.takeTicks(); i > 0; i--) {
                ticks++;
                shard.tick();
            }
        }

        assertThat(last().atMillis()).isEqualTo(START_MILLIS + 60 * SECOND);
        assertThat(last().event().type()).isEqualTo("HoldExpired");
        assertThat(millis).isBetween(60 * SECOND, 60 * SECOND + Math.max(-aheadMillis, 5 * SECOND));
        assertThat(ticks).isBetween(1, 13);
    }

    @Test
    void ofMuchThatIsDueTheRestFollowsWithFurtherTicks() {
        long expiresAt = START_MILLIS + SECOND;
        for (int i = 0; i < 2_500; i++) {
            shard.command(Sample.hold("h" + i, GOLD, ALICE, 1, expiresAt));
        }
        int before = shard.events().size();
        shard.pass(SECOND);
        shard.housekeeping();
        for (int expired : new int[] {1_000, 2_000, 2_500}) {
            assertThat(shard.takeTicks()).isEqualTo(1);
            shard.tick();
            assertThat(shard.events()).hasSize(before + expired).endsWith("HoldExpired");
        }
        assertThat(shard.takeTicks()).isZero();
        assertThat(shard.journal().subList(before, before + 2_500))
                .allSatisfy(r -> assertThat(r.entry().atMillis()).isEqualTo(expiresAt));
    }

    @Test
    void aHoldThatIsNotExpiredYetAmongManyCannotBeCapturedAnyMore() {
        for (int i = 0; i < 1_001; i++) {
            shard.command(Sample.hold("h" + (10_000 + i), GOLD, ALICE, 1, START_MILLIS + SECOND));
        }
        shard.pass(SECOND);

        shard.command(Sample.capture("c", "h11000", ALICE, BOB), "c1");
        shard.command(Sample.open("carol"));

        assertThat(shard.replies()).containsExactly("c1: c HOLD_EXPIRED");
        assertThat(shard.events()).endsWith("HoldExpired", "CommandRejected", "HoldExpired", "AccountOpened");
    }

    @Test
    void whatCountsIsWhenACommandCameNotWhenItIsRead() {
        shard.command(Sample.hold("early", GOLD, ALICE, 40, START_MILLIS + SECOND));
        shard.command(Sample.hold("late", GOLD, ALICE, 50, START_MILLIS + SECOND));
        shard.clockAhead(HOUR);
        shard.restart(Sample.configuration(1));
        shard.housekeeping();
        assertThat(shard.takeTicks()).isEqualTo(1);

        shard.pass(SECOND - 1);
        shard.command(Sample.capture("c1", "early", ALICE, BOB), "c1");
        shard.pass(1);
        shard.command(Sample.capture("c2", "late", ALICE, BOB), "c2");

        assertThat(shard.replies()).containsExactly("c1: c1 TransferPosted", "c2: c2 HOLD_EXPIRED");
        assertThat(shard.events()).containsExactly("TransferPosted", "HoldExpired", "CommandRejected");
    }

    @Test
    void aTransferThatWaitsIsDecidedBeforeALaterCommand() {
        shard.command(later(), "c1");
        shard.command(later(), "c2");
        assertThat(shard.replies()).containsExactly("c1: t pending CommandDeferred", "c2: t pending CommandDeferred");
        assertThat(shard.events()).endsWith("CommandDeferred");

        shard.pass(SECOND + 5);
        shard.command(Sample.open("carol"));
        shard.command(later(), "c3");

        assertThat(shard.events()).endsWith("CommandDeferred", "TransferPosted", "AccountOpened");
        Entry decided = shard.journal().get(shard.journal().size() - 2).entry();
        assertThat(decided.atMillis()).isEqualTo(START_MILLIS + SECOND);
        assertThat(decided.commandId()).isEqualTo("t");
        assertThat(shard.replies()).hasSize(3).endsWith("c3: t TransferPosted");
        assertThat(shard.count("ledger.commands.pending")).isEqualTo(1);
        assertThat(shard.count("ledger.commands.repeated")).isEqualTo(2);
    }

    @Test
    void aTransferThatWaitsIsDecidedByATick() {
        shard.command(later());
        shard.restart(Sample.configuration(1));
        shard.housekeeping();
        assertThat(shard.takeTicks()).isZero();

        shard.pass(SECOND);
        shard.housekeeping();
        assertThat(shard.takeTicks()).isEqualTo(1);
        shard.tick();

        assertThat(shard.events()).containsExactly("TransferPosted");
        assertThat(shard.count("ledger.commands.accepted", "type", "TransferPosted"))
                .as("with the mint before")
                .isEqualTo(2);
    }

    @Test
    void aTransferThatWaitsCanBeRejectedInTheEnd() {
        shard.command(Sample.transferLater("t", GOLD, ALICE, BOB, 10_001, START_MILLIS + SECOND));
        shard.pass(SECOND);
        shard.tick();
        shard.command(Sample.transferLater("t", GOLD, ALICE, BOB, 10_001, START_MILLIS + SECOND), "c1");

        assertThat(shard.events()).endsWith("CommandDeferred", "CommandRejected");
        assertThat(shard.replies()).containsExactly("c1: t INSUFFICIENT_FUNDS");
        assertThat(shard.count("ledger.commands.rejected", "code", "INSUFFICIENT_FUNDS"))
                .isEqualTo(1);
    }

    @Test
    void whatIsDueBeforeARecordThatIsNoCommandIsDecidedToo() {
        shard.command(Sample.hold("h", GOLD, ALICE, 40, START_MILLIS + SECOND));
        shard.pass(SECOND);

        shard.command(Headers.text("?"), new RecordHeaders());

        assertThat(shard.events()).endsWith("HoldPlaced", "HoldExpired");
        assertThat(shard.sent(LedgerTopology.DEAD_LETTERS)).hasSize(1);
    }

    @Test
    void somethingDueThatCannotBeIsDamage() {
        shard.restart(Sample.configuration(1));
        shard.stored().put(StateKeys.due(new Due(START_MILLIS, Due.Kind.HOLD_EXPIRY, "nowhere")), new byte[] {1});

        assertThatThrownBy(shard::tick)
                .isInstanceOf(InvariantViolation.class)
                .matches(ProcessorService::isDamage, "stops the service");
        assertThatThrownBy(() -> shard.command(Sample.open("carol"))).isInstanceOf(InvariantViolation.class);
        assertThat(shard.events()).isEmpty();
    }

    private static Command later() {
        return Sample.transferLater("t", GOLD, ALICE, BOB, 30, START_MILLIS + SECOND);
    }

    private Entry last() {
        return shard.journal().getLast().entry();
    }
}
