package io.pacioli.ledger.api;

import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Conditions;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Fingerprint;
import io.pacioli.ledger.core.HoldTerms;
import io.pacioli.ledger.core.Leg;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.core.PlacedLeg;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.core.Posting;
import io.pacioli.ledger.core.Rejected;
import io.pacioli.ledger.core.Rejection;
import io.pacioli.ledger.core.ShardConfiguration;
import io.pacioli.ledger.core.TransactionTerms;
import io.pacioli.ledger.core.TransferKind;
import io.pacioli.ledger.core.TransferTerms;
import io.pacioli.ledger.core.Transit;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Messages of every type: plain ones, and ones at the edges of what is allowed. */
final class Samples {
    static final String COIN = "\uD83E\uDE99";
    static final Amount MAX = new Amount(Amount.MAX);
    static final Map<String, String> METADATA = new TreeMap<>(Map.of("order", "A-17", "note", "caf\u00E9 " + COIN));
    static final Asset GOLD = new Asset("GOLD", "Gold \"fine\"", "Au", COIN, 2, Amount.of(1_000_000));
    static final Rejected REJECTED = new Rejected(Rejection.INSUFFICIENT_FUNDS, "amount", "8750", "10000");

    static final Leg LEG = new Leg("GOLD", "alice", "bob", Amount.of(1250));
    static final Conditions CONDITIONS = new Conditions(1_795_428_930_123L, 1_795_515_330_000L, Amount.of(10_000));
    static final HoldTerms HOLD =
            new HoldTerms("t-1", "GOLD", "alice", "bob", Amount.of(1250), 1_795_515_330_000L, "room 7", METADATA);

    /** Across three shards, as shard 3 coordinates it. */
    static final TransactionTerms TRANSACTION = transaction(
            3,
            new PlacedLeg(0, LEG, 3, 5),
            new PlacedLeg(1, new Leg("EUR", "bob", "alice", Amount.of(70_000)), 5, 3),
            new PlacedLeg(2, new Leg("GOLD", "bob", "carol", Amount.of(1)), 5, 0));

    /** Across three shards, as shard 3 takes part in it. */
    static final TransactionTerms PART =
            transaction(5, new PlacedLeg(1, LEG, 3, 5), new PlacedLeg(2, new Leg("EUR", "bob", "alice", MAX), 5, 3));

    /** On shard 3 alone. */
    static final TransactionTerms LOCAL = transaction(3, new PlacedLeg(0, LEG, 3, 3));

    private static final Asset PLAIN = new Asset("X", "", "", "", 0, null);
    private static final AccountLimits LIMITS = new AccountLimits(
            Map.of("GOLD", BigInteger.valueOf(-5_000), "X", Amount.MAX.negate()), Map.of("GOLD", MAX));
    private static final String LONG_ID = "\u00FC".repeat(126) + COIN;
    private static final long AT = 1_795_428_930_123L;
    private static final Set<String> NO_OUTCOMES = Set.of(
            "HoldExpired",
            "TransactionPrepared",
            "TransactionRefused",
            "TransactionVoted",
            "TransactionSettled",
            "TransactionAborted",
            "TransactionReleased");
    private static final long LAST = 253_402_300_799_999L;

    private Samples() {}

    static Stream<Command> commands() {
        return Stream.of(
                new Command.DefineAsset("d-1", GOLD, Amount.of(500_000), "treasury", METADATA),
                new Command.DefineAsset("d-2", PLAIN, Amount.ZERO, null, Map.of()),
                new Command.DefineAsset(
                        "d-3",
                        new Asset("A.B_C-0123456789", "n".repeat(64), "s".repeat(16), COIN.repeat(8), 18, MAX),
                        MAX,
                        "till-7{acme}",
                        metadataMax()),
                new Command.OpenAccount("o-1", "alice", LIMITS, METADATA),
                new Command.OpenAccount("o-2", "{a}{b}", AccountLimits.DEFAULT, Map.of()),
                new Command.OpenAccount("o-3", LONG_ID, limitsMax(), Map.of()),
                new Command.Mint("m-1", "GOLD", "alice", Amount.of(1250), METADATA),
                new Command.Mint(LONG_ID, "GOLD", LONG_ID, MAX, Map.of()),
                new Command.Burn("b-1", "GOLD", "alice", Amount.of(1250), METADATA),
                new Command.Burn("b-2", "GOLD", "\"\\/<>&'", Amount.ZERO, Map.of()),
                new Command.Transfer("t-1", "GOLD", "alice", "bob", Amount.of(1250), "for lunch", METADATA),
                new Command.Transfer("t-2", "GOLD", "alice", "bob", Amount.of(1), "", Map.of()),
                new Command.Transfer("t-3", "GOLD", "@GOLD", "@clearing/3/GOLD", MAX, "m".repeat(256), metadataMax()),
                transfer("t-4", CONDITIONS),
                transfer("t-5", new Conditions(0L, null, null)),
                transfer("t-6", new Conditions(null, LAST, null)),
                transfer("t-7", new Conditions(null, null, Amount.ZERO)),
                new Command.FreezeAccount("f-1", "alice", "court order 12", METADATA),
                new Command.FreezeAccount("f-2", LONG_ID, "", Map.of()),
                new Command.UnfreezeAccount("u-1", "alice", "order lifted", METADATA),
                new Command.CloseAccount("c-1", "alice", "r".repeat(256), METADATA),
                new Command.PlaceHold("h-1", "GOLD", "alice", "bob", Amount.of(1250), AT, "room 7", METADATA),
                new Command.PlaceHold("h-2", "GOLD", "alice", null, MAX, null, "", Map.of()),
                new Command.CaptureHold("k-1", "h-1", "alice", Amount.of(1250), "bob", METADATA),
                new Command.CaptureHold("k-2", LONG_ID, "alice", null, null, Map.of()),
                new Command.VoidHold("v-1", "h-1", "alice", METADATA),
                new Command.VoidHold("v-2", LONG_ID, LONG_ID, Map.of()),
                new Command.Transact(
                        "x-1", List.of(LEG, new Leg("EUR", "bob", "alice", MAX)), AT, "gold for euros", METADATA),
                new Command.Transact("x-2", List.of(LEG), null, "", Map.of()),
                new Command.Transact("x-3", legsMax(), LAST, "m".repeat(256), metadataMax()),
                new Command.ReverseTransfer("r-1", "t-1", "bob", Amount.of(1250), METADATA),
                new Command.ReverseTransfer("r-2", LONG_ID, "bob", null, Map.of()));
    }

    private static Command transfer(String id, Conditions conditions) {
        return new Command.Transfer(id, "GOLD", "alice", "bob", Amount.of(1), "", conditions, Map.of());
    }

    static Stream<Event> events() {
        return Stream.of(
                new Event.ShardConfigured(new ShardConfiguration(6, 604_800_000L, 50_000_000L)),
                new Event.ShardConfigured(new ShardConfiguration(1_000, Long.MAX_VALUE, Long.MAX_VALUE)),
                new Event.AssetDefined(GOLD, METADATA),
                new Event.AssetDefined(PLAIN, Map.of()),
                new Event.AssetLearned(GOLD, 2, 7),
                new Event.AccountOpened("alice", LIMITS, METADATA),
                new Event.AccountOpened(LONG_ID, AccountLimits.DEFAULT, Map.of()),
                new Event.TransferPosted(terms(TransferKind.TRANSFER)),
                new Event.TransferPosted(terms(TransferKind.MINT)),
                new Event.TransferSent(terms(TransferKind.BURN), 999, Long.MAX_VALUE),
                new Event.TransferSent(terms(TransferKind.TRANSFER), 5, 12),
                new Event.TransferReceived(terms(TransferKind.TRANSFER), 5, 12),
                new Event.TransferRefused(terms(TransferKind.TRANSFER), 5, 12, 3, REJECTED),
                new Event.TransferReturned(terms(TransferKind.TRANSFER), 5, 12, REJECTED),
                new Event.CommandRejected("Transfer", "alice", REJECTED),
                new Event.TransferPosted(referring(TransferKind.CAPTURE)),
                new Event.TransferReceived(referring(TransferKind.REVERSAL), 5, 12),
                new Event.AccountFrozen("alice", "court order 12", METADATA),
                new Event.AccountFrozen(LONG_ID, "", Map.of()),
                new Event.AccountUnfrozen("alice", "order lifted", METADATA),
                new Event.AccountClosed("alice", "left", METADATA),
                new Event.HoldPlaced(HOLD),
                new Event.HoldPlaced(new HoldTerms("t-1", "GOLD", "alice", null, MAX, null, "", Map.of())),
                new Event.HoldVoided("h-1", "alice", METADATA),
                new Event.HoldVoided(LONG_ID, LONG_ID, Map.of()),
                new Event.HoldExpired("h-1", "alice"),
                new Event.CommandDeferred(deferred(METADATA)),
                new Event.CommandDeferred(deferred(Map.of())),
                new Event.TransactionPosted(LOCAL),
                new Event.TransactionPosted(
                        new TransactionTerms("t-1", 0, List.of(new PlacedLeg(0, LEG, 0, 0)), 0, "", Map.of())),
                new Event.TransactionBegun(TRANSACTION, List.of(Long.MAX_VALUE, 1L)),
                new Event.TransactionBegun(transactionMax(), List.of(1L)),
                new Event.TransactionPrepared(PART, 12, 3),
                new Event.TransactionRefused(PART, 12, 3, REJECTED),
                new Event.TransactionVoted("t-1", 5, 12, 3, null),
                new Event.TransactionVoted("t-1", 5, 12, 3, REJECTED),
                new Event.TransactionCommitted(TRANSACTION, 5, 12, List.of(7L, 8L)),
                new Event.TransactionSettled(PART, 5, 12),
                new Event.TransactionAborted(TRANSACTION, 5, 12, List.of(7L), REJECTED),
                new Event.TransactionAborted(TRANSACTION, null, 0, List.of(7L, 8L), REJECTED),
                new Event.TransactionReleased("t-1", 5, 12, REJECTED));
    }

    /** A transfer as it is journaled while it waits. */
    static Command.Transfer deferred(Map<String, String> metadata) {
        return new Command.Transfer("t-1", "GOLD", "alice", "bob", Amount.of(1250), "for lunch", CONDITIONS, metadata);
    }

    /** An entry for every event, with and without what is optional. */
    static Stream<Entry> entries() {
        return Stream.concat(
                events().map(event -> entry(event, List.of())),
                Stream.of(
                        entry(new Event.TransferPosted(terms(TransferKind.TRANSFER)), postings(BigInteger.ONE)),
                        entry(new Event.TransferPosted(terms(TransferKind.TRANSFER)), postings(Amount.MAX)),
                        new Entry(
                                999,
                                Long.MAX_VALUE,
                                null,
                                null,
                                "x@0",
                                0,
                                events().findFirst().orElseThrow(),
                                List.of()),
                        new Entry(
                                0,
                                1,
                                "t-1",
                                new Fingerprint(-1, Long.MIN_VALUE),
                                "ledger.commands-0@0",
                                253_402_300_799_999L,
                                new Event.CommandRejected("Transfer", "alice", REJECTED),
                                List.of())));
    }

    static Stream<Transit> transits() {
        return Stream.of(
                new Transit.AssetAnnouncement(0, 5, 1, "d-1", GOLD),
                new Transit.AssetAnnouncement(999, 0, Long.MAX_VALUE, LONG_ID, PLAIN),
                new Transit.TransferCredit(0, 5, 12, terms(TransferKind.TRANSFER)),
                new Transit.TransferReturn(5, 0, 3, terms(TransferKind.TRANSFER), REJECTED),
                new Transit.TransferCredit(0, 5, 12, referring(TransferKind.CAPTURE)),
                new Transit.TransactionPrepare(5, 3, 12, PART),
                new Transit.TransactionPrepare(999, 0, 12, transactionMax()),
                new Transit.TransactionVote(5, 3, 3, "t-1", 12, null),
                new Transit.TransactionVote(5, 3, 3, LONG_ID, Long.MAX_VALUE, REJECTED),
                new Transit.TransactionCommit(3, 5, 13, "t-1"),
                new Transit.TransactionAbort(3, 5, 13, "t-1", REJECTED));
    }

    static Stream<Outcome> outcomes() {
        return Stream.concat(
                Stream.of(
                        new Outcome.Accepted("t-1", new Position(3, 1841), AT, "TransferSent"),
                        new Outcome.Accepted(LONG_ID, new Position(999, 1), 0, "AssetDefined"),
                        new Outcome.Pending("t-1", new Position(3, 1841), AT, "CommandDeferred"),
                        new Outcome.Refused("t-1", new Position(3, 1841), AT, REJECTED)),
                Arrays.stream(Rejection.values())
                        .map(code -> new Outcome.Refused(
                                "t-1", new Position(0, 1), AT, new Rejected(code, "from", COIN, "\"\\\u00E9"))));
    }

    static Entry entry(Event event, List<Posting> postings) {
        boolean isOutcome = !(event instanceof Event.ShardConfigured || NO_OUTCOMES.contains(event.type()));
        boolean isDue = event instanceof Event.HoldExpired
                || (event instanceof Event.TransactionAborted aborted && aborted.refusedBy() == null);
        return new Entry(
                3,
                1841,
                event instanceof Event.ShardConfigured ? null : "t-1",
                isOutcome ? new Fingerprint(0x0123456789ABCDEFL, 42) : null,
                isDue ? "due@1795428930123" : "ledger.commands-3@991",
                AT,
                event,
                postings);
    }

    static TransferTerms terms(TransferKind kind) {
        return new TransferTerms("t-1", kind, "GOLD", "alice", "bob", Amount.of(1250), null, "for lunch", METADATA);
    }

    /** A transfer that goes back to a hold or to another transfer. */
    static TransferTerms referring(TransferKind kind) {
        return new TransferTerms("t-1", kind, "GOLD", "alice", "bob", Amount.of(1250), "h-1", "", METADATA);
    }

    static List<Posting> postings(BigInteger amount) {
        return List.of(
                posting("alice", amount.negate(), BigInteger.valueOf(8750), 17),
                posting("@clearing/5/GOLD", amount, Amount.MAX.add(amount), 4));
    }

    /** Money set aside, or made available again when the amount is negative. */
    static List<Posting> held(BigInteger amount) {
        return List.of(
                posting("alice", amount.negate(), BigInteger.valueOf(8750), 17),
                new Posting("alice", Bucket.HELD, "GOLD", amount, amount.max(BigInteger.ZERO), 18));
    }

    static Posting posting(String account, BigInteger amount, BigInteger balance, long version) {
        return new Posting(account, Bucket.AVAILABLE, "GOLD", amount, balance, version);
    }

    /** As many legs as a transaction may have. */
    static List<Leg> legsMax() {
        return IntStream.range(0, Command.Transact.LEGS_MAX)
                .mapToObj(i -> new Leg("A2345678901234-" + i % 10, "a".repeat(126) + i % 10, "b".repeat(128), MAX))
                .toList();
    }

    private static TransactionTerms transaction(int coordinator, PlacedLeg... legs) {
        return new TransactionTerms("t-1", coordinator, List.of(legs), 1_795_428_960_123L, "gold for euros", METADATA);
    }

    private static TransactionTerms transactionMax() {
        List<Leg> legs = legsMax();
        return new TransactionTerms(
                "t-1",
                999,
                IntStream.range(0, legs.size())
                        .mapToObj(i -> new PlacedLeg(i, legs.get(i), 999, 0))
                        .toList(),
                LAST,
                "m".repeat(256),
                metadataMax());
    }

    private static Map<String, String> metadataMax() {
        return IntStream.range(0, 16)
                .mapToObj(i -> (char) ('a' + i) + "\u00E9".repeat(63))
                .collect(Collectors.toMap(key -> key, key -> COIN.repeat(128), (one, other) -> one, TreeMap::new));
    }

    private static AccountLimits limitsMax() {
        List<String> assets = IntStream.range(0, 64)
                .mapToObj(i -> "ASSET-0123456-" + (i + 10))
                .toList();
        return new AccountLimits(
                assets.stream().collect(Collectors.toMap(asset -> asset, asset -> Amount.MAX.negate())),
                assets.stream().collect(Collectors.toMap(asset -> asset, asset -> MAX)));
    }

    /** An asset with one thing changed. */
    static Asset asset(String code, String name, int decimals, @Nullable Amount maxSupply) {
        return new Asset(code, name, "Au", COIN, decimals, maxSupply);
    }
}
