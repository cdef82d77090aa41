package io.pacioli.ledger.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Fingerprint;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Posting;
import io.pacioli.ledger.core.ShardConfiguration;
import io.pacioli.ledger.core.TransactionTerms;
import io.pacioli.ledger.core.TransferTerms;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of journal entries and their hash chain. Pure and thread safe.
 *
 * <p>The hash of an entry is the SHA-256 of its record's bytes up to, and without, the member {@code hash}, which is always the
 * last: {@code ,"hash":"<64 hexadecimal digits>"}}, 75 bytes. As {@code prev} is among the hashed bytes, each entry vouches for
 * all before it, and anybody can verify the chain without knowing a thing about JSON.
 */
public final class JournalCodec {
    /** Version of the record format. */
    public static final int VERSION = 1;

    private static final byte[] HASH_OPEN = ",\"hash\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HASH_CLOSE = "\"}".getBytes(StandardCharsets.US_ASCII);
    private static final int SEAL_BYTES = HASH_OPEN.length + 2 * Hash.BYTES + HASH_CLOSE.length;
    private static final HexFormat HEX = HexFormat.of();

    private JournalCodec() {}

    /**
     * Writes an entry and seals it.
     *
     * @param previous the hash of the entry before it in its shard; {@link Hash#ZERO} for the first
     */
    public static SealedEntry encode(Entry entry, Hash previous) {
        byte[] content = Json.write(json -> {
            json.writeStartObject();
            json.writeNumberField("v", VERSION);
            json.writeNumberField("shard", entry.shard());
            json.writeNumberField("sequence", entry.sequence());
            json.writeStringField("type", entry.event().type());
            json.writeStringField("id", entry.id());
            JsonParts.text(json, "commandId", entry.commandId());
            Fingerprint fingerprint = entry.fingerprint();
            if (fingerprint != null) {
                json.writeStringField(
                        "fingerprint", HEX.toHexDigits(fingerprint.high()) + HEX.toHexDigits(fingerprint.low()));
            }
            json.writeStringField("cause", entry.cause());
            json.writeStringField("at", Timestamps.format(entry.atMillis()));
            postings(json, entry.postings());
            json.writeObjectFieldStart("data");
            data(json, entry.event());
            json.writeEndObject();
            json.writeStringField("prev", previous.hex());
        });
        return seal(content);
    }

    /**
     * Reads a record. Unknown members are ignored.
     *
     * @throws MalformedException when it is not a journal entry of a known version and type
     * @throws io.pacioli.ledger.core.InvariantViolation when its postings do not balance
     */
    public static JournalRecord decode(byte[] bytes) {
        JsonObject json = Json.read(bytes);
        if (json.integer("v") != VERSION) {
            throw new MalformedException("v", "must be " + VERSION, Integer.toString(json.integer("v")));
        }
        String commandId = json.optionalId("commandId");
        if (commandId == null && json.has("fingerprint")) {
            throw new MalformedException("commandId", "must be given with a fingerprint", "nothing");
        }
        Entry entry = new Entry(
                json.shard("shard"),
                json.number("sequence"),
                commandId,
                fingerprint(json.optionalString("fingerprint")),
                json.string("cause"),
                Timestamps.parse("at", json.string("at")),
                event(json.string("type"), Objects.requireNonNullElse(commandId, ""), json.object("data")),
                json.objects("postings", JournalCodec::posting));
        return new JournalRecord(
                entry, Hash.parse("prev", json.string("prev")), Hash.parse("hash", json.string("hash")));
    }

    /** Whether a record's hash is that of its bytes: nobody has changed it since, or they recomputed it. */
    public static boolean isIntact(byte[] bytes) {
        int contentLength = bytes.length - SEAL_BYTES;
        int hashFrom = contentLength + HASH_OPEN.length;
        int hashTo = hashFrom + 2 * Hash.BYTES;
        return contentLength > 0
                && Arrays.equals(bytes, contentLength, hashFrom, HASH_OPEN, 0, HASH_OPEN.length)
                && Arrays.equals(bytes, hashTo, bytes.length, HASH_CLOSE, 0, HASH_CLOSE.length)
                && Hash.of(bytes, 0, contentLength).isSpelled(bytes, hashFrom);
    }

    private static SealedEntry seal(byte[] content) {
        Hash hash = Hash.of(content);
        byte[] bytes = Arrays.copyOf(content, content.length + SEAL_BYTES);
        System.arraycopy(HASH_OPEN, 0, bytes, content.length, HASH_OPEN.length);
        byte[] hex = hash.hex().getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(hex, 0, bytes, content.length + HASH_OPEN.length, hex.length);
        System.arraycopy(HASH_CLOSE, 0, bytes, bytes.length - HASH_CLOSE.length, HASH_CLOSE.length);
        return new SealedEntry(bytes, hash);
    }

    private static void postings(JsonGenerator json, List<Posting> postings) throws IOException {
        json.writeArrayFieldStart("postings");
        for (Posting posting : postings) {
            json.writeStartObject();
            json.writeStringField("account", posting.account());
            json.writeStringField("bucket", posting.bucket().wireName());
            json.writeStringField("asset", posting.asset());
            json.writeStringField("amount", Amount.digits(posting.amount()));
            json.writeStringField("balance", Amount.digits(posting.balance()));
            json.writeNumberField("version", posting.version());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static Posting posting(JsonObject json) {
        return new Posting(
                json.string("account"),
                Bucket.ofWireName(json.string("bucket")),
                json.string("asset"),
                json.signed("amount"),
                json.balance("balance"),
                json.number("version"));
    }

    private static void data(JsonGenerator json, Event event) throws IOException {
        switch (event) {
            case Event.ShardConfigured e -> {
                json.writeNumberField("shards", e.configuration().shards());
                json.writeNumberField(
                        "idempotencyWindowMillis", e.configuration().idempotencyWindowMillis());
                json.writeNumberField("idempotencyEntriesMax", e.configuration().idempotencyEntriesMax());
            }
            case Event.AssetDefined e -> {
                JsonParts.asset(json, e.asset());
                JsonParts.strings(json, "metadata", e.metadata());
            }
            case Event.AssetLearned e -> {
                JsonParts.asset(json, e.asset());
                channel(json, "fromShard", e.fromShard(), e.number());
            }
            case Event.AccountOpened e -> {
                json.writeStringField("account", e.account());
                JsonParts.limits(json, e.limits());
                JsonParts.strings(json, "metadata", e.metadata());
            }
            case Event.TransferPosted e -> JsonParts.terms(json, e.terms());
            case Event.TransferSent e -> {
                JsonParts.terms(json, e.terms());
                channel(json, "toShard", e.toShard(), e.number());
            }
            case Event.TransferReceived e -> {
                JsonParts.terms(json, e.terms());
                channel(json, "fromShard", e.fromShard(), e.number());
            }
            case Event.TransferRefused e -> {
                JsonParts.terms(json, e.terms());
                channel(json, "fromShard", e.fromShard(), e.number());
                json.writeNumberField("returnNumber", e.returnNumber());
                JsonParts.rejected(json, "reason", e.reason());
            }
            case Event.TransferReturned e -> {
                JsonParts.terms(json, e.terms());
                channel(json, "fromShard", e.fromShard(), e.number());
                JsonParts.rejected(json, "reason", e.reason());
            }
            case Event.CommandRejected e -> {
                json.writeStringField("command", e.command());
                json.writeStringField("account", e.account());
                JsonParts.rejected(json, "rejection", e.rejected());
            }
            case Event.AccountFrozen e -> status(json, e.account(), e.reason(), e.metadata());
            case Event.AccountUnfrozen e -> status(json, e.account(), e.reason(), e.metadata());
            case Event.AccountClosed e -> status(json, e.account(), e.reason(), e.metadata());
            case Event.HoldPlaced e -> JsonParts.hold(json, e.terms());
            case Event.HoldVoided e -> {
                json.writeStringField("hold", e.hold());
                json.writeStringField("account", e.account());
                JsonParts.strings(json, "metadata", e.metadata());
            }
            case Event.HoldExpired e -> {
                json.writeStringField("hold", e.hold());
                json.writeStringField("account", e.account());
            }
            case Event.CommandDeferred e -> {
                json.writeFieldName("command");
                CommandCodec.write(json, e.command());
            }
            case Event.TransactionPosted e -> JsonParts.transaction(json, e.terms());
            case Event.TransactionBegun e -> {
                JsonParts.transaction(json, e.terms());
                JsonParts.numbers(json, e.numbers());
            }
            case Event.TransactionPrepared e -> {
                JsonParts.transaction(json, e.terms());
                json.writeNumberField("number", e.number());
                json.writeNumberField("voteNumber", e.voteNumber());
            }
            case Event.TransactionRefused e -> {
                JsonParts.transaction(json, e.terms());
                json.writeNumberField("number", e.number());
                json.writeNumberField("voteNumber", e.voteNumber());
                JsonParts.rejected(json, "reason", e.reason());
            }
            case Event.TransactionVoted e -> {
                channel(json, "fromShard", e.fromShard(), e.number());
                json.writeNumberField("prepare", e.prepare());
                JsonParts.optionalRejected(json, "reason", e.reason());
            }
            case Event.TransactionCommitted e -> {
                JsonParts.transaction(json, e.terms());
                channel(json, "fromShard", e.fromShard(), e.number());
                JsonParts.numbers(json, e.numbers());
            }
            case Event.TransactionSettled e -> {
                JsonParts.transaction(json, e.terms());
                channel(json, "fromShard", e.fromShard(), e.number());
            }
            case Event.TransactionAborted e -> {
                JsonParts.transaction(json, e.terms());
                Integer refusedBy = e.refusedBy();
                if (refusedBy != null) {
                    channel(json, "refusedBy", refusedBy, e.number());
                }
                JsonParts.numbers(json, e.numbers());
                JsonParts.rejected(json, "reason", e.reason());
            }
            case Event.TransactionReleased e -> {
                channel(json, "fromShard", e.fromShard(), e.number());
                JsonParts.rejected(json, "reason", e.reason());
            }
        }
    }

    private static Event event(String type, String commandId, JsonObject data) {
        return switch (type) {
            case "ShardConfigured" ->
                new Event.ShardConfigured(new ShardConfiguration(
                        data.integer("shards"),
                        data.whole("idempotencyWindowMillis"),
                        data.whole("idempotencyEntriesMax")));
            case "AssetDefined" -> new Event.AssetDefined(JsonParts.asset(data), data.strings("metadata"));
            case "AssetLearned" ->
                new Event.AssetLearned(JsonParts.asset(data), data.shard("fromShard"), data.number("number"));
            case "AccountOpened" ->
                new Event.AccountOpened(data.string("account"), JsonParts.limits(data), data.strings("metadata"));
            case "TransferPosted" -> new Event.TransferPosted(terms(commandId, data));
            case "TransferSent" ->
                new Event.TransferSent(terms(commandId, data), data.shard("toShard"), data.number("number"));
            case "TransferReceived" ->
                new Event.TransferReceived(terms(commandId, data), data.shard("fromShard"), data.number("number"));
            case "TransferRefused" ->
                new Event.TransferRefused(
                        terms(commandId, data),
                        data.shard("fromShard"),
                        data.number("number"),
                        data.number("returnNumber"),
                        JsonParts.rejected(data.object("reason")));
            case "TransferReturned" ->
                new Event.TransferReturned(
                        terms(commandId, data),
                        data.shard("fromShard"),
                        data.number("number"),
                        JsonParts.rejected(data.object("reason")));
            case "CommandRejected" ->
                new Event.CommandRejected(
                        data.string("command"), data.string("account"), JsonParts.rejected(data.object("rejection")));
            case "AccountFrozen" ->
                new Event.AccountFrozen(data.string("account"), data.string("reason"), data.strings("metadata"));
            case "AccountUnfrozen" ->
                new Event.AccountUnfrozen(data.string("account"), data.string("reason"), data.strings("metadata"));
            case "AccountClosed" ->
                new Event.AccountClosed(data.string("account"), data.string("reason"), data.strings("metadata"));
            case "HoldPlaced" -> new Event.HoldPlaced(JsonParts.hold(commandId, data));
            case "HoldVoided" ->
                new Event.HoldVoided(data.string("hold"), data.string("account"), data.strings("metadata"));
            case "HoldExpired" -> new Event.HoldExpired(data.string("hold"), data.string("account"));
            case "CommandDeferred" ->
                new Event.CommandDeferred(CommandCodec.transfer(commandId, data.object("command")));
            case "TransactionPosted" -> new Event.TransactionPosted(transaction(commandId, data));
            case "TransactionBegun" -> {
                TransactionTerms terms = transaction(commandId, data);
                yield new Event.TransactionBegun(terms, numbers(data, terms, null));
            }
            case "TransactionPrepared" ->
                new Event.TransactionPrepared(
                        transaction(commandId, data), data.number("number"), data.number("voteNumber"));
            case "TransactionRefused" ->
                new Event.TransactionRefused(
                        transaction(commandId, data),
                        data.number("number"),
                        data.number("voteNumber"),
                        JsonParts.rejected(data.object("reason")));
            case "TransactionVoted" ->
                new Event.TransactionVoted(
                        commandId,
                        data.shard("fromShard"),
                        data.number("number"),
                        data.number("prepare"),
                        JsonParts.optionalRejected(data, "reason"));
            case "TransactionCommitted" -> {
                TransactionTerms terms = transaction(commandId, data);
                yield new Event.TransactionCommitted(
                        terms, data.shard("fromShard"), data.number("number"), numbers(data, terms, null));
            }
            case "TransactionSettled" ->
                new Event.TransactionSettled(
                        transaction(commandId, data), data.shard("fromShard"), data.number("number"));
            case "TransactionAborted" -> {
                TransactionTerms terms = transaction(commandId, data);
                Integer refusedBy = data.has("refusedBy") ? data.shard("refusedBy") : null;
                yield new Event.TransactionAborted(
                        terms,
                        refusedBy,
                        refusedBy == null ? 0 : data.number("number"),
                        numbers(data, terms, refusedBy),
                        JsonParts.rejected(data.object("reason")));
            }
            case "TransactionReleased" ->
                new Event.TransactionReleased(
                        commandId,
                        data.shard("fromShard"),
                        data.number("number"),
                        JsonParts.rejected(data.object("reason")));
            default -> throw new MalformedException("type", "must be a known type of event", type);
        };
    }

    private static TransactionTerms transaction(String commandId, JsonObject data) {
        return JsonParts.transaction(commandId, data);
    }

    /** The numbers of the messages to all participants but the one that refused: one for each. */
    private static List<Long> numbers(JsonObject data, TransactionTerms terms, @Nullable Integer refusedBy) {
        List<Long> numbers = data.numbers("numbers");
        long told = terms.participants().stream()
                .filter(shard -> !shard.equals(refusedBy))
                .count();
        if (numbers.size() != told) {
            throw new MalformedException(
                    data.path("numbers"), "must have " + told + " elements", Integer.toString(numbers.size()));
        }
        return numbers;
    }

    private static void status(JsonGenerator json, String account, String reason, Map<String, String> metadata)
            throws IOException {
        json.writeStringField("account", account);
        json.writeStringField("reason", reason);
        JsonParts.strings(json, "metadata", metadata);
    }

    private static TransferTerms terms(String commandId, JsonObject data) {
        return JsonParts.terms(commandId, data);
    }

    private static void channel(JsonGenerator json, String field, int shard, long number) throws IOException {
        json.writeNumberField(field, shard);
        json.writeNumberField("number", number);
    }

    private static @Nullable Fingerprint fingerprint(@Nullable String hex) {
        if (hex == null) {
            return null;
        }
        if (hex.length() != 32) {
            throw new MalformedException("fingerprint", "must be 32 hexadecimal digits", hex);
        }
        try {
            return new Fingerprint(
                    HexFormat.fromHexDigitsToLong(hex, 0, 16), HexFormat.fromHexDigitsToLong(hex, 16, 32));
        } catch (NumberFormatException e) {
            throw new MalformedException("fingerprint", "must be 32 hexadecimal digits", hex);
        }
    }
}
