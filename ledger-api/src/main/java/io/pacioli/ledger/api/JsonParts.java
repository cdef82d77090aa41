package io.pacioli.ledger.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Fields;
import io.pacioli.ledger.core.HoldTerms;
import io.pacioli.ledger.core.Leg;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.PlacedLeg;
import io.pacioli.ledger.core.Rejected;
import io.pacioli.ledger.core.Rejection;
import io.pacioli.ledger.core.TransactionTerms;
import io.pacioli.ledger.core.TransferKind;
import io.pacioli.ledger.core.TransferTerms;
import java.io.IOException;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parts that several messages share. Keep the order of the members: hashes and fingerprints depend on it. */
final class JsonParts {
    private JsonParts() {}

    static void asset(JsonGenerator json, Asset asset) throws IOException {
        json.writeStringField("asset", asset.code());
        json.writeStringField("name", asset.name());
        text(json, "symbol", asset.symbol());
        text(json, "emoji", asset.emoji());
        json.writeNumberField("decimals", asset.decimals());
        Amount maxSupply = asset.maxSupply();
        if (maxSupply != null) {
            json.writeStringField("maxSupply", maxSupply.toString());
        }
    }

    static Asset asset(JsonObject json) {
        return new Asset(
                json.string("asset"),
                json.string("name"),
                json.string("symbol", ""),
                json.string("emoji", ""),
                json.integer("decimals"),
                json.optionalAmount("maxSupply"));
    }

    static void limits(JsonGenerator json, AccountLimits limits) throws IOException {
        if (!limits.lowest().isEmpty()) {
            json.writeObjectFieldStart("limits");
            for (Map.Entry<String, BigInteger> limit : limits.lowest().entrySet()) {
                json.writeStringField(limit.getKey(), Amount.digits(limit.getValue()));
            }
            json.writeEndObject();
        }
        if (!limits.highest().isEmpty()) {
            json.writeObjectFieldStart("maxBalances");
            for (Map.Entry<String, Amount> limit : limits.highest().entrySet()) {
                json.writeStringField(limit.getKey(), limit.getValue().toString());
            }
            json.writeEndObject();
        }
    }

    static AccountLimits limits(JsonObject json) {
        return new AccountLimits(json.signeds("limits"), json.amounts("maxBalances"));
    }

    /** The terms without their id, which is the command id of the message. */
    static void terms(JsonGenerator json, TransferTerms terms) throws IOException {
        json.writeStringField("kind", terms.kind().wireName());
        json.writeStringField("asset", terms.asset());
        json.writeStringField("from", terms.from());
        json.writeStringField("to", terms.to());
        json.writeStringField("amount", terms.amount().toString());
        text(json, "reference", terms.reference());
        text(json, "memo", terms.memo());
        strings(json, "metadata", terms.metadata());
    }

    static TransferTerms terms(String id, JsonObject json) {
        return new TransferTerms(
                id,
                TransferKind.ofWireName(json.string("kind")),
                json.string("asset"),
                json.string("from"),
                json.string("to"),
                json.amount("amount"),
                json.optionalId("reference"),
                json.string("memo", ""),
                json.strings("metadata"));
    }

    static void hold(JsonGenerator json, HoldTerms terms) throws IOException {
        json.writeStringField("asset", terms.asset());
        json.writeStringField("from", terms.from());
        text(json, "to", terms.to());
        json.writeStringField("amount", terms.amount().toString());
        time(json, "expiresAt", terms.expiresAtMillis());
        text(json, "memo", terms.memo());
        strings(json, "metadata", terms.metadata());
    }

    static HoldTerms hold(String id, JsonObject json) {
        return new HoldTerms(
                id,
                json.string("asset"),
                json.string("from"),
                json.optionalId("to"),
                json.amount("amount"),
                json.optionalTimestamp("expiresAt"),
                json.string("memo", ""),
                json.strings("metadata"));
    }

    /** A transaction without its id, which is the command id of the message. */
    static void transaction(JsonGenerator json, TransactionTerms terms) throws IOException {
        json.writeNumberField("coordinator", terms.coordinator());
        json.writeArrayFieldStart("legs");
        for (PlacedLeg placed : terms.legs()) {
            Leg leg = placed.leg();
            json.writeStartObject();
            json.writeNumberField("leg", placed.index());
            json.writeStringField("asset", leg.asset());
            json.writeStringField("from", leg.from());
            json.writeStringField("to", leg.to());
            json.writeStringField("amount", leg.amount().toString());
            json.writeNumberField("fromShard", placed.fromShard());
            json.writeNumberField("toShard", placed.toShard());
            json.writeEndObject();
        }
        json.writeEndArray();
        time(json, "deadline", terms.deadlineMillis());
        text(json, "memo", terms.memo());
        strings(json, "metadata", terms.metadata());
    }

    static TransactionTerms transaction(String id, JsonObject json) {
        List<JsonObject> legs = json.objects("legs");
        if (legs.isEmpty() || legs.size() > Command.Transact.LEGS_MAX) {
            throw new MalformedException(
                    json.path("legs"), "must be 1 to " + Command.Transact.LEGS_MAX, Integer.toString(legs.size()));
        }
        return new TransactionTerms(
                id,
                json.shard("coordinator"),
                legs.stream().map(JsonParts::placedLeg).toList(),
                json.timestamp("deadline"),
                json.string("memo", ""),
                json.strings("metadata"));
    }

    private static PlacedLeg placedLeg(JsonObject json) {
        int index = json.integer("leg");
        if (index < 0 || index >= Command.Transact.LEGS_MAX) {
            throw new MalformedException(
                    json.path("leg"), "must be 0 to " + (Command.Transact.LEGS_MAX - 1), Integer.toString(index));
        }
        return new PlacedLeg(index, leg(json), json.shard("fromShard"), json.shard("toShard"));
    }

    /** A leg of a transaction; what is wrong with it is named with its place. */
    static Leg leg(JsonObject json) {
        return new Leg(
                Fields.asset(json.path("asset"), json.string("asset")),
                Fields.account(json.path("from"), json.string("from")),
                Fields.account(json.path("to"), json.string("to")),
                json.amount("amount"));
    }

    static void numbers(JsonGenerator json, List<Long> numbers) throws IOException {
        json.writeArrayFieldStart("numbers");
        for (long number : numbers) {
            json.writeNumber(number);
        }
        json.writeEndArray();
    }

    static void time(JsonGenerator json, String field, @Nullable Long millis) throws IOException {
        if (millis != null) {
            json.writeStringField(field, Timestamps.format(millis));
        }
    }

    static void amount(JsonGenerator json, String field, @Nullable Amount amount) throws IOException {
        if (amount != null) {
            json.writeStringField(field, amount.toString());
        }
    }

    static void optionalRejected(JsonGenerator json, String field, @Nullable Rejected rejected) throws IOException {
        if (rejected != null) {
            rejected(json, field, rejected);
        }
    }

    /** A rejection that may be missing. */
    static @Nullable Rejected optionalRejected(JsonObject json, String field) {
        return json.has(field) ? rejected(json.object(field)) : null;
    }

    static void rejected(JsonGenerator json, String field, Rejected rejected) throws IOException {
        json.writeObjectFieldStart(field);
        json.writeStringField("code", rejected.code().name());
        json.writeStringField("field", rejected.field());
        json.writeStringField("limit", rejected.limit());
        json.writeStringField("value", rejected.value());
        json.writeStringField("message", rejected.message());
        json.writeEndObject();
    }

    static Rejected rejected(JsonObject json) {
        String code = json.string("code");
        try {
            return new Rejected(
                    Rejection.valueOf(code), json.string("field"), json.string("limit"), json.string("value"));
        } catch (MalformedException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new MalformedException("code", "must be a known rejection code", code);
        }
    }

    static void text(JsonGenerator json, String field, @Nullable String value) throws IOException {
        if (value != null && !value.isEmpty()) {
            json.writeStringField(field, value);
        }
    }

    static void strings(JsonGenerator json, String field, Map<String, String> strings) throws IOException {
        if (!strings.isEmpty()) {
            json.writeObjectFieldStart(field);
            for (Map.Entry<String, String> member : strings.entrySet()) {
                json.writeStringField(member.getKey(), member.getValue());
            }
            json.writeEndObject();
        }
    }
}
