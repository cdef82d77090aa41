package io.pacioli.ledger.bench.micro;

import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.bench.AccountPairs;
import io.pacioli.ledger.bench.BenchWorkload;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Decision;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.InMemoryShard;
import io.pacioli.ledger.core.Input;
import io.pacioli.ledger.core.Ledger;
import io.pacioli.ledger.core.ShardConfiguration;
import java.time.Duration;

/** A ledger of one shard in memory, with accounts that are funded. The same for the same seed. */
final class SampleShard {
    static final int ACCOUNTS = 10_000;

    private static final long SEED = 42;
    private static final long START_MILLIS = 1_700_000_000_000L;
    private static final ShardConfiguration CONFIGURATION =
            new ShardConfiguration(1, Duration.ofDays(7).toMillis(), 10_000_000);

    private final Ledger ledger = new Ledger(new KafkaRouter(1));
    private final InMemoryShard shard = new InMemoryShard(0);
    private final BenchWorkload workload = new BenchWorkload(AccountPairs.uniform(ACCOUNTS), SEED);
    private int inputs;

    SampleShard() {
        evolve(decide(new Input.ConfigurationInput(CONFIGURATION, cause(), START_MILLIS)));
        evolve(decide(input(workload.asset())));
        for (int account = 0; account < ACCOUNTS; account++) {
            evolve(decide(input(workload.fund(account))));
        }
    }

    /** The next transfer between two of the accounts. */
    Command.Transfer transfer() {
        return workload.transfer();
    }

    /** The next transfer, as the shard gets it. */
    Input nextInput() {
        return input(transfer());
    }

    /** Decides, and changes nothing. */
    Decision.Journaled decide(Input input) {
        if (ledger.decide(input, shard) instanceof Decision.Journaled journaled) {
            return journaled;
        }
        throw new IllegalStateException("nothing was decided: " + input);
    }

    /** Applies what was decided. */
    void evolve(Decision.Journaled decision) {
        for (Entry entry : decision.entries()) {
            ledger.evolve(shard, entry);
        }
    }

    private Input input(Command command) {
        return new Input.CommandInput(command, CommandCodec.fingerprint(command), cause(), START_MILLIS + inputs);
    }

    private String cause() {
        return "ledger.commands-0@" + inputs++;
    }
}
