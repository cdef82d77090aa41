package io.pacioli.ledger.testkit.fuzz;

import io.pacioli.ledger.api.Batch;
import io.pacioli.ledger.api.Cause;
import io.pacioli.ledger.api.Checkpoint;
import io.pacioli.ledger.api.CheckpointCodec;
import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.api.CommandRecord;
import io.pacioli.ledger.api.Definitions;
import io.pacioli.ledger.api.ExportManifest;
import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.JournalRecord;
import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.Notification;
import io.pacioli.ledger.api.OutcomeCodec;
import io.pacioli.ledger.api.PublicKeys;
import io.pacioli.ledger.api.SigningKey;
import io.pacioli.ledger.api.Tick;
import io.pacioli.ledger.api.Timestamps;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.api.TransitCodec;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.InvariantViolation;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.core.ShardConfiguration;
import io.pacioli.ledger.core.Transit;
import io.pacioli.ledger.testkit.fuzz.Corpus.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** All decoders of messages, files and texts that come from outside. */
public final class Decoders {
    private static final KafkaRouter ROUTER = new KafkaRouter(6);
    private static final long AT_MILLIS = 1_795_428_930_123L;
    private static final int SIGNED_ONE_IN = 16;

    private Decoders() {}

    /** One that reads whatever bytes it is given, with what comes with them. */
    private record OfBytes(String name, List<String> samples, BiConsumer<byte[], SplittableRandom> reader)
            implements FuzzTarget {
        @Override
        public void read(byte[] input, SplittableRandom random) {
            reader.accept(input, random);
        }
    }

    /** All of them, with the messages of a simulation of that seed. */
    public static List<FuzzTarget> all(long seed) {
        Corpus corpus = Corpus.of(seed);
        Keys keys = Keys.make();
        return List.of(
                of("command", corpus.messages(Kind.COMMAND), Decoders::command),
                new OfBytes("record", corpus.records(), Decoders::record),
                of("journal", corpus.messages(Kind.ENTRY), Decoders::journal),
                of("transit", corpus.messages(Kind.TRANSIT), Decoders::transit),
                of("outcome", corpus.messages(Kind.OUTCOME), Decoders::outcome),
                new OfBytes("checkpoint", checkpoints(keys), (bytes, random) -> checkpoint(keys, bytes, random)),
                of("manifest", List.of(manifest()), Decoders::manifest),
                of("definitions", definitions(), Decoders::definitions),
                of("texts", Tokens.TEXTS.stream().map(Tokens::bytes).toList(), Decoders::texts));
    }

    private static FuzzTarget of(String name, List<String> samples, Consumer<byte[]> reader) {
        return new OfBytes(name, samples, (input, random) -> reader.accept(input));
    }

    private static void command(byte[] input) {
        Command command = CommandCodec.decode(input);
        byte[] written = CommandCodec.encode(command);
        // Numbers get quotes, so that the canonical form may be a little larger than what was just small enough.
        if (written.length <= CommandCodec.BYTES_MAX) {
            Command again = CommandCodec.decode(written, command.id());
            same(again, command);
            same(CommandCodec.fingerprint(again), CommandCodec.fingerprint(command));
        }
    }

    /** As the processor reads its commands. */
    private static void record(byte[] input, SplittableRandom random) {
        byte[] key = random.nextInt(4) == 0 ? input : new byte[random.nextInt(40)];
        RecordHeaders headers = HostileHeaders.next(random, List.of("ledger.replies"));
        int shard = random.nextInt(ROUTER.shards());
        List<CommandRecord.Part> parts =
                CommandRecord.read(key, input, headers, "ledger.commands-0@1", AT_MILLIS, shard, ROUTER);
        require(!parts.isEmpty() && parts.size() <= Batch.COMMANDS_MAX, "must be some, and not too many");
        MalformedException last = null;
        int read = 0;
        for (CommandRecord.Part part : parts) {
            switch (part.what()) {
                case CommandRecord.Own own -> {
                    same(ROUTER.shardOfKey(own.input().command().routingKey()), shard);
                    read++;
                }
                case CommandRecord.Misrouted misrouted -> {
                    same(ROUTER.shardOfKey(misrouted.command().routingKey()), misrouted.home());
                    read++;
                }
                case CommandRecord.OfTick _ -> {
                    same(Tick.is(input), true);
                    read++;
                }
                case CommandRecord.Malformed malformed -> {
                    // What a client that waits is told.
                    require(OutcomeCodec.encode(malformed.reason()).length > 0, "must be told");
                    last = malformed.reason();
                }
            }
        }
        if (read == 0 && last != null) {
            throw last;
        }
    }

    private static void journal(byte[] input) {
        JournalRecord record;
        try {
            record = JournalCodec.decode(input);
        } catch (InvariantViolation e) {
            // The one invariant of an entry that a reader checks again: it is told as what it is.
            require(String.valueOf(e.getMessage()).startsWith("must sum to zero"), String.valueOf(e.getMessage()));
            throw new MalformedException("postings", "must balance", "");
        } finally {
            JournalCodec.isIntact(input);
        }
        byte[] written = JournalCodec.encode(record.entry(), record.previous()).bytes();
        JournalRecord again = JournalCodec.decode(written);
        same(again.entry(), record.entry());
        same(again.previous(), record.previous());
        require(JournalCodec.isIntact(written), "what is sealed must be intact");
        Notification.of(record.entry());
    }

    private static void transit(byte[] input) {
        Transit transit = TransitCodec.decode(input);
        same(TransitCodec.decode(TransitCodec.encode(transit)), transit);
    }

    private static void outcome(byte[] input) {
        Outcome outcome = OutcomeCodec.decode(input);
        same(OutcomeCodec.decode(OutcomeCodec.encode(outcome)), outcome);
    }

    /** Signatures take far longer than all else, so they are looked at now and then. */
    private static void checkpoint(Keys keys, byte[] input, SplittableRandom random) {
        boolean alsoSigned = random.nextInt(SIGNED_ONE_IN) == 0;
        if (alsoSigned) {
            CheckpointCodec.isSigned(input, keys.signing.id(), keys.known);
        }
        Checkpoint read = CheckpointCodec.decode(input);
        if (!alsoSigned) {
            return;
        }
        Checkpoint ours = new Checkpoint(
                read.position(),
                read.number(),
                read.offset(),
                read.atMillis(),
                read.hash(),
                read.books(),
                read.previous(),
                keys.signing.id());
        byte[] written = CheckpointCodec.encode(ours, keys.signing);
        same(CheckpointCodec.decode(written), ours);
        require(CheckpointCodec.isSigned(written, keys.signing.id(), keys.known), "must be signed");
    }

    private static void manifest(byte[] input) {
        ExportManifest manifest = ExportManifest.decode(input);
        same(ExportManifest.decode(manifest.encode()), manifest);
    }

    private static void definitions(byte[] input) {
        Definitions definitions = Definitions.decode(input);
        same(Definitions.decode(input), definitions);
    }

    /** Texts within messages, each of which must be refused or read and written as it was. */
    private static void texts(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        MalformedException last = null;
        int read = 0;
        for (Consumer<String> reader : List.<Consumer<String>>of(
                t -> same(Cause.parse(t).toString(), t),
                t -> same(Position.parse(Position.parse(t).toString()), Position.parse(t)),
                t -> same(Timestamps.format(Timestamps.parse("at", t)), t),
                t -> Timestamps.format(Timestamps.parseLenient("at", t)),
                t -> same(Hash.parse("hash", t).hex(), t))) {
            try {
                reader.accept(text);
                read++;
            } catch (MalformedException e) {
                last = e;
            }
        }
        if (read == 0 && last != null) {
            throw last;
        }
    }

    private static List<String> checkpoints(Keys keys) {
        Checkpoint first = new Checkpoint(
                new Position(3, 1841),
                1,
                2_000,
                AT_MILLIS,
                Hash.of(new byte[] {1}),
                new TreeMap<>(Map.of("GOLD", BigInteger.TEN, "EUR", BigInteger.TEN.negate())),
                Hash.ZERO,
                keys.signing.id());
        return List.of(new String(CheckpointCodec.encode(first, keys.signing), StandardCharsets.ISO_8859_1));
    }

    private static String manifest() {
        ExportManifest manifest = new ExportManifest(
                AT_MILLIS,
                Topics.DEFAULT,
                List.of(new ExportManifest.Shard(
                        0, 17, AT_MILLIS, Hash.ZERO, new ShardConfiguration(1, 604_800_000L, 50_000_000L), 20, 0)),
                List.of(new ExportManifest.Partition(
                        "ledger.journal",
                        0,
                        18,
                        List.of(new ExportManifest.File("journal/0/0.gz", 1_000, Hash.ZERO, 17, 0, 17)))));
        return new String(manifest.encode(), StandardCharsets.ISO_8859_1);
    }

    private static List<String> definitions() {
        return List.of(
                "{\"assets\":{\"GOLD\":{\"maxSupply\":\"1000000\",\"decimals\":2,\"name\":\"Gold\",\"symbol\":\"Au\"},"
                        + "\"X\":{\"maxSupply\":null}},\"accounts\":{\"alice\":{\"limits\":{\"GOLD\":\"-500\"},"
                        + "\"maxBalances\":{\"GOLD\":\"10000\"}}}}",
                "{\"assets\":{}}");
    }

    private static void same(Object actual, Object expected) {
        if (!actual.equals(expected)) {
            throw new AssertionError("read again it is " + actual + " and was " + expected);
        }
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError(what);
        }
    }

    /** A pair of keys for this run. */
    private record Keys(SigningKey signing, PublicKeys known) {
        private static Keys make() {
            try {
                Path directory = Files.createTempDirectory("ledger-fuzz-");
                Path secret = directory.resolve("key.pem");
                Path open = directory.resolve("public.pem");
                SigningKey.createIfMissing(secret, open);
                PublicKeys known = PublicKeys.read(open);
                SigningKey signing = SigningKey.read(secret, known);
                Files.delete(secret);
                Files.delete(open);
                Files.delete(directory);
                return new Keys(signing, known);
            } catch (IOException e) {
                throw new UncheckedIOException("no keys could be made", e);
            }
        }
    }
}
