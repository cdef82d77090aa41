package io.pacioli.ledger.gateway;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.pacioli.ledger.api.Batch;
import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.api.LedgerClient;
import io.pacioli.ledger.api.Submission;
import io.pacioli.ledger.api.TooManyInFlightException;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.gateway.GatewayMetrics.Result;
import io.pacioli.ledger.service.HttpModule;
import io.pacioli.ledger.service.Problem;
import io.pacioli.ledger.service.ProblemException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /v1/commands}: takes a command and answers with what became of it. {@code POST /v1/commands/batch}: takes many, of any shards,
 * and answers with what became of each, in their order.
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
    private final BodyRoom commandRoom;
    private final BodyRoom batchRoom;

    /** Answers a request for whose body there is room. */
    private interface Handler {
        void handle(Context context, BodyRoom.Share share);
    }

    CommandRoutes(LedgerConnection connection, GatewaySettings settings, GatewayMetrics metrics) {
        this.connection = connection;
        this.acknowledgeMax = settings.acknowledgeMax();
        this.metrics = metrics;
        places = new Semaphore(settings.inFlightMax());
        commandRoom = new BodyRoom(settings.bodyBytesMax());
        batchRoom = new BodyRoom(settings.bodyBytesMax());
        metrics.measureInFlight(() -> settings.inFlightMax() - places.availablePermits());
        metrics.measureBodies(() -> commandRoom.held() + batchRoom.held());
    }

    @Override
    public Optional<String> openApi() {
        return Optional.of("openapi/commands.yaml");
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.post(Answer.COMMANDS, context -> withRoom(commandRoom, context, CommandCodec.BYTES_MAX, this::post));
        routes.post(
                Answer.COMMANDS + "/batch", context -> withRoom(batchRoom, context, Batch.BYTES_MAX, this::postBatch));
    }

    /** Refuses a request before its body is read when those that are held take all the room. */
    private void withRoom(BodyRoom room, Context context, int bytesMax, Handler handler) {
        long startNanos = System.nanoTime();
        BodyRoom.Share share = room.take(CommandRequest.bytesAtMost(context, bytesMax));
        if (share == null) {
            CommandRequest.hearOut(context);
            throw failure(Answer.Failed.overloaded(), startNanos);
        }
        try (share) {
            handler.handle(context, share);
        } catch (ProblemException e) {
            // What is refused for its headers has not been read yet.
            CommandRequest.hearOut(context);
            throw e;
        }
    }

    private void postBatch(Context context, BodyRoom.Share share) {
        long startNanos = System.nanoTime();
        BatchRequest request;
        try {
            request = BatchRequest.read(context, share);
        } catch (ProblemException e) {
            metrics.answered("none", Result.MALFORMED, System.nanoTime() - startNanos);
            throw e;
        }
        LedgerClient client = connection.client().orElse(null);
        List<Command> commands = request.commands();
        if (client == null) {
            throw failure(Answer.Failed.unavailable(connection.trouble()), startNanos);
        } else if (!places.tryAcquire(commands.size())) {
            throw failure(Answer.Failed.overloaded(), startNanos);
        } else {
            try {
                sendBatch(client, request, commands, startNanos).write(context);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw failure(Answer.Failed.unacknowledged("the gateway is stopping"), startNanos);
            } finally {
                places.release(commands.size());
            }
        }
    }

    /** All of a batch fails alike. */
    private ProblemException failure(Answer.Failed failed, long startNanos) {
        metrics.answered("none", failed.result(), System.nanoTime() - startNanos);
        return new ProblemException(failed.problem(), failed.headers());
    }

    private BatchAnswer sendBatch(LedgerClient client, BatchRequest request, List<Command> commands, long startNanos)
            throws InterruptedException {
        Iterator<Submission> submissions =
                submit(client, commands, request.waitMax()).iterator();
        BatchAnswer answer = new BatchAnswer();
        for (BatchRequest.Item item : request.items()) {
            switch (item) {
                case BatchRequest.Malformed malformed ->
                    metrics.answered("none", answer.add(malformed.reason()), System.nanoTime() - startNanos);
                case BatchRequest.Given given -> {
                    Result result = add(answer, given.command().id(), submissions.next(), startNanos);
                    metrics.answered(given.command().type(), result, System.nanoTime() - startNanos);
                }
            }
        }
        answer.unacknowledged()
                .ifPresent(why -> LOG.warn("The broker did not acknowledge all commands of a batch: {}", why));
        return answer;
    }

    private static List<Submission> submit(LedgerClient client, List<Command> commands, Duration waitMax) {
        if (!waitMax.isZero()) {
            return client.submitAll(commands, waitMax);
        }
        CompletableFuture<Outcome> nobodyWaits = CompletableFuture.failedFuture(new TimeoutException());
        return client.sendAll(commands).stream()
                .map(acknowledged -> new Submission(acknowledged, nobodyWaits))
                .toList();
    }

    private Result add(BatchAnswer answer, String id, Submission submission, long startNanos)
            throws InterruptedException {
        try {
            return answer.add(submission.outcome().get());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TooManyInFlightException) {
                // All of them were refused, before anything was sent.
                throw failure(Answer.Failed.overloaded(), startNanos);
            }
            if (e.getCause() instanceof MalformedException refused) {
                return answer.add(refused);
            }
            String trouble = trouble(submission.acknowledged(), startNanos);
            return trouble == null ? answer.addPending(id) : answer.addUnacknowledged(id, trouble);
        }
    }

    private void post(Context context, BodyRoom.Share share) {
        long startNanos = System.nanoTime();
        CommandRequest request;
        try {
            request = CommandRequest.read(context, share);
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
            return Answer.Failed.unavailable(connection.trouble()).about(id);
        }
        if (!places.tryAcquire()) {
            return Answer.Failed.overloaded().about(id);
        }
        try {
            return send(client, request);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.Failed.unacknowledged("the gateway is stopping").about(id);
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
                return Answer.Failed.overloaded().about(id);
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
        String trouble = trouble(acknowledged, startNanos);
        if (trouble == null) {
            return new Answer.Pending(id);
        }
        LOG.warn("The broker did not acknowledge a command: {}", trouble);
        return Answer.Failed.unacknowledged("the broker did not acknowledge the command")
                .about(id);
    }

    /** Why the broker is not known to have a command, for the log; null when it has it. */
    private @Nullable String trouble(CompletableFuture<RecordMetadata> acknowledged, long startNanos)
            throws InterruptedException {
        long restNanos = Math.max(0, acknowledgeMax.toNanos() - (System.nanoTime() - startNanos));
        try {
            LOG.debug("Pending at {}", acknowledged.get(restNanos, TimeUnit.NANOSECONDS));
            return null;
        } catch (ExecutionException e) {
            return String.valueOf(e.getCause());
        } catch (TimeoutException e) {
            return "not within " + acknowledgeMax;
        }
    }
}
