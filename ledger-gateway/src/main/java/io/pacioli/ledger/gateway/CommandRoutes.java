package io.pacioli.ledger.gateway;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.pacioli.ledger.api.LedgerClient;
import io.pacioli.ledger.api.Submission;
import io.pacioli.ledger.api.TooManyInFlightException;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.gateway.GatewayMetrics.Result;
import io.pacioli.ledger.service.HttpModule;
import io.pacioli.ledger.service.Problem;
import io.pacioli.ledger.service.ProblemException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /v1/commands}: takes a command and answers with what became of it.
 *
 * <p>What the broker has acknowledged is never answered with an error: without an outcome in time it is 202, and the outcome can be
 * had later by sending the same command again or from its {@code Location}. So it is for a command that the ledger keeps until its
 * time has come. Only what is not known to be acknowledged is 503.
 */
final class CommandRoutes implements HttpModule {
    private static final Logger LOG = LoggerFactory.getLogger(CommandRoutes.class);

    private final LedgerConnection connection;
    private final Duration acknowledgeMax;
    private final GatewayMetrics metrics;
    private final Semaphore places;

    CommandRoutes(LedgerConnection connection, GatewaySettings settings, GatewayMetrics metrics) {
        this.connection = connection;
        this.acknowledgeMax = settings.acknowledgeMax();
        this.metrics = metrics;
        places = new Semaphore(settings.inFlightMax());
        metrics.measureInFlight(() -> settings.inFlightMax() - places.availablePermits());
    }

    @Override
    public Optional<String> openApi() {
        return Optional.of("openapi/commands.yaml");
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.post(Answer.COMMANDS, this::post);
    }

    private void post(Context context) {
        long startNanos = System.nanoTime();
        CommandRequest request;
        try {
            request = CommandRequest.read(context);
        } catch (ProblemException e) {
            metrics.answered("none", Result.MALFORMED, System.nanoTime() - startNanos);
            throw e;
        }
        Answer answer = answer(request);
        metrics.answered(request.command().type(), answer.result(), System.nanoTime() - startNanos);
        answer.write(context);
    }

    private Answer answer(CommandRequest request) {
        String id = request.command().id();
        LedgerClient client = connection.client().orElse(null);
        if (client == null) {
            return Answer.Failed.unavailable(id, connection.trouble());
        }
        if (!places.tryAcquire()) {
            return Answer.Failed.overloaded(id);
        }
        try {
            return send(client, request);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.Failed.unacknowledged(id, "the gateway is stopping");
        } finally {
            places.release();
        }
    }

    private Answer send(LedgerClient client, CommandRequest request) throws InterruptedException {
        long startNanos = System.nanoTime();
        String id = request.command().id();
        if (request.waitMax().isZero()) {
            return acknowledged(id, client.send(request.command()), startNanos);
        }
        Submission submission = client.submit(request.command(), request.waitMax());
        try {
            return switch (submission.outcome().get()) {
                case Outcome.Accepted outcome -> new Answer.Accepted(outcome);
                case Outcome.Refused outcome -> new Answer.Refused(outcome);
                case Outcome.Pending outcome -> new Answer.Waiting(outcome);
            };
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TooManyInFlightException) {
                return Answer.Failed.overloaded(id);
            }
            if (e.getCause() instanceof MalformedException refused) {
                return new Answer.Failed(Result.MALFORMED, Problem.of(refused).with("commandId", id), Map.of());
            }
            return acknowledged(id, submission.acknowledged(), startNanos);
        }
    }

    /** There is no outcome: the answer depends on whether the broker has the command. */
    private Answer acknowledged(String id, CompletableFuture<RecordMetadata> acknowledged, long startNanos)
            throws InterruptedException {
        long restNanos = Math.max(0, acknowledgeMax.toNanos() - (System.nanoTime() - startNanos));
        try {
            RecordMetadata metadata = acknowledged.get(restNanos, TimeUnit.NANOSECONDS);
            LOG.debug("Pending at {}", metadata);
            return new Answer.Pending(id);
        } catch (ExecutionException e) {
            LOG.warn("The broker did not acknowledge a command: {}", String.valueOf(e.getCause()));
            return Answer.Failed.unacknowledged(id, "the broker did not acknowledge the command");
        } catch (TimeoutException e) {
            LOG.warn("The broker did not acknowledge a command within {}", acknowledgeMax);
            return Answer.Failed.unacknowledged(id, "the broker did not acknowledge the command in time");
        }
    }
}
