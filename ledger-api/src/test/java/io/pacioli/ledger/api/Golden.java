package io.pacioli.ledger.api;

import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.core.ShardConfiguration;
import io.pacioli.ledger.core.TransferKind;
import io.pacioli.ledger.core.Transit;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The messages of which the golden files hold the bytes. When a format changes, a new version gets new files, and the old ones stay
 * as they are: journals are full of them.
 *
 * @param name of the file, without its ending
 * @param schema of the message
 * @param type the class of what is written
 * @param encode what the codec writes
 * @param reencode reads a message and writes it again
 */
record Golden(String name, String schema, Class<?> type, Supplier<byte[]> encode, Function<byte[], byte[]> reencode) {
    private static final long AT = 1_795_428_930_123L;

    static Stream<Golden> all() {
        return Stream.of(commands(), events(), transits(), outcomes()).flatMap(golden -> golden);
    }

    /** The bytes of the file. */
    byte[] file() {
        String path = "/golden/v1/" + name + ".json";
        try (InputStream stream = Golden.class.getResourceAsStream(path)) {
            if (stream == null) {
                throw new AssertionError("there is no golden file " + path);
            }
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Golden> commands() {
        return Stream.<Command>of(
                        new Command.DefineAsset("d-1", Samples.GOLD, Amount.of(500_000), "treasury", Samples.METADATA),
                        new Command.OpenAccount(
                                "o-1",
                                "till-7{acme}",
                                new AccountLimits(
                                        Map.of("GOLD", BigInteger.valueOf(-5_000)),
                                        Map.of("GOLD", Amount.of(1_000_000))),
                                Samples.METADATA),
                        new Command.Mint("m-1", "GOLD", "alice", new Amount(Amount.MAX), Samples.METADATA),
                        new Command.Burn("b-1", "GOLD", "alice", Amount.of(1250), Samples.METADATA),
                        new Command.Transfer(
                                "t-1", "GOLD", "alice", "bob", Amount.of(1250), "for \"lunch\"", Samples.METADATA))
                .map(command -> new Golden(
                        "command-" + command.type(),
                        "command",
                        command.getClass(),
                        () -> CommandCodec.encode(command),
                        bytes -> CommandCodec.encode(CommandCodec.decode(bytes))));
    }

    private static Stream<Golden> events() {
        return Stream.of(
                        new Event.ShardConfigured(new ShardConfiguration(6, 604_800_000L, 50_000_000L)),
                        new Event.AssetDefined(Samples.GOLD, Samples.METADATA),
                        new Event.AssetLearned(Samples.GOLD, 2, 7),
                        new Event.AccountOpened(
                                "alice",
                                new AccountLimits(
                                        Map.of("GOLD", BigInteger.valueOf(-5_000)),
                                        Map.of("GOLD", Amount.of(1_000_000))),
                                Samples.METADATA),
                        new Event.TransferPosted(Samples.terms(TransferKind.MINT)),
                        new Event.TransferSent(Samples.terms(TransferKind.TRANSFER), 5, 12),
                        new Event.TransferReceived(Samples.terms(TransferKind.TRANSFER), 5, 12),
                        new Event.TransferRefused(Samples.terms(TransferKind.TRANSFER), 5, 12, 3, Samples.REJECTED),
                        new Event.TransferReturned(Samples.terms(TransferKind.TRANSFER), 5, 12, Samples.REJECTED),
                        new Event.CommandRejected("Transfer", "alice", Samples.REJECTED))
                .map(event -> new Golden(
                        "journal-" + event.type(),
                        "journal-entry",
                        event.getClass(),
                        () -> JournalCodec.encode(
                                        Samples.entry(
                                                event,
                                                event.type().startsWith("Transfer")
                                                        ? Samples.postings(BigInteger.valueOf(1250))
                                                        : List.of()),
                                        Hash.of(new byte[] {1}))
                                .bytes(),
                        Golden::reencodeJournal));
    }

    private static byte[] reencodeJournal(byte[] bytes) {
        JournalRecord record = JournalCodec.decode(bytes);
        return JournalCodec.encode(record.entry(), record.previous()).bytes();
    }

    private static Stream<Golden> transits() {
        return Stream.of(
                        new Transit.AssetAnnouncement(2, 5, 7, "d-1", Samples.GOLD),
                        new Transit.TransferCredit(3, 5, 12, Samples.terms(TransferKind.TRANSFER)),
                        new Transit.TransferReturn(5, 3, 3, Samples.terms(TransferKind.TRANSFER), Samples.REJECTED))
                .map(transit -> new Golden(
                        "transit-" + transit.type(),
                        "transit",
                        transit.getClass(),
                        () -> TransitCodec.encode(transit),
                        bytes -> TransitCodec.encode(TransitCodec.decode(bytes))));
    }

    private static Stream<Golden> outcomes() {
        Stream<Golden> decided = Stream.of(
                        new Outcome.Accepted("t-1", new Position(3, 1841), AT, "TransferSent"),
                        new Outcome.Refused("t-1", new Position(3, 1841), AT, Samples.REJECTED))
                .map(outcome -> new Golden(
                        "outcome-" + outcome.getClass().getSimpleName(),
                        "outcome",
                        outcome.getClass(),
                        () -> OutcomeCodec.encode(outcome),
                        bytes -> OutcomeCodec.encode(OutcomeCodec.decode(bytes))));
        MalformedException malformed = new MalformedException("amount", "must be a string of digits", "1.5");
        return Stream.concat(
                decided,
                Stream.of(new Golden(
                        "outcome-malformed",
                        "outcome",
                        MalformedException.class,
                        () -> OutcomeCodec.encode(malformed),
                        Golden::reencodeMalformed)));
    }

    private static byte[] reencodeMalformed(byte[] bytes) {
        try {
            return OutcomeCodec.encode(OutcomeCodec.decode(bytes));
        } catch (MalformedException e) {
            return OutcomeCodec.encode(e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
