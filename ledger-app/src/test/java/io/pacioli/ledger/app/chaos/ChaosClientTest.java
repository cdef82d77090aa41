package io.pacioli.ledger.app.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.core.Rejected;
import io.pacioli.ledger.core.Rejection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ChaosClientTest {
    private static final int COMMANDS = 400;
    private static final int FAILURES = 4;

    private final ClientLog log = new ClientLog(new KafkaRouter(1));
    private final Map<Command, Integer> attempts = new ConcurrentHashMap<>();

    /** A client that gave up at each failure with the same chance would leave nearly all in the dark that meets a long outage. */
    @Test
    void whatAnOutageDelaysIsSentAgainButForTheFewWhoseClientDies() {
        ChaosClient client = new ChaosClient(
                this::answer,
                new ChaosWorkload(1, "c", 10, Duration.ZERO),
                new Traffic(log, sentNanos -> true),
                1,
                new Pace(COMMANDS, Duration.ofSeconds(1), Duration.ZERO),
                COMMANDS);

        client.run();

        assertThat(log.all().filter(asked -> !asked.heard().isEmpty())).hasSizeGreaterThan(COMMANDS * 3 / 4);
        assertThat(log.all().filter(asked -> asked.heard().isEmpty()).map(Asked::sent))
                .as("how often those were sent that nobody asks for any more")
                .contains(1, 2, 3);
    }

    private CompletableFuture<Outcome> answer(Command command) {
        if (attempts.merge(command, 1, Integer::sum) <= FAILURES) {
            return CompletableFuture.failedFuture(new IllegalStateException("no answer"));
        }
        Rejected reason = new Rejected(Rejection.ACCOUNT_CLOSED, "account", "", command.account());
        return CompletableFuture.completedFuture(new Outcome.Refused(command.id(), new Position(0, 1), 0, reason));
    }
}
