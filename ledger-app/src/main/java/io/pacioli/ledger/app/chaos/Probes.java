package io.pacioli.ledger.app.chaos;

import io.pacioli.ledger.api.LedgerClient;
import io.pacioli.ledger.app.chaos.Traffic.Sending;
import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.core.Router;
import io.pacioli.ledger.service.Positions;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Finds out when the system works again: sends a command to every shard, and asks projections for what came of them. Thread safe. */
final class Probes {
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String WAIT = "&wait=1s";

    private final LedgerClient client;
    private final Traffic traffic;
    private final Http http;
    private final List<String> tags = new ArrayList<>();
    private final AtomicLong number = new AtomicLong();

    Probes(LedgerClient client, Traffic traffic, Router router, Http http) {
        this.client = client;
        this.traffic = traffic;
        this.http = http;
        for (int shard = 0; shard < router.shards(); shard++) {
            int wanted = shard;
            tags.add(IntStream.iterate(0, i -> i + 1)
                    .mapToObj(i -> "{probe-" + i + "}")
                    .filter(tag -> router.shardOf(tag) == wanted)
                    .findFirst()
                    .orElseThrow());
        }
    }

    /**
     * Waits until every shard has decided a command that was sent after this was called, and the outcome is known.
     *
     * @return the positions of the outcomes; null when they have not all come in time
     */
    @Nullable
    List<Position> decide(Duration max) {
        Map<Integer, Position> decided = new ConcurrentHashMap<>();
        long[] againNanos = new long[tags.size()];
        boolean done = ChaosStack.await(max, () -> {
            for (int shard = 0; shard < tags.size(); shard++) {
                if (!decided.containsKey(shard)
                        && (againNanos[shard] == 0 || againNanos[shard] - System.nanoTime() < 0)) {
                    againNanos[shard] = System.nanoTime() + AGAIN.toNanos();
                    send(shard, decided);
                }
            }
            return decided.size() == tags.size();
        });
        return done ? List.copyOf(decided.values()) : null;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // What completes it hears of success and failure alike.
    private void send(int shard, Map<Integer, Position> decided) {
        String id = "probe-" + number.incrementAndGet();
        Command command = new Command.OpenAccount(id, id + tags.get(shard), AccountLimits.DEFAULT, Map.of());
        Sending sending = traffic.send(command);
        client.submit(command, TIMEOUT).outcome().whenComplete((outcome, failure) -> {
            if (failure == null) {
                traffic.answered(sending, outcome);
                decided.putIfAbsent(shard, outcome.position());
            }
        });
    }

    /** Whether one of the servers of Redis' projection says within the time that it has these positions. */
    boolean showsBalances(List<URI> servers, List<Position> positions, Duration max) {
        return shows(servers, "/v1/assets?position=", positions, max);
    }

    /** Whether one of the servers of PostgreSQL's projection says within the time that it has these positions. */
    boolean showsHistory(List<URI> servers, List<Position> positions, Duration max) {
        return shows(servers, "/v1/entries?limit=1&position=", positions, max);
    }

    private boolean shows(List<URI> servers, String path, List<Position> positions, Duration max) {
        String query = path + Positions.text(positions) + WAIT;
        return ChaosStack.await(
                max, () -> servers.stream().anyMatch(server -> http.status(server.resolve(query)) == Http.OK));
    }
}
