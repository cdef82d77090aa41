package io.pacioli.ledger.app.chaos;

import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.LedgerClient;
import io.pacioli.ledger.api.LedgerClientSettings;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.app.CommandFailure;
import io.pacioli.ledger.app.Shutdown;
import io.pacioli.ledger.app.audit.PostgresSource;
import io.pacioli.ledger.app.audit.RedisSource;
import io.pacioli.ledger.app.chaos.Fault.Role;
import io.pacioli.ledger.app.chaos.Traffic.Sending;
import io.pacioli.ledger.app.stack.Logging;
import io.pacioli.ledger.audit.Audit;
import io.pacioli.ledger.audit.AuditException;
import io.pacioli.ledger.audit.AuditReport;
import io.pacioli.ledger.audit.AuditSettings;
import io.pacioli.ledger.audit.Progress;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.embedded.DataDirectory;
import io.pacioli.ledger.projection.redis.RedisProjection;
import io.pacioli.ledger.projection.redis.RedisProjectionSettings;
import io.pacioli.ledger.projection.redis.RedisSettings;
import io.pacioli.ledger.service.Health;
import io.pacioli.ledger.service.Metrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A ledger of processes in a directory of its own, to be driven and then examined. Everything that has to be closed is closed with it,
 * once and from any thread, and the directory is deleted unless it is to be kept.
 */
final class Workbench implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Workbench.class);
    private static final Duration CLIENT_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration FUNDS_TIMEOUT = Duration.ofMinutes(1);
    private static final Duration SETTLE_MAX = Duration.ofMinutes(5);
    private static final Duration WARM_UP_MAX = Duration.ofMinutes(1);
    private static final Duration WARM = Duration.ofMillis(500);

    /** As many as a client has on their way at most. */
    private static final int FUNDED_AT_ONCE = LedgerClientSettings.IN_FLIGHT_DEFAULT / 2;

    private final Path directory;
    private final ChaosStack stack;
    private final KafkaRouter router;
    private final Deque<AutoCloseable> resources = new ArrayDeque<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean kept;

    /**
     * Prepares everything and starts nothing.
     *
     * @param named where, empty or new; null for a temporary directory
     * @param name what is done, as files are called after it
     * @param verbose whether the log goes to standard error as well as to a file
     */
    Workbench(@Nullable Path named, String name, boolean verbose, StackShape shape) {
        kept = named != null;
        directory = directory(named, name);
        own(Logging.toFile(directory.resolve(name + ".log"), verbose));
        stack = own(new ChaosStack(directory, shape));
        router = new KafkaRouter(shape.shards());
    }

    private static Path directory(@Nullable Path named, String name) {
        try {
            return named == null ? Files.createTempDirectory("ledger-" + name + "-") : empty(named);
        } catch (IOException e) {
            throw new CommandFailure("cannot create a directory: " + e.getMessage(), e);
        }
    }

    private static Path empty(Path named) throws IOException {
        Path directory = Files.createDirectories(named).toRealPath();
        try (Stream<Path> files = Files.list(directory)) {
            if (files.findAny().isPresent()) {
                throw new CommandFailure("the directory must be empty or new: " + named);
            }
        }
        return directory;
    }

    Path directory() {
        return directory;
    }

    ChaosStack stack() {
        return stack;
    }

    KafkaRouter router() {
        return router;
    }

    /** The directory when it stays, as it does when something is not as it must be. */
    @Nullable
    Path kept(Violations violations) {
        return kept || violations.count() > 0 ? directory : null;
    }

    /**
     * Runs what the bench is there for, and keeps the directory when that fails or does not pass. A signal leaves nothing behind.
     *
     * @param isFine whether what came out of it leaves nothing to look into
     */
    <R> R attempt(Shutdown.Body<R> body, Predicate<R> isFine) throws InterruptedException {
        boolean fine = false;
        try {
            R result = body.run();
            fine = isFine.test(result);
            return result;
        } finally {
            if (!fine && !isClosed()) {
                kept = true;
            }
        }
    }

    /** Whether all has been stopped, or is just being. */
    boolean isClosed() {
        return closed.get();
    }

    /** Closes something before everything that was there earlier. */
    synchronized <T extends AutoCloseable> T own(T resource) {
        if (isClosed()) {
            close(resource);
            throw new CommandFailure("it has been stopped");
        }
        resources.push(resource);
        return resource;
    }

    /** A client of the ledger, with these properties of Kafka besides. */
    LedgerClient client(Map<String, String> more) {
        Map<String, String> kafka = new HashMap<>(stack.kafka());
        kafka.putAll(more);
        kafka.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, "500");
        return own(LedgerClient.connect(new LedgerClientSettings(
                kafka, Topics.DEFAULT, CLIENT_TIMEOUT, LedgerClientSettings.IN_FLIGHT_DEFAULT)));
    }

    /**
     * Gives accounts money.
     *
     * @throws CommandFailure when they do not get it
     */
    void fund(int accounts, LedgerClient client, Traffic traffic) {
        accepted(client, traffic, List.of(ChaosWorkload.definition()));
        for (int from = 0; from < accounts; from += FUNDED_AT_ONCE) {
            accepted(client, traffic, ChaosWorkload.funds(from, Math.min(accounts, from + FUNDED_AT_ONCE)));
        }
    }

    private static void accepted(LedgerClient client, Traffic traffic, List<Command> commands) {
        List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
        for (Command command : commands) {
            Sending sending = traffic.send(command);
            outcomes.add(client.submit(command, FUNDS_TIMEOUT).outcome().thenApply(outcome -> {
                traffic.answered(sending, outcome);
                return outcome;
            }));
        }
        for (CompletableFuture<Outcome> outcome : outcomes) {
            try {
                if (!(outcome.join() instanceof Outcome.Accepted)) {
                    throw new CommandFailure("the accounts could not be given money: " + outcome.join());
                }
            } catch (CompletionException e) {
                throw new CommandFailure("the accounts could not be given money: " + e.getCause(), e);
            }
        }
    }

    /**
     * Processes that have just been started are slow, and projections are behind once accounts have got their money: nothing is to be
     * measured by that. What does not come is a violation.
     */
    void warmUp(Probes probes, Violations violations) {
        ChaosStack.await(WARM_UP_MAX, () -> {
            long startNanos = System.nanoTime();
            return probes.decide(WARM_UP_MAX) != null && System.nanoTime() - startNanos < WARM.toNanos();
        });
        settle(probes, violations);
    }

    /** Waits until every process is ready, every shard decides, and all projectors show it; what does not come is a violation. */
    void settle(Probes probes, Violations violations) {
        if (!ChaosStack.await(SETTLE_MAX, stack::isWhole)) {
            violations.add("not ready again: " + stack.notReady());
        }
        List<Position> positions = probes.decide(SETTLE_MAX);
        if (positions == null) {
            violations.add("not every shard decides");
            return;
        }
        for (URI server : stack.addresses(Role.BALANCES)) {
            if (!probes.showsBalances(List.of(server), positions, SETTLE_MAX)) {
                violations.add("Redis' projection at " + server + " does not come to " + positions);
            }
        }
        for (URI server : stack.addresses(Role.HISTORY)) {
            if (!probes.showsHistory(List.of(server), positions, SETTLE_MAX)) {
                violations.add("PostgreSQL's projection at " + server + " does not come to " + positions);
            }
        }
    }

    /** Audits the whole ledger; null when that could not be done. What it finds is a violation. */
    @Nullable
    AuditReport audit(Violations violations) {
        RedisProjectionSettings redis =
                RedisProjectionSettings.queriesOnly(Topics.DEFAULT, router, RedisSettings.of(stack.redisUri()));
        try (Metrics metrics = new Metrics();
                RedisProjection projection = new RedisProjection(redis, new Health(), metrics)) {
            AuditReport report = Audit.run(
                    AuditSettings.of(stack.kafka(), Topics.DEFAULT)
                            .withProjections(List.of(
                                    new RedisSource(projection.balances()),
                                    new PostgresSource(
                                            stack.postgresUrl(),
                                            ChaosStack.POSTGRES_USER,
                                            ChaosStack.POSTGRES_PASSWORD))),
                    Progress.NONE);
            if (!report.passed()) {
                violations.add("the audit found " + report.differences() + " differences");
                report.findings().forEach(finding -> violations.add("audit: " + finding));
            }
            return report;
        } catch (AuditException e) {
            violations.add("the audit could not be made: " + e.getMessage());
            return null;
        }
    }

    private static void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            LOG.warn("Cannot close {}", resource, e);
        }
    }

    /** Stops everything, and deletes it unless there is something to look into. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        List<AutoCloseable> all;
        synchronized (this) {
            all = List.copyOf(resources);
        }
        all.forEach(Workbench::close);
        if (!kept) {
            try {
                DataDirectory.delete(directory);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
