package io.pacioli.ledger.api;

import io.pacioli.ledger.core.Fields;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.TransferKind;
import io.pacioli.ledger.core.TransferTerms;
import io.pacioli.ledger.core.Transit;

/** The JSON of messages between shards. Pure and thread safe. */
public final class TransitCodec {
    /** Version of the message format. */
    public static final int VERSION = 1;

    private TransitCodec() {}

    /** The JSON of a message. */
    public static byte[] encode(Transit transit) {
        return Json.write(json -> {
            json.writeStartObject();
            json.writeNumberField("v", VERSION);
            json.writeStringField("type", transit.type());
            json.writeNumberField("from", transit.from());
            json.writeNumberField("to", transit.to());
            json.writeNumberField("number", transit.number());
            json.writeStringField("commandId", transit.commandId());
            json.writeObjectFieldStart("data");
            switch (transit) {
                case Transit.AssetAnnouncement t -> JsonParts.asset(json, t.asset());
                case Transit.TransferCredit t -> JsonParts.terms(json, t.terms());
                case Transit.TransferReturn t -> {
                    JsonParts.terms(json, t.terms());
                    JsonParts.rejected(json, "reason", t.reason());
                }
                case Transit.TransactionPrepare t -> JsonParts.transaction(json, t.terms());
                case Transit.TransactionVote t -> {
                    json.writeNumberField("prepare", t.prepare());
                    JsonParts.optionalRejected(json, "reason", t.reason());
                }
                case Transit.TransactionCommit t -> {}
                case Transit.TransactionAbort t -> JsonParts.rejected(json, "reason", t.reason());
            }
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    /** @throws MalformedException when the bytes are not a message of a known version and type */
    public static Transit decode(byte[] bytes) {
        JsonObject json = Json.read(bytes);
        if (json.integer("v") != VERSION) {
            throw new MalformedException("v", "must be " + VERSION, Integer.toString(json.integer("v")));
        }
        int from = json.shard("from");
        int to = json.shard("to");
        long number = json.number("number");
        String commandId = Fields.id("commandId", json.string("commandId"));
        JsonObject data = json.object("data");
        return switch (json.string("type")) {
            case "AssetAnnouncement" ->
                new Transit.AssetAnnouncement(from, to, number, commandId, JsonParts.asset(data));
            case "TransferCredit" -> new Transit.TransferCredit(from, to, number, terms(commandId, data));
            case "TransferReturn" ->
                new Transit.TransferReturn(
                        from, to, number, terms(commandId, data), JsonParts.rejected(data.object("reason")));
            case "TransactionPrepare" ->
                new Transit.TransactionPrepare(from, to, number, JsonParts.transaction(commandId, data));
            case "TransactionVote" ->
                new Transit.TransactionVote(
                        from,
                        to,
                        number,
                        commandId,
                        data.number("prepare"),
                        JsonParts.optionalRejected(data, "reason"));
            case "TransactionCommit" -> new Transit.TransactionCommit(from, to, number, commandId);
            case "TransactionAbort" ->
                new Transit.TransactionAbort(from, to, number, commandId, JsonParts.rejected(data.object("reason")));
            case String other -> throw new MalformedException("type", "must be a known type of message", other);
        };
    }

    /** Checked here, where messages enter a shard; the journal's own records must stay readable whatever later rules say. */
    private static TransferTerms terms(String commandId, JsonObject data) {
        TransferTerms terms = JsonParts.terms(commandId, data);
        Fields.asset("data.asset", terms.asset());
        Fields.account("data.from", terms.from());
        Fields.account("data.to", terms.to());
        String reference = terms.reference();
        if (reference != null) {
            Fields.id("data.reference", reference);
        } else if (terms.kind() == TransferKind.CAPTURE || terms.kind() == TransferKind.REVERSAL) {
            throw new MalformedException("data.reference", "must be given for a capture or reversal", "nothing");
        }
        return terms;
    }
}
