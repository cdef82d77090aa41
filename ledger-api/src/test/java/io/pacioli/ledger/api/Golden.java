package io.pacioli.ledger.api;

import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Leg;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.core.Posting;
import io.pacioli.ledger.core.ShardConfiguration;
import io.pacioli.ledger.core.TransferKind;
import io.pacioli.ledger.core.Transit;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
        return Stream.of(commands(), batches(), events(), transits(), outcomes(), notifications(), checkpoints())
                .flatMap(golden -> golden);
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
        Stream<Golden> plain = Stream.<Command>of(
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
                                "t-1", "GOLD", "alice", "bob", Amount.of(1250), "for \"lunch\"", Samples.METADATA),
                        new Command.FreezeAccount("f-1", "alice", "court order 12", Samples.METADATA),
                        new Command.UnfreezeAccount("u-1", "alice", "order lifted", Samples.METADATA),
                        new Command.CloseAccount("c-1", "alice", "left", Samples.METADATA),
                        new Command.PlaceHold(
                                "h-1", "GOLD", "alice", "bob", Amount.of(1250), AT, "room 7", Samples.METADATA),
                        new Command.CaptureHold("k-1", "h-1", "alice", Amount.of(1250), "bob", Samples.METADATA),
                        new Command.VoidHold("v-1", "h-1", "alice", Samples.METADATA),
                        new Command.Transact(
                                "x-1",
                                List.of(Samples.LEG, new Leg("EUR", "bob", "alice", Amount.of(70_000))),
                                AT,
                                "gold for euros",
                                Samples.METADATA),
                        new Command.ReverseTransfer("r-1", "t-1", "bob", Amount.of(1250), Samples.METADATA))
                .map(command -> command("command-" + command.type(), command));
        return Stream.concat(
                plain, Stream.of(command("command-Transfer-conditions", Samples.deferred(Samples.METADATA))));
    }

    private static Golden command(String name, Command command) {
        return new Golden(
                name,
                "command",
                command.getClass(),
                () -> CommandCodec.encode(command),
                bytes -> CommandCodec.encode(CommandCodec.decode(bytes)));
    }

    private static Stream<Golden> batches() {
        List<Command> commands = List.of(
                new Command.Transfer("t-1", "GOLD", "alice", "bob", Amount.of(1250), "payout", Samples.METADATA),
                new Command.Transfer("t-2", "GOLD", "alice", "carol", Amount.of(70), "payout", Map.of()),
                new Command.PlaceHold("h-1", "GOLD", "alice", "bob", Amount.of(1250), AT, "", Map.of()));
        return Stream.of(new Golden(
                "batch",
                "batch",
                Batch.class,
                () -> Batch.encode(commands),
                bytes -> Batch.encode(
                        Batch.split(bytes).stream().map(CommandCodec::decode).toList())));
    }

    private static Stream<Golden> events() {
        Stream<Golden> plain = Stream.of(
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
                        new Event.CommandRejected("Transfer", "alice", Samples.REJECTED),
                        new Event.AccountFrozen("alice", "court order 12", Samples.METADATA),
                        new Event.AccountUnfrozen("alice", "order lifted", Samples.METADATA),
                        new Event.AccountClosed("alice", "left", Samples.METADATA),
                        new Event.HoldPlaced(Samples.HOLD),
                        new Event.HoldVoided("h-1", "alice", Samples.METADATA),
                        new Event.HoldExpired("t-1", "alice"),
                        new Event.CommandDeferred(Samples.deferred(Samples.METADATA)),
                        new Event.TransactionPosted(Samples.LOCAL),
                        new Event.TransactionBegun(Samples.TRANSACTION, List.of(4L, 12L)),
                        new Event.TransactionPrepared(Samples.PART, 12, 3),
                        new Event.TransactionRefused(Samples.PART, 12, 3, Samples.REJECTED),
                        new Event.TransactionVoted("t-1", 5, 3, 12, null),
                        new Event.TransactionCommitted(Samples.TRANSACTION, 5, 3, List.of(5L, 13L)),
                        new Event.TransactionSettled(Samples.PART, 5, 13),
                        new Event.TransactionAborted(Samples.TRANSACTION, 5, 3, List.of(5L), Samples.REJECTED),
                        new Event.TransactionReleased("t-1", 5, 13, Samples.REJECTED))
                .map(event -> event("journal-" + event.type(), event));
        return Stream.concat(
                plain,
                Stream.of(
                        event(
                                "journal-TransferPosted-capture",
                                new Event.TransferPosted(Samples.referring(TransferKind.CAPTURE))),
                        event(
                                "journal-TransactionVoted-no",
                                new Event.TransactionVoted("t-1", 5, 3, 12, Samples.REJECTED)),
                        event(
                                "journal-TransactionAborted-late",
                                new Event.TransactionAborted(
                                        Samples.TRANSACTION, null, 0, List.of(5L, 13L), Samples.REJECTED))));
    }

    private static Golden event(String name, Event event) {
        return new Golden(
                name,
                "journal-entry",
                event.getClass(),
                () -> JournalCodec.encode(Samples.entry(event, postings(event)), Hash.of(new byte[] {1}))
                        .bytes(),
                Golden::reencodeJournal);
    }

    private static List<Posting> postings(Event event) {
        BigInteger amount = BigInteger.valueOf(1250);
        return switch (event.type()) {
            case "TransferPosted",
                    "TransferSent",
                    "TransferReceived",
                    "TransferRefused",
                    "TransferReturned",
                    "TransactionPosted",
                    "TransactionCommitted",
                    "TransactionSettled" -> Samples.postings(amount);
            case "HoldPlaced", "TransactionBegun", "TransactionPrepared" -> Samples.held(amount);
            case "HoldVoided", "HoldExpired", "TransactionAborted", "TransactionReleased" ->
                Samples.held(amount.negate());
            default -> List.of();
        };
    }

    private static byte[] reencodeJournal(byte[] bytes) {
        JournalRecord record = JournalCodec.decode(bytes);
        return JournalCodec.encode(record.entry(), record.previous()).bytes();
    }

    private static Stream<Golden> transits() {
        return Stream.of(
                        new Transit.AssetAnnouncement(2, 5, 7, "d-1", Samples.GOLD),
                        new Transit.TransferCredit(3, 5, 12, Samples.terms(TransferKind.TRANSFER)),
                        new Transit.TransferReturn(5, 3, 3, Samples.terms(TransferKind.TRANSFER), Samples.REJECTED),
                        new Transit.TransactionPrepare(5, 3, 12, Samples.PART),
                        new Transit.TransactionVote(5, 3, 3, "t-1", 12, Samples.REJECTED),
                        new Transit.TransactionCommit(3, 5, 13, "t-1"),
                        new Transit.TransactionAbort(3, 5, 13, "t-1", Samples.REJECTED))
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
                        new Outcome.Refused("t-1", new Position(3, 1841), AT, Samples.REJECTED),
                        new Outcome.Pending("t-1", new Position(3, 1841), AT, "CommandDeferred"))
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

    private static Stream<Golden> checkpoints() {
        SigningKey key = Keys.signing();
        Checkpoint checkpoint = new Checkpoint(
                new Position(3, 1841),
                17,
                3_702,
                AT,
                Hash.of(new byte[] {1}),
                new TreeMap<>(Map.of("GOLD", BigInteger.valueOf(212_450_000), "POINTS", BigInteger.valueOf(-5))),
                Hash.of(new byte[] {2}),
                key.id());
        return Stream.of(new Golden(
                "checkpoint",
                "checkpoint",
                Checkpoint.class,
                () -> CheckpointCodec.encode(checkpoint, key),
                bytes -> CheckpointCodec.encode(CheckpointCodec.decode(bytes), key)));
    }

    /** Nobody here reads them. */
    private static Stream<Golden> notifications() {
        Entry sent = Samples.entry(
                new Event.TransferSent(Samples.terms(TransferKind.TRANSFER), 5, 12),
                Samples.postings(BigInteger.valueOf(1250)));
        Entry held = Samples.entry(new Event.HoldPlaced(Samples.HOLD), Samples.held(BigInteger.valueOf(1250)));
        Entry leg = Samples.entry(
                new Event.TransactionPosted(Samples.LOCAL),
                List.of(
                        Samples.posting("alice", BigInteger.valueOf(-1250), BigInteger.valueOf(8750), 17),
                        Samples.posting("bob", BigInteger.valueOf(1250), BigInteger.valueOf(1250), 1)));
        Stream<Entry> statuses = Stream.of(
                        new Event.AccountOpened("alice", AccountLimits.DEFAULT, Map.of()),
                        new Event.AccountFrozen("alice", "court order 12", Samples.METADATA),
                        new Event.AccountUnfrozen("alice", "order lifted", Samples.METADATA),
                        new Event.AccountClosed("alice", "left", Samples.METADATA))
                .map(event -> Samples.entry(event, List.of()));
        return Stream.of(
                        Stream.of(notification("TransferSent", sent, 0)),
                        Stream.of(
                                notification("HoldPlaced", held, 0),
                                notification("HoldPlaced-held", held, 1),
                                notification("TransactionPosted", leg, 0)),
                        statuses.map(entry -> notification(entry.event().type(), entry, 0)))
                .flatMap(golden -> golden);
    }

    private static Golden notification(String name, Entry entry, int index) {
        return new Golden(
                "notification-" + name,
                "notification",
                Notification.class,
                () -> Notification.of(entry).get(index).json().getBytes(StandardCharsets.UTF_8),
                bytes -> bytes);
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
