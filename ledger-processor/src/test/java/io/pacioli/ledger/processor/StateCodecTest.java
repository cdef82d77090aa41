package io.pacioli.ledger.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.api.Headers;
import io.pacioli.ledger.api.state.StateCodec;
import io.pacioli.ledger.core.Account;
import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.AccountStatus;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.core.Channel;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Conditions;
import io.pacioli.ledger.core.Deferral;
import io.pacioli.ledger.core.Due;
import io.pacioli.ledger.core.Fingerprint;
import io.pacioli.ledger.core.Hold;
import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.core.InvariantViolation;
import io.pacioli.ledger.core.Leg;
import io.pacioli.ledger.core.Memory;
import io.pacioli.ledger.core.PendingTransaction;
import io.pacioli.ledger.core.PlacedLeg;
import io.pacioli.ledger.core.Receipt;
import io.pacioli.ledger.core.Rejected;
import io.pacioli.ledger.core.Rejection;
import io.pacioli.ledger.core.RememberedCommand;
import io.pacioli.ledger.core.ShardConfiguration;
import io.pacioli.ledger.core.ShardHeader;
import io.pacioli.ledger.core.TransactionTerms;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StateCodecTest {
    private static final BigInteger MAX = Amount.MAX;
    private static final BigInteger ZERO = BigInteger.ZERO;
    private static final String WIDE = "\u5e33\ud83e\ude99\u00e9";

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 127, 128, 16_383, 16_384, Integer.MAX_VALUE, 1L << 56, Long.MAX_VALUE})
    void headers(long number) {
        ShardHeader header =
                new ShardHeader(7, number, number, new ShardConfiguration(1_000, Math.max(1, number), Long.MAX_VALUE));
        Hash head = Hash.of(new byte[] {(byte) number});

        Progress progress = new Progress(number, Long.MAX_VALUE - number);

        byte[] bytes = HeaderCodec.encode(header, head, progress);

        assertThat(HeaderCodec.header(7, bytes)).isEqualTo(header);
        assertThat(HeaderCodec.chainHead(bytes)).isEqualTo(head);
        assertThat(HeaderCodec.progress(bytes)).isEqualTo(progress);
    }

    @Test
    void accounts() {
        account(Account.fresh("alice"));
        for (AccountStatus status : AccountStatus.values()) {
            for (boolean opened : new boolean[] {false, true}) {
                account(new Account(
                        "alice", Long.MAX_VALUE, opened, status, AccountLimits.DEFAULT, List.of(), Map.of()));
                account(new Account(
                        "alice",
                        1,
                        opened,
                        status,
                        AccountLimits.DEFAULT,
                        List.of(),
                        Map.of("EUR", MAX, "GOLD", BigInteger.ONE)));
            }
        }
        account(new Account(
                WIDE,
                1,
                false,
                AccountStatus.FROZEN,
                new AccountLimits(
                        Map.of("GOLD", MAX.negate(), "EUR", BigInteger.ZERO),
                        Map.of("GOLD", new Amount(MAX), "X", Amount.ZERO)),
                List.of(
                        new Holding("EUR", MAX, MAX.negate(), BigInteger.ONE, BigInteger.ZERO),
                        new Holding(
                                "GOLD",
                                BigInteger.valueOf(-128),
                                BigInteger.valueOf(Long.MIN_VALUE),
                                BigInteger.valueOf(255),
                                BigInteger.valueOf(-256))),
                Map.of("X", BigInteger.TEN)));
    }

    @Test
    void anOrdinaryAccountIsSmall() {
        Holding holding = new Holding("GOLD", BigInteger.valueOf(30_000), ZERO, ZERO, ZERO);
        Account account =
                new Account("alice", 100, true, AccountStatus.OPEN, AccountLimits.DEFAULT, List.of(holding), Map.of());

        // Format, version of the account, flags, no limits (2), one holding (1), code (1 + 4), balance (1 + 2), empty
        // buckets (3).
        assertThat(StateCodec.encode(account)).hasSize(17);
    }

    @Test
    void theLargestAccount() {
        List<Holding> holdings = new ArrayList<>();
        Map<String, BigInteger> lowest = new TreeMap<>();
        for (int i = 0; i < Account.HOLDINGS_MAX; i++) {
            String code = String.format("ASSET-OF-16-%04d", i);
            holdings.add(new Holding(code, MAX, MAX, MAX.negate(), MAX));
            if (lowest.size() < 64) {
                lowest.put(code, MAX.negate());
            }
        }
        Map<String, BigInteger> promised = Map.of("GOLD", MAX);
        AccountLimits limits = new AccountLimits(lowest, Map.of());
        account(new Account("a".repeat(128), 5, true, AccountStatus.OPEN, limits, holdings, promised));
    }

    @Test
    void assets() {
        asset(new Asset("GOLD", "", "", "", 0, null));
        asset(new Asset("A.B_C-9", "n".repeat(64), WIDE, "\ud83e\ude99", 18, new Amount(MAX)));
        asset(new Asset("G", "Gold", "g", "", 2, Amount.ZERO));
    }

    @Test
    void channels() {
        for (long number : new long[] {0, 1, 300, Long.MAX_VALUE}) {
            Channel channel = new Channel(999, number, Long.MAX_VALUE - number);
            assertThat(StateCodec.channel(999, StateCodec.encode(channel))).isEqualTo(channel);
        }
    }

    @Test
    void acceptedCommands() {
        command(new RememberedCommand(
                WIDE,
                new Fingerprint(Long.MIN_VALUE, -1),
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                new Memory(Long.MAX_VALUE, Long.MAX_VALUE - 1),
                "TransferPosted",
                false,
                null));
        command(new RememberedCommand(
                "c", new Fingerprint(0, Long.MAX_VALUE), 1, 0, new Memory(5, 6), "", false, null));
    }

    @Test
    void pendingCommands() {
        command(new RememberedCommand(
                "c", new Fingerprint(1, 2), 3, 4, Memory.FOR_EVER, "TransactionBegun", true, null));
    }

    @ParameterizedTest
    @EnumSource(Rejection.class)
    void rejectedCommands(Rejection code) {
        Rejected rejected = new Rejected(code, "amount", MAX.negate().toString(), WIDE);
        command(new RememberedCommand(
                "c", new Fingerprint(1, 2), 3, 4, new Memory(5, 6), "CommandRejected", false, rejected));
    }

    @Test
    void receipts() {
        for (Memory memory : List.of(new Memory(0, 1), new Memory(300, 5), Memory.FOR_EVER)) {
            Receipt receipt = new Receipt(WIDE, "GOLD", "alice", "b".repeat(128), MAX, BigInteger.ZERO, memory);
            assertThat(StateCodec.receipt(WIDE, StateCodec.encode(receipt))).isEqualTo(receipt);
            assertThat(MemorySweep.memory(StateKeys.receipt(WIDE), StateCodec.encode(receipt)))
                    .isEqualTo(memory);
        }
    }

    @ParameterizedTest
    @EnumSource(Hold.Status.class)
    void holds(Hold.Status status) {
        Memory memory = status == Hold.Status.ACTIVE ? null : new Memory(1_000, 7);
        for (Long expiresAt : new Long[] {null, 0L, 1L, Long.MAX_VALUE}) {
            for (String to : new String[] {null, "bob", WIDE}) {
                Hold hold = new Hold(WIDE, "GOLD", "alice", to, MAX, expiresAt, status, memory);
                assertThat(StateCodec.hold(WIDE, StateCodec.encode(hold))).isEqualTo(hold);
                assertThat(MemorySweep.memory(StateKeys.hold(WIDE), StateCodec.encode(hold)))
                        .isEqualTo(memory == null ? Memory.FOR_EVER : memory);
            }
        }
    }

    @Test
    void transactions() {
        List<PlacedLeg> legs = IntStream.range(0, Command.Transact.LEGS_MAX)
                .mapToObj(i -> new PlacedLeg(i, new Leg("GOLD", "from-" + i, "to-" + i, new Amount(MAX)), i, 1_000 - i))
                .toList();
        TransactionTerms terms =
                new TransactionTerms("x", 7, legs, Long.MAX_VALUE, WIDE, Map.of("order", WIDE, "empty", ""));
        transaction(new PendingTransaction(
                terms, new Fingerprint(-1, Long.MIN_VALUE), Map.of(0, 1L, 999, Long.MAX_VALUE, 128, 128L)));
        transaction(new PendingTransaction(terms, null, Map.of()));
        transaction(new PendingTransaction(
                new TransactionTerms(WIDE, 0, legs.subList(99, 100), 0, "", Map.of()), null, Map.of()));
    }

    @Test
    void aTransactionIsWhereItsKeySays() {
        PendingTransaction transaction =
                new PendingTransaction(new TransactionTerms("x", 7, List.of(), 0, "", Map.of()), null, Map.of());
        byte[] bytes = StateCodec.encode(transaction);

        assertThatThrownBy(() -> StateCodec.transaction("6/x", bytes)).isInstanceOf(InvariantViolation.class);
    }

    @Test
    void deferrals() {
        Conditions conditions = new Conditions(5L, 253_402_300_799_999L, new Amount(MAX));
        for (Conditions one : List.of(Conditions.NONE, conditions)) {
            Command.Transfer transfer = new Command.Transfer(
                    "t", "GOLD", "alice", WIDE, new Amount(MAX), WIDE, one, Map.of("order", WIDE, "empty", ""));
            Deferral deferral = new Deferral(transfer, new Fingerprint(Long.MIN_VALUE, 3));
            assertThat(StateCodec.deferral("t", StateCodec.encode(deferral))).isEqualTo(deferral);
        }
    }

    @Test
    void replyAddresses() {
        RecordHeaders headers = new RecordHeaders();
        byte[] everyByte = new byte[256];
        for (int i = 0; i < everyByte.length; i++) {
            everyByte[i] = (byte) i;
        }
        headers.add(Headers.REPLY_TOPIC, Headers.text("replies"));
        headers.add(Headers.REPLY_PARTITION, Headers.integer(0x80FF7F00));
        headers.add(Headers.CORRELATION_ID, everyByte);
        headers.add("trace", new byte[] {1});
        ReplyAddress address = Objects.requireNonNull(ReplyAddress.of(headers));

        ReplyAddress other = Objects.requireNonNull(ReplyAddress.of(Sample.replyTo("others", "c2")));
        ReplyAddresses both = ReplyAddresses.of(address).with(other);

        ReplyAddresses again = ReplyAddresses.decode("c", both.encode());

        assertThat(again.all()).containsExactly(address, other);
        RecordHeaders kept = again.all().getFirst().toHeaders();
        assertThat(kept).hasSize(3);
        assertThat(Headers.text(kept, Headers.REPLY_TOPIC)).isEqualTo("replies");
        assertThat(Headers.integer(kept, Headers.REPLY_PARTITION)).hasValue(0x80FF7F00);
        assertThat(kept.lastHeader(Headers.CORRELATION_ID).value()).isEqualTo(everyByte);
    }

    @Test
    void onlyAnAddressOfReasonableSizeIsKept() {
        RecordHeaders headers = new RecordHeaders();
        headers.add(Headers.CORRELATION_ID, new byte[ReplyAddress.HEADER_BYTES_MAX]);
        headers.add(Headers.REPLY_TOPIC, Headers.text("replies"));
        headers.add(Headers.REPLY_PARTITION, null);
        assertThat(Objects.requireNonNull(ReplyAddress.of(headers)).toHeaders()).hasSize(2);

        headers.add(Headers.CORRELATION_ID, new byte[ReplyAddress.HEADER_BYTES_MAX + 1]);

        assertThat(ReplyAddress.of(headers)).isNull();
    }

    /** The bytes as the first version wrote them. */
    @Test
    void stateOfTheFirstVersionReadsAsItIs() {
        byte[] account = HexFormat.of()
                .parseHex("01" + "05" + "01" + "00" + "00" + "01" + "0447" + "4f4c44" + "0164" + "000000");
        assertThat(StateCodec.account("alice", account))
                .isEqualTo(new Account(
                        "alice",
                        5,
                        true,
                        AccountStatus.OPEN,
                        AccountLimits.DEFAULT,
                        List.of(Holding.empty("GOLD").with(Bucket.AVAILABLE, BigInteger.valueOf(100))),
                        Map.of()));
        byte[] notOpened = HexFormat.of().parseHex("01" + "00" + "00" + "00" + "00" + "00");
        assertThat(StateCodec.account("bob", notOpened)).isEqualTo(Account.fresh("bob"));

        String decided = "01" + "0000000000000001" + "fffffffffffffffe" + "03" + "04" + "8001" + "06" + "0141";
        RememberedCommand accepted =
                new RememberedCommand("c", new Fingerprint(1, -2), 3, 4, new Memory(128, 6), "A", false, null);
        assertThat(StateCodec.command("c", HexFormat.of().parseHex(decided + "00")))
                .isEqualTo(accepted);
        assertThat(StateCodec.command(
                        "c",
                        HexFormat.of().parseHex(decided + "01" + text("ASSET_NOT_DEFINED") + "0161" + "0162" + "0163")))
                .isEqualTo(new RememberedCommand(
                        "c",
                        new Fingerprint(1, -2),
                        3,
                        4,
                        new Memory(128, 6),
                        "A",
                        false,
                        new Rejected(Rejection.ASSET_NOT_DEFINED, "a", "b", "c")));

        assertThat(ReplyAddresses.decode("c", HexFormat.of().parseHex("01" + "01" + "0161" + "0162")))
                .isEqualTo(ReplyAddresses.of(new ReplyAddress(Map.of("a", "b"))));
    }

    private static String text(String value) {
        return HexFormat.of().toHexDigits((byte) value.length())
                + HexFormat.of().formatHex(value.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void anotherFormatIsRefused() {
        byte[] bytes = StateCodec.encode(new Channel(1, 2, 3));
        for (byte version : new byte[] {0, 3, -1}) {
            bytes[0] = version;
            assertThatThrownBy(() -> StateCodec.channel(1, bytes)).isInstanceOf(InvariantViolation.class);
        }
    }

    @Test
    void keysOfDifferentKindsDoNotMeet() {
        List<byte[]> keys = List.of(
                StateKeys.account("1"),
                StateKeys.command("1"),
                StateKeys.receipt("1"),
                StateKeys.hold("1"),
                StateKeys.transaction("1"),
                StateKeys.deferral("1"),
                StateKeys.replyTo("1"),
                StateKeys.asset("1"),
                StateKeys.channel(1),
                StateKeys.channel(256),
                StateKeys.due(new Due(0, Due.Kind.HOLD_EXPIRY, "1")),
                StateKeys.HEADER);
        assertThat(keys.stream().map(HexFormat.of()::formatHex)).doesNotHaveDuplicates();
        assertThat(keys.stream().map(key -> key[0]).distinct()).hasSize(keys.size() - 1);
    }

    @Test
    void keysOfWhatFallsDueTellWhatItIs() {
        for (Due.Kind kind : Due.Kind.values()) {
            for (long atMillis : new long[] {0, 1, 255, 256, Long.MAX_VALUE}) {
                Due due = new Due(atMillis, kind, WIDE);
                assertThat(StateKeys.due(StateKeys.due(due))).isEqualTo(due);
            }
        }
    }

    private static void account(Account account) {
        assertThat(StateCodec.account(account.id(), StateCodec.encode(account))).isEqualTo(account);
    }

    private static void transaction(PendingTransaction transaction) {
        assertThat(StateCodec.transaction(transaction.key(), StateCodec.encode(transaction)))
                .isEqualTo(transaction);
    }

    private static void asset(Asset asset) {
        assertThat(StateCodec.asset(StateCodec.encode(asset))).isEqualTo(asset);
    }

    private static void command(RememberedCommand command) {
        byte[] bytes = StateCodec.encode(command);
        assertThat(StateCodec.command(command.id(), bytes)).isEqualTo(command);
        assertThat(MemorySweep.memory(StateKeys.command(command.id()), bytes)).isEqualTo(command.memory());
    }
}
