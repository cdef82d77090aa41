package io.pacioli.ledger.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.api.Headers;
import io.pacioli.ledger.api.JournalRecord;
import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.InvariantViolation;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.ShardConfiguration;
import io.pacioli.ledger.core.Transit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several shards of one ledger, and what goes between them. */
final class ShardsTest {
    private static final KafkaRouter ROUTER = new KafkaRouter(3);
    private static final String ASSET = Sample.asset(ROUTER, 0);
    private static final String ALICE = Sample.account(ROUTER, "alice", 0);
    private static final String BOB = Sample.account(ROUTER, "bob", 1);

    private LoneShard zero;
    private LoneShard one;
    private LoneShard two;

    @BeforeEach
    void start(@TempDir Path directory) {
        zero = new LoneShard(0, 3, directory);
        one = new LoneShard(1, 3, directory);
        two = new LoneShard(2, 3, directory);
    }

    @AfterEach
    void stop() {
        zero.close();
        one.close();
        two.close();
    }

    @Test
    void aCommandForAnotherShardIsPassedOnUntouched() {
        RecordHeaders headers = new RecordHeaders();
        headers.add("trace", new byte[] {1});
        byte[] json = Headers.text("{\"type\":\"OpenAccount\", \"id\":\"o\", \"account\":\"" + BOB + "\"}");

        zero.command(json, headers);

        assertThat(zero.sent(LedgerTopology.FORWARDED)).hasSize(1);
        Record<? extends Destination, ? extends byte[]> forwarded =
                zero.sent(LedgerTopology.FORWARDED).getFirst();
        assertThat(LoneShard.partition(forwarded)).isEqualTo(1);
        assertThat(LoneShard.key(forwarded)).isEqualTo(Headers.text(BOB));
        assertThat(forwarded.value()).isSameAs(json);
        assertThat(forwarded.headers()).hasSize(2);
        assertThat(forwarded.headers().lastHeader("trace").value()).containsExactly(1);
        assertThat(Headers.text(forwarded.headers(), Headers.FORWARDED_FROM)).isEqualTo("test.commands-0@0");
        assertThat(headers).as("the record's own headers").hasSize(1);
        assertThat(zero.events()).containsExactly("ShardConfigured");

        one.command(forwarded.value(), forwarded.headers());

        assertThat(one.events()).containsExactly("ShardConfigured", "AccountOpened");
    }

    @Test
    void accountsOfOneOwnerLiveTogether() {
        Command command = Sample.open("till-7{" + BOB + "}");

        zero.command(command);

        assertThat(zero.sent(LedgerTopology.FORWARDED)).hasSize(1).allSatisfy(forwarded -> {
            assertThat(LoneShard.partition(forwarded)).isEqualTo(1);
            assertThat(LoneShard.key(forwarded)).isEqualTo(Headers.text(BOB));
        });
    }

    @Test
    void aCommandIsPassedOnOnceOnly() {
        RecordHeaders headers = new RecordHeaders();
        headers.add(Headers.FORWARDED_FROM, Headers.text("test.commands-2@5"));
        byte[] json = CommandCodec.encode(Sample.open(BOB));

        zero.command(json, headers);

        assertThat(zero.sent(LedgerTopology.FORWARDED)).isEmpty();
        assertThat(zero.sent(LedgerTopology.DEAD_LETTERS)).hasSize(1).allSatisfy(dead -> {
            assertThat(dead.value()).isSameAs(json);
            assertThat(Headers.text(dead.headers(), Headers.DEAD_LETTER_REASON)).contains(BOB);
        });
    }

    @Test
    void moneyGoesToAnotherShardOnceHoweverOftenItIsDelivered() {
        List<Transit> sent = sendToBob();

        for (Transit transit : sent) {
            one.transit(transit);
            one.transit(transit);
        }
        sent.forEach(one::transit);

        assertThat(one.events()).containsExactly("ShardConfigured", "AssetLearned", "TransferReceived");
        assertThat(one.journal().getLast().entry().postings())
                .extracting(p -> p.account() + " " + p.balance())
                .containsExactly("@clearing/0/" + ASSET + " -30", BOB + " 30");
    }

    @Test
    void whatCannotBeCreditedComesBackOnce() {
        one.command(Sample.openAtMost(BOB, ASSET, 29));
        sendToBob().forEach(one::transit);

        List<Transit> back = one.transit();
        back.forEach(zero::transit);
        back.forEach(zero::transit);

        assertThat(one.events()).endsWith("AssetLearned", "TransferRefused");
        assertThat(zero.events()).endsWith("TransferSent", "TransferReturned");
        assertThat(zero.journal().getLast().entry().postings())
                .extracting(p -> p.account() + " " + p.balance())
                .containsExactly("@clearing/1/" + ASSET + " 0", ALICE + " 100");
    }

    @Test
    void aMessageThatIsMissingStopsTheShard() {
        List<Transit> sent = sendToBob();

        assertThatThrownBy(() -> one.transit(sent.getLast())).isInstanceOf(InvariantViolation.class);
    }

    @Test
    void aMessageForAnotherShardStopsTheShard() {
        List<Transit> sent = sendToBob();

        assertThatThrownBy(() -> two.transit(sent.getFirst())).isInstanceOf(InvariantViolation.class);
    }

    @Test
    void aMessageThatCannotBeReadStopsTheShard() {
        assertThatThrownBy(() -> one.transit(Headers.text("{\"v\":2}"))).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> one.transit(Headers.text("?"))).isInstanceOf(MalformedException.class);
    }

    @Test
    void aRestartGoesOnWhereTheStateEnds() {
        List<Transit> sent = sendToBob();
        one.transit(sent.getFirst());
        List<JournalRecord> journal = new ArrayList<>(one.journal());
        one.restart(Sample.configuration(3));

        sent.forEach(one::transit);
        one.command(Sample.open(BOB));
        one.command(Sample.open(BOB));
        journal.addAll(one.journal());

        assertThat(journal)
                .extracting(r -> r.entry().event().type())
                .containsExactly("ShardConfigured", "AssetLearned", "TransferReceived", "AccountOpened");
        Hash last = Hash.ZERO;
        for (int i = 0; i < journal.size(); i++) {
            assertThat(journal.get(i).entry().sequence()).isEqualTo(i + 1);
            assertThat(journal.get(i).previous()).isEqualTo(last);
            last = journal.get(i).hash();
        }
    }

    @Test
    void otherSettingsAreJournaledBeforeAnythingElse() {
        one.command(Sample.open(BOB));
        ShardConfiguration changed = new ShardConfiguration(3, 1_000, 5);
        one.restart(changed);

        one.command(Sample.open(Sample.account(ROUTER, "carol", 1)));
        one.command(Sample.open(Sample.account(ROUTER, "dave", 1)));

        assertThat(one.events()).containsExactly("ShardConfigured", "AccountOpened", "AccountOpened");
        assertThat(one.journal().getFirst().entry().event()).isEqualTo(new Event.ShardConfigured(changed));
        assertThat(one.journal().getFirst().entry().sequence()).isEqualTo(3);
    }

    @Test
    void anotherNumberOfShardsIsRefused() {
        one.command(Sample.open(BOB));
        one.restart(Sample.configuration(4));

        assertThatThrownBy(() -> one.command(Sample.open(BOB))).isInstanceOf(InvariantViolation.class);
    }

    @Test
    void timeDoesNotGoBack() {
        one.command(Sample.open(BOB));
        one.pass(-5_000);
        one.command(Sample.open(Sample.account(ROUTER, "carol", 1)));

        assertThat(one.journal())
                .extracting(r -> r.entry().atMillis())
                .containsOnly(one.journal().getFirst().entry().atMillis());
    }

    @Test
    void commandsThatAreReadAgainAreNotDecidedAgain() {
        ShardConfiguration forgetful = new ShardConfiguration(3, 1, 1);
        byte[] elsewhere = CommandCodec.encode(Sample.open(BOB));
        zero.restart(forgetful);
        for (boolean again : new boolean[] {false, true, true}) {
            zero.rewind(0);
            zero.command(Sample.define(ASSET));
            zero.command(Sample.mint("m1", ASSET, ALICE, 100));
            zero.command(elsewhere, new RecordHeaders());
            zero.command(Headers.text("?"), new RecordHeaders());
            if (again) {
                assertThat(zero.events()).isEmpty();
                assertThat(zero.sent(LedgerTopology.FORWARDED)).isEmpty();
                assertThat(zero.sent(LedgerTopology.DEAD_LETTERS)).isEmpty();
            }
            zero.restart(forgetful);
        }
        zero.command(Sample.open(ALICE));

        assertThat(zero.events()).containsExactly("AccountOpened");
    }

    @Test
    void anotherTopicInThePlaceOfTheCommandsIsNoticed() {
        one.command(Sample.open(BOB));
        one.command(Sample.open(Sample.account(ROUTER, "carol", 1)));
        one.rewind(0);
        one.pass(1);

        assertThatThrownBy(() -> one.command(Sample.open(BOB))).isInstanceOf(InvariantViolation.class);
    }

    /** What shard 0 sends to shard 1 when it defines the asset and Alice pays Bob 30 of her 100. */
    private List<Transit> sendToBob() {
        zero.command(Sample.define(ASSET));
        zero.command(Sample.mint("m1", ASSET, ALICE, 100));
        zero.command(Sample.transfer("t1", ASSET, ALICE, BOB, 30));
        return zero.transit().stream().filter(t -> t.to() == 1).toList();
    }
}
