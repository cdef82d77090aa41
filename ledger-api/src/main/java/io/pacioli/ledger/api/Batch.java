package io.pacioli.ledger.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.MalformedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Many commands in one record of the command topic: {@code {"type":"Batch","commands":[...]}}. Each is taken as if it had come in a
 * record of its own with the same key, headers and time: it has its own id and its own outcome, and what is wrong with one is no matter of
 * the others. Pure and thread safe.
 */
public final class Batch {
    /** Most commands of a batch. */
    public static final int COMMANDS_MAX = 1_000;

    /** Most bytes of key and headers of a batch: each command that is passed on or put aside takes a copy along. */
    public static final int ENVELOPE_BYTES_MAX = 4 * 1024;

    /** Largest batch in bytes of JSON: with key and headers it fits its topic, and what producers send unless told otherwise. */
    public static final int BYTES_MAX = LedgerTopics.COMMAND_RECORD_BYTES_MAX - 2 * ENVELOPE_BYTES_MAX;

    private static final String TYPE = "Batch";
    private static final byte[] TYPE_FIRST = "{\"type\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BEGIN = "{\"type\":\"Batch\",\"commands\":[".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "]}".getBytes(StandardCharsets.US_ASCII);

    private Batch() {}

    /** The JSON of a batch. */
    public static byte[] encode(List<Command> commands) {
        return join(commands.stream().map(CommandCodec::encode).toList());
    }

    /**
     * The JSON of a batch.
     *
     * @param commands the JSON of each
     */
    static byte[] join(List<byte[]> commands) {
        byte[] batch = new byte[Math.toIntExact(bytes(commands))];
        System.arraycopy(BEGIN, 0, batch, 0, BEGIN.length);
        int at = BEGIN.length;
        for (byte[] command : commands) {
            if (at > BEGIN.length) {
                batch[at++] = ',';
            }
            System.arraycopy(command, 0, batch, at, command.length);
            at += command.length;
        }
        System.arraycopy(END, 0, batch, at, END.length);
        return batch;
    }

    /** A record that holds one command of another batch, whatever that is: alone it might be taken for something else. */
    public static byte[] ofOne(byte[] command) {
        return join(List.of(command));
    }

    private static long bytes(List<byte[]> commands) {
        long bytes = BEGIN.length + END.length + Math.max(0, commands.size() - 1L);
        for (byte[] command : commands) {
            bytes += command.length;
        }
        return bytes;
    }

    /** Whether a batch of so many commands with so many bytes can take another command. */
    static boolean hasRoom(int commands, long commandBytes, int moreBytes) {
        return commands < COMMANDS_MAX && BEGIN.length + END.length + commands + commandBytes + moreBytes <= BYTES_MAX;
    }

    /** Whether a record's value says that it is a batch, well-formed or not. */
    static boolean is(byte[] value) {
        if (isPlainlyOfAnotherType(value)) {
            return false;
        }
        try (JsonParser parser = Json.skim(value)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                JsonToken token = parser.nextToken();
                if (name.equals("type")) {
                    return isType(token, parser);
                }
                parser.skipChildren();
            }
            return false;
        } catch (IOException e) {
            // What is no JSON is no batch; whoever reads it as a command says what is wrong.
            return false;
        }
    }

    /** Saves nearly all single commands a look at their members: they begin with the type, spelled without escapes. */
    private static boolean isPlainlyOfAnotherType(byte[] value) {
        int at = TYPE_FIRST.length;
        return value.length > at
                && Arrays.equals(value, 0, at, TYPE_FIRST, 0, at)
                && value[at] >= 'C'
                && value[at] <= 'Z';
    }

    /**
     * Takes a batch apart without reading its commands, so that one that is malformed leaves the others alone.
     *
     * @return the JSON of each command, in their order
     * @throws MalformedException when it is no batch: no JSON as a whole, too large, or without commands or with too many
     */
    public static List<byte[]> split(byte[] value) {
        if (value.length > BYTES_MAX) {
            throw new MalformedException(
                    "record", "must have at most " + BYTES_MAX + " bytes", Integer.toString(value.length));
        }
        try (JsonParser parser = Json.skim(value)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedException("record", "must be a JSON object", String.valueOf(parser.currentToken()));
            }
            List<byte[]> commands = commands(parser, value);
            if (parser.nextToken() != null) {
                throw new MalformedException("record", "must end after one JSON object", parser.getText());
            }
            return commands;
        } catch (IOException e) {
            throw new MalformedException("record", "must be JSON in UTF-8", Json.reason(e));
        }
    }

    private static List<byte[]> commands(JsonParser parser, byte[] value) throws IOException {
        boolean isBatch = false;
        List<byte[]> commands = null;
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken token = parser.nextToken();
            switch (name) {
                case "type" -> {
                    requireOnce(name, isBatch ? name : null);
                    isBatch = isType(token, parser);
                    if (!isBatch) {
                        throw new MalformedException("type", "must be " + TYPE, parser.getText());
                    }
                }
                case "commands" -> {
                    requireOnce(name, commands);
                    if (token != JsonToken.START_ARRAY) {
                        throw new MalformedException(name, "must be an array", parser.getText());
                    }
                    commands = elements(parser, value);
                }
                default -> parser.skipChildren();
            }
        }
        if (!isBatch || commands == null) {
            throw new MalformedException(isBatch ? "commands" : "type", "must be given", "nothing");
        }
        if (commands.isEmpty()) {
            throw wrongNumber("0");
        }
        return commands;
    }

    private static List<byte[]> elements(JsonParser parser, byte[] value) throws IOException {
        List<byte[]> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (elements.size() == COMMANDS_MAX) {
                throw wrongNumber("more");
            }
            int from = (int) parser.currentTokenLocation().getByteOffset();
            parser.skipChildren();
            parser.finishToken();
            int to = (int) parser.currentLocation().getByteOffset();
            elements.add(Arrays.copyOfRange(value, from, to));
        }
        return elements;
    }

    private static boolean isType(JsonToken token, JsonParser parser) throws IOException {
        return token == JsonToken.VALUE_STRING && parser.getText().equals(TYPE);
    }

    private static void requireOnce(String name, @Nullable Object before) {
        if (before != null) {
            throw new MalformedException(name, "must not come twice", name);
        }
    }

    private static MalformedException wrongNumber(String number) {
        return new MalformedException("commands", "must be 1 to " + COMMANDS_MAX, number);
    }
}
