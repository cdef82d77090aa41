package io.pacioli.ledger.app.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.api.OutcomeCodec;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.core.Rejected;
import io.pacioli.ledger.core.Rejection;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Sends commands over HTTP, each on a thread of its own. Thread safe. */
final class GatewaySender {
    private static final int BAD_REQUEST = 400;
    private static final int ACCEPTED = 202;
    private static final int CONFLICT = 409;
    private static final int UNPROCESSABLE = 422;

    private final Http http;
    private final URI commands;
    private final Violations violations;

    GatewaySender(Http http, URI gateway, Violations violations) {
        this.http = http;
        commands = gateway.resolve("/v1/commands?wait=5s");
        this.violations = violations;
    }

    /** See {@link ChaosClient}. */
    CompletableFuture<Outcome> send(Command command) {
        return CompletableFuture.supplyAsync(() -> outcome(command), Thread::startVirtualThread);
    }

    /** @throws CompletionException when there is none */
    private Outcome outcome(Command command) {
        Http.Answer answer = http.post(commands, CommandCodec.encode(command));
        Outcome outcome = answer == null ? null : outcome(command, answer);
        if (outcome == null) {
            throw new CompletionException(new IOException("no outcome"));
        }
        return outcome;
    }

    private @Nullable Outcome outcome(Command command, Http.Answer answer) {
        JsonNode json = answer.json();
        return switch (answer.status()) {
            case Http.OK -> outcome(answer.body());
            case ACCEPTED -> json.has("position") ? outcome(answer.body()) : null;
            case CONFLICT, UNPROCESSABLE -> refused(json);
            case BAD_REQUEST -> {
                violations.add("the gateway refused a well-formed command " + command.id() + ": " + json);
                yield null;
            }
            case Http.TIMED_OUT, Http.TOO_MANY, Http.UNAVAILABLE -> null;
            default -> {
                violations.add("the gateway answered " + answer.status() + " to " + command.id() + ": " + json);
                yield null;
            }
        };
    }

    private @Nullable Outcome outcome(String body) {
        try {
            return OutcomeCodec.decode(body.getBytes(StandardCharsets.UTF_8));
        } catch (MalformedException e) {
            violations.add("the gateway answered with what is no outcome: " + e.getMessage());
            return null;
        }
    }

    private @Nullable Outcome refused(JsonNode json) {
        try {
            Rejected rejected = new Rejected(
                    Rejection.valueOf(json.path("code").asText()),
                    json.path("field").asText(),
                    json.path("limit").asText(),
                    json.path("value").asText());
            Position position = Position.parse(json.path("position").asText());
            return new Outcome.Refused(json.path("commandId").asText(), position, 0, rejected);
        } catch (IllegalArgumentException e) {
            violations.add("the gateway answered with what is no rejection: " + json);
            return null;
        }
    }
}
