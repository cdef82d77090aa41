package io.pacioli.ledger.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.core.Account;
import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Channel;
import io.pacioli.ledger.core.Fingerprint;
import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.core.InvariantViolation;
import io.pacioli.ledger.core.Rejected;
import io.pacioli.ledger.core.Rejection;
import io.pacioli.ledger.core.RememberedCommand;
import io.pacioli.ledger.core.ShardConfiguration;
import io.pacioli.ledger.core.ShardHeader;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StateCodecTest {
    private static final BigInteger MAX = Amount.MAX;
    private static final String WIDE = "\u5e33\ud83e\ude99\u00e9";

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 127, 128, 16_383, 16_384, Integer.MAX_VALUE, 1L << 56, Long.MAX_VALUE})
    void headers(long number) {
        ShardHeader header =
                new ShardHeader(7, number, number, new ShardConfiguration(1_000, Math.max(1, number), Long.MAX_VALUE));
        Hash head = Hash.of(new byte[] {(byte) number});

        Progress progress = new Progress(number, Long.MAX_VALUE - number);

        byte[] bytes = StateCodec.encode(header, head, progress);

        assertThat(StateCodec.header(7, bytes)).isEqualTo(header);
        assertThat(StateCodec.chainHead(bytes)).isEqualTo(head);
        assertThat(StateCodec.progress(bytes)).isEqualTo(progress);
    }

    @Test
    void accounts() {
        account(Account.fresh("alice"));
        account(new Account("alice", Long.MAX_VALUE, true, AccountLimits.DEFAULT, List.of()));
        account(new Account(
                WIDE,
                1,
                false,
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
                                BigInteger.valueOf(-256)))));
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
        account(new Account("a".repeat(128), 5, true, new AccountLimits(lowest, Map.of()), holdings));
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
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                "TransferPosted",
                null));
        command(new RememberedCommand("c", new Fingerprint(0, Long.MAX_VALUE), 1, 0, 5, 6, "", null));
    }

    @ParameterizedTest
    @EnumSource(Rejection.class)
    void rejectedCommands(Rejection code) {
        Rejected rejected = new Rejected(code, "amount", MAX.negate().toString(), WIDE);
        command(new RememberedCommand("c", new Fingerprint(1, 2), 3, 4, 5, 6, "CommandRejected", rejected));
    }

    @Test
    void anotherFormatIsRefused() {
        byte[] bytes = StateCodec.encode(new Channel(1, 2, 3));
        bytes[0] = 2;

        assertThatThrownBy(() -> StateCodec.channel(1, bytes)).isInstanceOf(InvariantViolation.class);
    }

    @Test
    void keysOfDifferentKindsDoNotMeet() {
        assertThat(StateKeys.account("c")).isNotEqualTo(StateKeys.command("c")).isNotEqualTo(StateKeys.asset("c"));
        assertThat(StateKeys.commandId(StateKeys.command(WIDE))).isEqualTo(WIDE);
        assertThat(StateKeys.channel(1)).isNotEqualTo(StateKeys.channel(256));
    }

    private static void account(Account account) {
        assertThat(StateCodec.account(account.id(), StateCodec.encode(account))).isEqualTo(account);
    }

    private static void asset(Asset asset) {
        assertThat(StateCodec.asset(StateCodec.encode(asset))).isEqualTo(asset);
    }

    private static void command(RememberedCommand command) {
        assertThat(StateCodec.command(command.id(), StateCodec.encode(command))).isEqualTo(command);
    }
}
