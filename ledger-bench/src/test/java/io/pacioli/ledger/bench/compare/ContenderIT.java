package io.pacioli.ledger.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.bench.AccountPairs;
import io.pacioli.ledger.bench.BenchWorkload;
import io.pacioli.ledger.bench.PacedTransfers;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Command;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What each system must do to be compared: nothing is lost, nothing is doubled, and nobody spends what is not there. */
class ContenderIT {
    private static final int ACCOUNTS = 100;
    private static final int PACED = 100;

    static Stream<Contender> contenders() {
        return Stream.of(
                new Postgres(Postgres.Way.ROWS, 4, Postgres.Commit.ON),
                new Postgres(Postgres.Way.FUNCTION, 4, Postgres.Commit.OFF),
                new RedisLua(RedisLua.Persistence.NONE, 4, 1),
                new RedisLua(RedisLua.Persistence.ALWAYS, 4, 16),
                new Pacioli(3, 1, true),
                new Pacioli(3, 1, false));
    }

    @ParameterizedTest
    @MethodSource("contenders")
    void keepsItsBooks(Contender contender) {
        AccountPairs pairs = AccountPairs.hot(ACCOUNTS, 70);
        try (Contender.Started started = contender.start(ACCOUNTS)) {
            BenchWorkload workload = new Load(pairs, 0).lane(0);
            Command.Transfer first = workload.transfer();
            assertThat(started.transfer(first)).isTrue();
            started.transfer(first);
            assertThat(started.transfer(ofMoreThanThereIs(workload.transfer()))).isFalse();

            Run run = started.run(new Load(pairs, Load.LANES_MAX), Duration.ofSeconds(1));
            Paced paced = started.paced(new Load(pairs, 2 * Load.LANES_MAX), PACED, 1);

            assertThat(run.counts().accepted())
                    .isPositive()
                    .isEqualTo(run.counts().transfers());
            assertThat(run.seconds())
                    .isNotEmpty()
                    .allSatisfy((stage, seconds) -> assertThat(seconds).isGreaterThanOrEqualTo(1));
            Optional<PacedTransfers> reads = started.reads(new Load(pairs, 3 * Load.LANES_MAX), PACED, 1);
            assertThat(paced.transfers().latency().getTotalCount()).isEqualTo(PACED);
            reads.ifPresent(found -> {
                assertThat(found.latency().getTotalCount()).isEqualTo(PACED);
                assertThat(found.accepted()).isGreaterThanOrEqualTo(PACED);
            });
            assertThat(started.settings()).isNotEmpty();
            long accepted = 1
                    + run.counts().accepted()
                    + paced.transfers().accepted()
                    + reads.map(PacedTransfers::accepted).orElse(0L);
            assertThat(started.books()).isEqualTo(new Books(accepted, ACCOUNTS * BenchWorkload.FUNDS));
        }
    }

    @Test
    void ledgerSaysHowFarItsProjectionsWereBehind() {
        try (Contender.Started started = new Pacioli(3, 1, true).start(ACCOUNTS)) {
            Run run = started.run(new Load(AccountPairs.uniform(ACCOUNTS), 0), Duration.ofSeconds(1));

            assertThat(run.lags()).containsOnlyKeys(Stage.VISIBLE, Stage.STORED).allSatisfy((stage, lag) -> {
                assertThat(lag.entriesMax()).isBetween(1L, 10 * run.counts().transfers());
                assertThat(lag.secondsAfter())
                        .isPositive()
                        .isLessThan(run.seconds().get(stage));
            });
        }
    }

    private static Command.Transfer ofMoreThanThereIs(Command.Transfer transfer) {
        return new Command.Transfer(
                transfer.id(),
                transfer.asset(),
                transfer.from(),
                transfer.to(),
                Amount.of(2 * ACCOUNTS * BenchWorkload.FUNDS),
                transfer.memo(),
                transfer.metadata());
    }
}
