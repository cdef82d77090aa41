package io.pacioli.ledger.api;

import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Fingerprint;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.core.Posting;
import io.pacioli.ledger.core.Rejected;
import io.pacioli.ledger.core.Rejection;
import io.pacioli.ledger.core.ShardConfiguration;
import io.pacioli.ledger.core.TransferKind;
import io.pacioli.ledger.core.TransferTerms;
import io.pacioli.ledger.core.Transit;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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

    private static final Asset PLAIN = new Asset("X", "", "", "", 0, null);
    private static final AccountLimits LIMITS = new AccountLimits(
            Map.of("GOLD", BigInteger.valueOf(-5_000), "X", Amount.MAX.negate()), Map.of("GOLD", MAX));
    private static final String LONG_ID = "\u00FC".repeat(126) + COIN;
    private static final long AT = 1_795_428_930_123L;

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
                new Command.Transfer("t-3", "GOLD", "@GOLD", "@clearing/3/GOLD", MAX, "m".repeat(256), metadataMax()));
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
                new Event.CommandRejected("Transfer", "alice", REJECTED));
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
                new Transit.TransferReturn(5, 0, 3, terms(TransferKind.TRANSFER), REJECTED));
    }

    static Stream<Outcome> outcomes() {
        return Stream.concat(
                Stream.of(
                        new Outcome.Accepted("t-1", new Position(3, 1841), AT, "TransferSent"),
                        new Outcome.Accepted(LONG_ID, new Position(999, 1), 0, "AssetDefined"),
                        new Outcome.Refused("t-1", new Position(3, 1841), AT, REJECTED)),
                Arrays.stream(Rejection.values())
                        .map(code -> new Outcome.Refused(
                                "t-1", new Position(0, 1), AT, new Rejected(code, "from", COIN, "\"\\\u00E9"))));
    }

    static Entry entry(Event event, List<Posting> postings) {
        boolean isOutcome = !(event instanceof Event.ShardConfigured);
        return new Entry(
                3,
                1841,
                isOutcome ? "t-1" : null,
                isOutcome ? new Fingerprint(0x0123456789ABCDEFL, 42) : null,
                "ledger.commands-3@991",
                AT,
                event,
                postings);
    }

    static TransferTerms terms(TransferKind kind) {
        return new TransferTerms("t-1", kind, "GOLD", "alice", "bob", Amount.of(1250), "for lunch", METADATA);
    }

    static List<Posting> postings(BigInteger amount) {
        return List.of(
                posting("alice", amount.negate(), BigInteger.valueOf(8750), 17),
                posting("@clearing/5/GOLD", amount, Amount.MAX.add(amount), 4));
    }

    private static Posting posting(String account, BigInteger amount, BigInteger balance, long version) {
        return new Posting(account, Bucket.AVAILABLE, "GOLD", amount, balance, version);
    }

    private static Map<String, String> metadataMax() {
        return IntStream.range(0, 16)
                .mapToObj(i -> (char) ('a' + i) + "\u00E9".repeat(63))
                .collect(Collectors.toMap(key -> key, key -> COIN.repeat(128)));
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
