package io.pacioli.ledger.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Conditions;
import io.pacioli.ledger.core.Fingerprint;
import io.pacioli.ledger.core.Leg;
import io.pacioli.ledger.core.MalformedException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The JSON of commands: one object a record. Pure and thread safe. */
public final class CommandCodec {
    /** Largest command in bytes of JSON. */
    public static final int BYTES_MAX = 64 * 1024;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final String TYPES = Stream.of(Command.class.getPermittedSubclasses())
            .map(Class::getSimpleName)
            .collect(Collectors.joining(", "));

    private CommandCodec() {}

    /** The canonical JSON of a command: members in a fixed order, defaults left out. */
    public static byte[] encode(Command command) {
        return Json.write(json -> write(json, command));
    }

    /** Writes a command as an object. */
    static void write(JsonGenerator json, Command command) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", command.type());
        json.writeStringField("id", command.id());
        switch (command) {
            case Command.DefineAsset c -> defineAsset(json, c);
            case Command.OpenAccount c -> {
                json.writeStringField("account", c.account());
                JsonParts.limits(json, c.limits());
            }
            case Command.Mint c -> movement(json, c.asset(), null, c.to(), c.amount());
            case Command.Burn c -> movement(json, c.asset(), c.from(), null, c.amount());
            case Command.Transfer c -> {
                movement(json, c.asset(), c.from(), c.to(), c.amount());
                JsonParts.text(json, "memo", c.memo());
                conditions(json, c.conditions());
            }
            case Command.FreezeAccount c -> reason(json, c.account(), c.reason());
            case Command.UnfreezeAccount c -> reason(json, c.account(), c.reason());
            case Command.CloseAccount c -> reason(json, c.account(), c.reason());
            case Command.PlaceHold c -> {
                movement(json, c.asset(), c.from(), c.to(), c.amount());
                JsonParts.time(json, "expiresAt", c.expiresAtMillis());
                JsonParts.text(json, "memo", c.memo());
            }
            case Command.CaptureHold c -> {
                json.writeStringField("hold", c.hold());
                json.writeStringField("from", c.from());
                JsonParts.amount(json, "amount", c.amount());
                JsonParts.text(json, "to", c.to());
            }
            case Command.VoidHold c -> {
                json.writeStringField("hold", c.hold());
                json.writeStringField("from", c.from());
            }
            case Command.Transact c -> {
                json.writeArrayFieldStart("legs");
                for (Leg leg : c.legs()) {
                    json.writeStartObject();
                    movement(json, leg.asset(), leg.from(), leg.to(), leg.amount());
                    json.writeEndObject();
                }
                json.writeEndArray();
                JsonParts.time(json, "deadline", c.deadlineMillis());
                JsonParts.text(json, "memo", c.memo());
            }
            case Command.ReverseTransfer c -> {
                json.writeStringField("transfer", c.transfer());
                json.writeStringField("from", c.from());
                JsonParts.amount(json, "amount", c.amount());
            }
        }
        JsonParts.strings(json, "metadata", command.metadata());
        json.writeEndObject();
    }

    /** @throws MalformedException when the bytes are not a command, naming the field, the rule and the value */
    public static Command decode(byte[] bytes) {
        return decode(bytes, null);
    }

    /**
     * Reads a command that may come without an id.
     *
     * @param defaultId the id when the JSON has none; null when it must have one
     * @throws MalformedException when the bytes are not a command, or have another id than the default
     */
    public static Command decode(byte[] bytes, @Nullable String defaultId) {
        if (bytes.length > BYTES_MAX) {
            throw new MalformedException(
                    "record", "must have at most " + BYTES_MAX + " bytes", Integer.toString(bytes.length));
        }
        JsonObject json = Json.read(bytes);
        String id = defaultId == null ? json.string("id") : json.string("id", defaultId);
        if (defaultId != null && !defaultId.equals(id)) {
            throw new MalformedException("id", "must equal the idempotency key " + defaultId, id);
        }
        return command(id, json);
    }

    /** The command that an object is. */
    private static Command command(String id, JsonObject json) {
        return switch (json.string("type")) {
            case "DefineAsset" ->
                new Command.DefineAsset(
                        id,
                        JsonParts.asset(json),
                        Objects.requireNonNullElse(json.optionalAmount("initialSupply"), Amount.ZERO),
                        json.optionalString("initialHolder"),
                        json.strings("metadata"));
            case "OpenAccount" ->
                new Command.OpenAccount(id, json.string("account"), JsonParts.limits(json), json.strings("metadata"));
            case "Mint" ->
                new Command.Mint(
                        id, json.string("asset"), json.string("to"), json.amount("amount"), json.strings("metadata"));
            case "Burn" ->
                new Command.Burn(
                        id, json.string("asset"), json.string("from"), json.amount("amount"), json.strings("metadata"));
            case "Transfer" -> transfer(id, json);
            case "FreezeAccount" ->
                new Command.FreezeAccount(id, json.string("account"), json.string("reason"), json.strings("metadata"));
            case "UnfreezeAccount" ->
                new Command.UnfreezeAccount(
                        id, json.string("account"), json.string("reason"), json.strings("metadata"));
            case "CloseAccount" ->
                new Command.CloseAccount(id, json.string("account"), json.string("reason"), json.strings("metadata"));
            case "PlaceHold" ->
                new Command.PlaceHold(
                        id,
                        json.string("asset"),
                        json.string("from"),
                        json.optionalString("to"),
                        json.amount("amount"),
                        json.optionalTime("expiresAt"),
                        json.string("memo", ""),
                        json.strings("metadata"));
            case "CaptureHold" ->
                new Command.CaptureHold(
                        id,
                        json.string("hold"),
                        json.string("from"),
                        json.optionalAmount("amount"),
                        json.optionalString("to"),
                        json.strings("metadata"));
            case "VoidHold" ->
                new Command.VoidHold(id, json.string("hold"), json.string("from"), json.strings("metadata"));
            case "Transact" ->
                new Command.Transact(
                        id,
                        json.objects("legs", JsonParts::leg),
                        json.optionalTime("deadline"),
                        json.string("memo", ""),
                        json.strings("metadata"));
            case "ReverseTransfer" ->
                new Command.ReverseTransfer(
                        id,
                        json.string("transfer"),
                        json.string("from"),
                        json.optionalAmount("amount"),
                        json.strings("metadata"));
            case String other -> throw new MalformedException("type", "must be one of " + TYPES, other);
        };
    }

    /** The transfer that an object is. */
    static Command.Transfer transfer(String id, JsonObject json) {
        return new Command.Transfer(
                id,
                json.string("asset"),
                json.string("from"),
                json.string("to"),
                json.amount("amount"),
                json.string("memo", ""),
                conditions(json),
                json.strings("metadata"));
    }

    /** Tells a repeated command from another one under the same id, whatever the JSON looked like that it came in. */
    public static Fingerprint fingerprint(Command command) {
        byte[] digest = Hash.of(encode(command)).bytes();
        return new Fingerprint((long) LONG.get(digest, 0), (long) LONG.get(digest, Long.BYTES));
    }

    private static void defineAsset(JsonGenerator json, Command.DefineAsset c) throws IOException {
        Asset asset = c.asset();
        JsonParts.asset(json, asset);
        if (c.initialSupply().isPositive()) {
            json.writeStringField("initialSupply", c.initialSupply().toString());
        }
        JsonParts.text(json, "initialHolder", c.initialHolder());
    }

    private static void movement(
            JsonGenerator json, String asset, @Nullable String from, @Nullable String to, Amount amount)
            throws IOException {
        json.writeStringField("asset", asset);
        JsonParts.text(json, "from", from);
        JsonParts.text(json, "to", to);
        json.writeStringField("amount", amount.toString());
    }

    private static void reason(JsonGenerator json, String account, String reason) throws IOException {
        json.writeStringField("account", account);
        json.writeStringField("reason", reason);
    }

    private static void conditions(JsonGenerator json, Conditions conditions) throws IOException {
        if (!conditions.equals(Conditions.NONE)) {
            json.writeObjectFieldStart("conditions");
            JsonParts.time(json, "notBefore", conditions.notBeforeMillis());
            JsonParts.time(json, "notAfter", conditions.notAfterMillis());
            JsonParts.amount(json, "balanceAtLeast", conditions.balanceAtLeast());
            json.writeEndObject();
        }
    }

    private static Conditions conditions(JsonObject json) {
        if (!json.has("conditions")) {
            return Conditions.NONE;
        }
        JsonObject conditions = json.object("conditions");
        return new Conditions(
                conditions.optionalTime("notBefore"),
                conditions.optionalTime("notAfter"),
                conditions.optionalAmount("balanceAtLeast"));
    }
}
