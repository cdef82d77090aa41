package io.pacioli.ledger.gateway;

import io.javalin.http.Context;
import io.javalin.http.Header;
import io.pacioli.ledger.api.OutcomeCodec;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.core.Rejected;
import io.pacioli.ledger.core.Rejection;
import io.pacioli.ledger.gateway.GatewayMetrics.Result;
import io.pacioli.ledger.service.Json;
import io.pacioli.ledger.service.Problem;
import io.pacioli.ledger.service.ProblemException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;

/** What a client gets for a command. */
sealed interface Answer {
    /** The path below which each command has its own. */
    String COMMANDS = "/v1/commands";

    /** How it is counted. */
    Result result();

    /** Writes it, or throws the {@link ProblemException} that writes it. */
    void write(Context context);

    /** The command took effect: 200 with the outcome. */
    record Accepted(Outcome.Accepted outcome) implements Answer {
        @Override
        public Result result() {
            return Result.ACCEPTED;
        }

        @Override
        public void write(Context context) {
            Answer.write(context, 200, outcome);
        }
    }

    /** The ledger rejected the command: 422, or 409 when its id belongs to another one. */
    record Refused(Outcome.Refused outcome) implements Answer {
        @Override
        public Result result() {
            return Result.REJECTED;
        }

        @Override
        public void write(Context context) {
            Rejected rejected = outcome.rejected();
            int status = rejected.code() == Rejection.IDEMPOTENCY_CONFLICT ? 409 : 422;
            Problem problem = Problem.of(status, rejected.code().name(), rejected.message())
                    .with("field", rejected.field())
                    .with("limit", rejected.limit())
                    .with("value", rejected.value())
                    .with("commandId", outcome.commandId())
                    .with("position", outcome.position())
                    .with("at", Instant.ofEpochMilli(outcome.atMillis()));
            throw new ProblemException(problem, Map.of(Header.LOCATION, location(outcome.commandId())));
        }
    }

    /** The ledger has decided to wait with the command until its time has come: 202 with the outcome as it is now. */
    record Waiting(Outcome.Pending outcome) implements Answer {
        @Override
        public Result result() {
            return Result.PENDING;
        }

        @Override
        public void write(Context context) {
            Answer.write(context, 202, outcome);
        }
    }

    /** The broker has the command, and it will be decided: 202. */
    record Pending(String commandId) implements Answer {
        private record Body(String commandId, String status) {}

        @Override
        public Result result() {
            return Result.PENDING;
        }

        @Override
        public void write(Context context) {
            context.status(202)
                    .header(Header.LOCATION, location(commandId))
                    .contentType("application/json")
                    .result(Json.bytes(new Body(commandId, "pending")));
        }
    }

    /** The command has not been taken, or is not known to be. */
    record Failed(Result result, Problem problem, Map<String, String> headers) implements Answer {
        private static final Map<String, String> RETRY = Map.of(Header.RETRY_AFTER, "1");

        /** Nothing was sent, because too many commands are on their way. */
        static Failed overloaded() {
            String detail = "too many commands are on their way, and nothing was sent: try again";
            Problem problem = Problem.of(503, "TOO_MANY_IN_FLIGHT", detail);
            return new Failed(Result.OVERLOADED, problem, RETRY);
        }

        /** Nothing was sent, because the ledger cannot be reached. */
        static Failed unavailable(String why) {
            String detail = "the ledger cannot be reached, and nothing was sent: " + why;
            Problem problem = Problem.of(503, "LEDGER_UNAVAILABLE", detail);
            return new Failed(Result.UNAVAILABLE, problem, RETRY);
        }

        /** It was sent, but nobody knows whether the broker has it. */
        static Failed unacknowledged(String why) {
            String detail = why + ", so that the command may or may not take effect: send it again with the same id";
            Problem problem = Problem.of(503, "NOT_ACKNOWLEDGED", detail);
            return new Failed(Result.UNAVAILABLE, problem, RETRY);
        }

        /** The same, said of one command. */
        Failed about(String commandId) {
            return new Failed(result, problem.with("commandId", commandId), headers);
        }

        @Override
        public void write(Context context) {
            throw new ProblemException(problem, headers);
        }
    }

    private static void write(Context context, int status, Outcome outcome) {
        context.status(status)
                .header(Header.LOCATION, location(outcome.commandId()))
                .contentType("application/json")
                .result(OutcomeCodec.encode(outcome));
    }

    /** Where the outcome of a command is to be found: its id as one segment of a path. */
    static String location(String commandId) {
        String segment = URLEncoder.encode(commandId, StandardCharsets.UTF_8).replace("+", "%20");
        return COMMANDS + "/" + (segment.equals(".") || segment.equals("..") ? segment.replace(".", "%2E") : segment);
    }
}
