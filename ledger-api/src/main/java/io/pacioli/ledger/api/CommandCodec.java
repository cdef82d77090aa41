package io.pacioli.ledger.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Fingerprint;
import io.pacioli.ledger.core.MalformedException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The JSON of commands: one object a record. Pure and thread safe. */
public final class CommandCodec {
    /** Largest command in bytes of JSON. */
    public static final int BYTES_MAX = 64 * 1024;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private CommandCodec() {}

    /** The canonical JSON of a command: members in a fixed order, defaults left out. */
    public static byte[] encode(Command command) {
        return Json.write(json -> {
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
                }
            }
            JsonParts.strings(json, "metadata", command.metadata());
            json.writeEndObject();
        });
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
            case "Transfer" ->
                new Command.Transfer(
                        id,
                        json.string("asset"),
                        json.string("from"),
                        json.string("to"),
                        json.amount("amount"),
                        json.string("memo", ""),
                        json.strings("metadata"));
            case String other ->
                throw new MalformedException("type", "must be DefineAsset, OpenAccount, Mint, Burn or Transfer", other);
        };
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
}
