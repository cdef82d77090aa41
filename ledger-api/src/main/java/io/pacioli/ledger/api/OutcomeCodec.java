package io.pacioli.ledger.api;

import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.core.Position;

/** The JSON of outcomes, as replies and HTTP answers carry them. Pure and thread safe. */
public final class OutcomeCodec {
    /** Version of the message format. */
    public static final int VERSION = 1;

    private OutcomeCodec() {}

    /** The JSON of an outcome. */
    public static byte[] encode(Outcome outcome) {
        return Json.write(json -> {
            json.writeStartObject();
            json.writeNumberField("v", VERSION);
            json.writeStringField("commandId", outcome.commandId());
            json.writeStringField("outcome", kind(outcome));
            json.writeStringField("position", outcome.position().toString());
            json.writeStringField("at", Timestamps.format(outcome.atMillis()));
            switch (outcome) {
                case Outcome.Accepted accepted -> json.writeStringField("type", accepted.type());
                case Outcome.Pending pending -> json.writeStringField("type", pending.type());
                case Outcome.Refused refused -> JsonParts.rejected(json, "rejection", refused.rejected());
            }
            json.writeEndObject();
        });
    }

    /** The JSON of the answer to a record that is no command. */
    public static byte[] encode(MalformedException malformed) {
        return Json.write(json -> {
            json.writeStartObject();
            json.writeNumberField("v", VERSION);
            json.writeStringField("outcome", "malformed");
            json.writeStringField("field", malformed.field());
            json.writeStringField("rule", malformed.rule());
            json.writeStringField("value", malformed.value());
            json.writeEndObject();
        });
    }

    /**
     * Reads an answer.
     *
     * @throws MalformedException when it says that the record was no command, or is no answer itself
     */
    public static Outcome decode(byte[] bytes) {
        JsonObject json = Json.read(bytes);
        String kind = json.string("outcome");
        if (kind.equals("malformed")) {
            throw new MalformedException(json.string("field"), json.string("rule"), json.string("value"));
        }
        String commandId = json.string("commandId");
        Position position = Position.parse(json.string("position"));
        long atMillis = Timestamps.parse("at", json.string("at"));
        return switch (kind) {
            case "accepted" -> new Outcome.Accepted(commandId, position, atMillis, json.string("type"));
            case "pending" -> new Outcome.Pending(commandId, position, atMillis, json.string("type"));
            case "rejected" ->
                new Outcome.Refused(commandId, position, atMillis, JsonParts.rejected(json.object("rejection")));
            default ->
                throw new MalformedException("outcome", "must be accepted, rejected, pending or malformed", kind);
        };
    }

    private static String kind(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Accepted accepted -> "accepted";
            case Outcome.Refused refused -> "rejected";
            case Outcome.Pending pending -> "pending";
        };
    }
}
