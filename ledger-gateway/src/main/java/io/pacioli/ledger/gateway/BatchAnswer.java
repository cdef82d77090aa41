package io.pacioli.ledger.gateway;

import io.javalin.http.Context;
import io.pacioli.ledger.api.OutcomeCodec;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.gateway.GatewayMetrics.Result;
import io.pacioli.ledger.service.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a client gets for a batch: what became of each command, in their order. Not thread safe. */
final class BatchAnswer {
    private static final byte[] BEGIN = "{\"outcomes\":[".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "]}".getBytes(StandardCharsets.US_ASCII);

    private final ByteArrayOutputStream json = new ByteArrayOutputStream();
    private @Nullable String unacknowledged;

    BatchAnswer() {
        json.writeBytes(BEGIN);
    }

    /** A command without an outcome. */
    private record Undecided(String commandId, String status) {}

    Result add(Outcome outcome) {
        add(OutcomeCodec.encode(outcome));
        return switch (outcome) {
            case Outcome.Accepted accepted -> Result.ACCEPTED;
            case Outcome.Refused refused -> Result.REJECTED;
            case Outcome.Pending pending -> Result.PENDING;
        };
    }

    /** What is no command, and has not been sent. */
    Result add(MalformedException malformed) {
        add(OutcomeCodec.encode(malformed));
        return Result.MALFORMED;
    }

    /** The broker has it, and it will be decided. */
    Result addPending(String commandId) {
        add(Json.bytes(new Undecided(commandId, "pending")));
        return Result.PENDING;
    }

    /** Nobody knows whether the broker has it, and why. */
    Result addUnacknowledged(String commandId, String why) {
        unacknowledged = unacknowledged == null ? why : unacknowledged;
        add(Json.bytes(new Undecided(commandId, "unacknowledged")));
        return Result.UNAVAILABLE;
    }

    /** Why the first is not acknowledged, when one is not. */
    Optional<String> unacknowledged() {
        return Optional.ofNullable(unacknowledged);
    }

    private void add(byte[] outcome) {
        if (json.size() > BEGIN.length) {
            json.write(',');
        }
        json.writeBytes(outcome);
    }

    void write(Context context) {
        json.writeBytes(END);
        context.status(200).contentType("application/json").result(json.toByteArray());
    }
}
