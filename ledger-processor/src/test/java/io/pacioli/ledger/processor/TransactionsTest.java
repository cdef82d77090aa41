package io.pacioli.ledger.processor;

import static io.pacioli.ledger.processor.LoneShard.START_MILLIS;
import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.api.Headers;
import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Posting;
import io.pacioli.ledger.core.Transit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transactions across shards, and who hears of their outcome. */
final class TransactionsTest {
    private static final KafkaRouter ROUTER = new KafkaRouter(3);
    private static final String ASSET = Sample.asset(ROUTER, 0);
    private static final String ALICE = Sample.account(ROUTER, "alice", 0);
    private static final String BOB = Sample.account(ROUTER, "bob", 1);
    private static final String CAROL = Sample.account(ROUTER, "carol", 2);
    private static final long DEADLINE_MILLIS = Command.Transact.DEADLINE_DEFAULT_MILLIS;

    private List<LoneShard> shards;
    private LoneShard zero;
    private LoneShard one;

    @BeforeEach
    void start(@TempDir Path directory) {
        shards =
                List.of(new LoneShard(0, 3, directory), new LoneShard(1, 3, directory), new LoneShard(2, 3, directory));
        zero = shards.getFirst();
        one = shards.get(1);
        zero.command(Sample.define(ASSET));
        zero.command(Sample.mint("m", ASSET, ALICE, 100));
        deliverAll();
    }

    @AfterEach
    void stop() {
        shards.forEach(LoneShard::close);
    }

    @Test
    void theOutcomeIsToldWhenAllHaveAgreed() {
        zero.command(transaction(), "c1");
        assertThat(zero.replies()).as("while it is pending").isEmpty();
        assertThat(zero.events()).endsWith("TransactionBegun");
        List<Transit> prepares = zero.takeTransit();
        assertThat(prepares).extracting(Transit::to).containsExactly(1, 2);
        prepares.forEach(this::deliver);
        List<Transit> votes = new ArrayList<>(one.takeTransit());
        votes.addAll(shards.get(2).takeTransit());

        deliver(votes.getFirst());
        assertThat(zero.replies()).as("while a vote is missing").isEmpty();
        deliver(votes.getLast());

        assertThat(zero.replies()).containsExactly("c1: t TransactionCommitted");
        deliverAll();
        assertThat(zero.replies()).hasSize(1);
        assertThat(one.replies()).isEmpty();
        assertThat(zero.events()).endsWith("TransactionBegun", "TransactionVoted", "TransactionCommitted");
        assertThat(one.events()).endsWith("TransactionPrepared", "TransactionSettled");
        assertThat(last(one))
                .anyMatch(p -> p.account().equals(BOB) && p.balance().intValueExact() == 10);
        assertThat(zero.count("ledger.commands.pending")).isEqualTo(1);
        assertThat(zero.count("ledger.commands.accepted", "type", "TransactionCommitted"))
                .isEqualTo(1);
    }

    @Test
    void theOutcomeIsToldWhenAShardRefuses() {
        one.command(Sample.openAtMost(BOB, ASSET, 9));
        zero.command(transaction(), "c1");
        deliverAll();

        assertThat(zero.replies()).hasSize(1).first().asString().startsWith("c1: t ");
        assertThat(zero.events()).endsWith("TransactionAborted", "CommandRejected", "TransactionVoted");
        assertThat(one.events()).endsWith("TransactionRefused");
        assertThat(shards.get(2).events()).endsWith("TransactionPrepared", "TransactionReleased");
        zero.command(Sample.transfer("all", ASSET, ALICE, CAROL, 100), "c2");
        assertThat(zero.replies()).as("what was reserved is back").endsWith("c2: all TransferSent");
    }

    @Test
    void theOutcomeIsToldWhenTheTimeIsUp() {
        zero.command(transaction(), "c1");
        List<Transit> lost = zero.takeTransit();
        zero.pass(DEADLINE_MILLIS);
        assertThat(zero.replies()).isEmpty();
        zero.housekeeping();
        assertThat(zero.takeTicks()).isEqualTo(1);
        zero.tick();

        assertThat(zero.replies()).containsExactly("c1: t TRANSACTION_TIMED_OUT");
        assertThat(zero.events()).endsWith("TransactionBegun", "TransactionAborted", "CommandRejected");
        assertThat(zero.journal().getLast().entry().atMillis()).isEqualTo(START_MILLIS + DEADLINE_MILLIS);
        assertThat(zero.count("ledger.commands.rejected", "code", "TRANSACTION_TIMED_OUT"))
                .isEqualTo(1);
        lost.forEach(this::deliver);
        deliverAll();
        assertThat(one.events()).endsWith("TransactionPrepared", "TransactionReleased");
        assertThat(zero.events()).endsWith("TransactionVoted", "TransactionVoted");
        assertThat(zero.replies()).as("it is told once").hasSize(1);
    }

    @Test
    void aRestartForgetsNeitherTheTransactionNorWhoAsked() {
        zero.command(transaction(), "c1");
        List<Transit> prepares = List.copyOf(zero.takeTransit());
        zero.restart(Sample.configuration(3));
        prepares.forEach(this::deliver);
        List<Transit> votes = List.copyOf(one.takeTransit());
        one.restart(Sample.configuration(3));
        votes.forEach(this::deliver);
        deliverAll();

        assertThat(zero.replies()).containsExactly("c1: t TransactionCommitted");
        assertThat(one.events()).containsExactly("TransactionSettled");
    }

    @Test
    void whoWasToldIsForgotten() {
        zero.command(transaction(), "c1");
        deliverAll();
        assertThat(zero.replies()).hasSize(1);
        zero.restart(Sample.configuration(3));
        zero.command(transaction());
        deliverAll();

        assertThat(zero.replies()).isEmpty();
        assertThat(zero.events()).isEmpty();
    }

    @Test
    void aRestartKeepsTheDeadline() {
        zero.command(transaction(), "c1");
        zero.pass(DEADLINE_MILLIS);
        zero.restart(Sample.configuration(3));
        zero.command(Sample.open(Sample.account(ROUTER, "dave", 0)));

        assertThat(zero.replies()).containsExactly("c1: t TRANSACTION_TIMED_OUT");
        assertThat(zero.events()).containsExactly("TransactionAborted", "CommandRejected", "AccountOpened");
    }

    @Test
    void allWhoAskMeanwhileAreTold() {
        zero.command(transaction(), "c1");
        zero.command(transaction(), "c2");
        zero.command(transaction(), "c1");
        zero.command(transaction());
        assertThat(zero.replies()).isEmpty();

        deliverAll();
        zero.command(transaction(), "c3");

        assertThat(zero.replies())
                .containsExactly(
                        "c1: t TransactionCommitted", "c2: t TransactionCommitted", "c3: t TransactionCommitted");
        assertThat(zero.count("ledger.commands.repeated")).isEqualTo(4);
    }

    @Test
    void whoeverAskedFirstIsToldHoweverManyFollow() {
        for (int i = 0; i <= ReplyAddresses.ADDRESSES_MAX; i++) {
            zero.command(transaction(), "c" + i);
        }

        deliverAll();

        assertThat(zero.replies())
                .hasSize(ReplyAddresses.ADDRESSES_MAX)
                .startsWith("c0: t TransactionCommitted")
                .doesNotContain("c" + ReplyAddresses.ADDRESSES_MAX + ": t TransactionCommitted");
        assertThat(zero.count("ledger.replies.dropped")).isEqualTo(1);
    }

    @Test
    void anotherCommandWithTheIdIsAnsweredAtOnce() {
        zero.command(transaction(), "c1");
        zero.command(Sample.transact("t", Sample.leg(ASSET, ALICE, BOB, 11)), "c2");
        assertThat(zero.replies()).containsExactly("c2: t IDEMPOTENCY_CONFLICT");

        deliverAll();

        assertThat(zero.replies()).endsWith("c1: t TransactionCommitted").hasSize(2);
    }

    @Test
    void transactionsAreToldApart() {
        zero.command(Sample.transact("t1", Sample.leg(ASSET, ALICE, BOB, 1)), "c1");
        zero.command(Sample.transact("t2", Sample.leg(ASSET, ALICE, CAROL, 1)), "c2");
        List<Transit> prepares = zero.takeTransit();
        deliver(prepares.getLast());
        deliverAll();
        assertThat(zero.replies()).containsExactly("c2: t2 TransactionCommitted");

        deliver(prepares.getFirst());
        deliverAll();

        assertThat(zero.replies()).containsExactly("c2: t2 TransactionCommitted", "c1: t1 TransactionCommitted");
    }

    @Test
    void onOneShardTheOutcomeIsToldAtOnce() {
        String dave = Sample.account(ROUTER, "dave", 0);
        zero.command(Sample.transact("t", Sample.leg(ASSET, ALICE, dave, 1)), "c1");
        zero.command(Sample.transact("u", Sample.leg(ASSET, ALICE, BOB, 101)), "c2");

        assertThat(zero.replies()).containsExactly("c1: t TransactionPosted", "c2: u INSUFFICIENT_FUNDS");
        assertThat(zero.takeTransit()).isEmpty();
    }

    @Test
    void anAddressThatIsTooLargeCostsTheReply() {
        RecordHeaders headers = Sample.replyTo(LoneShard.TOPICS.replies(), "c1");
        headers.add(Headers.CORRELATION_ID, new byte[ReplyAddress.HEADER_BYTES_MAX + 1]);
        zero.command(transaction(), headers);
        deliverAll();

        assertThat(zero.events()).endsWith("TransactionCommitted");
        assertThat(zero.replies()).isEmpty();
        assertThat(zero.count("ledger.replies.dropped")).isEqualTo(1);
    }

    /** Alice pays Bob 10 and Carol 20. */
    private static Command transaction() {
        return Sample.transact("t", Sample.leg(ASSET, ALICE, BOB, 10), Sample.leg(ASSET, ALICE, CAROL, 20));
    }

    private void deliver(Transit transit) {
        shards.get(transit.to()).transit(transit);
    }

    /** Delivers until nothing is on its way any more. */
    private void deliverAll() {
        boolean isQuiet = false;
        while (!isQuiet) {
            isQuiet = true;
            for (LoneShard shard : shards) {
                for (Transit transit : List.copyOf(shard.takeTransit())) {
                    deliver(transit);
                    isQuiet = false;
                }
            }
        }
    }

    private static List<Posting> last(LoneShard shard) {
        return shard.journal().getLast().entry().postings();
    }
}
