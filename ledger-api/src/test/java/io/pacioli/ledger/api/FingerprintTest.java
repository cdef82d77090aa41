package io.pacioli.ledger.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Fingerprint;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FingerprintTest {
    private static Fingerprint fingerprint(String json) {
        return CommandCodec.fingerprint(CommandCodec.decode(json.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void doesNotDependOnTheOrderOfMembersNorOnSpace() {
        List<String> members = new ArrayList<>(List.of(
                "\"type\":\"Transfer\"",
                "\"id\" : \"t-1\"",
                "\"asset\":\"GOLD\"",
                "\"from\":\t\"alice\"",
                "\"to\":\"bob\"",
                "\"amount\":5",
                "\"memo\":\"\\u0068i\"",
                "\"metadata\":{\"b\":\"2\",\"a\":\"1\"}",
                "\"unknown\":true"));
        Fingerprint expected = CommandCodec.fingerprint(
                new Command.Transfer("t-1", "GOLD", "alice", "bob", Amount.of(5), "hi", Map.of("a", "1", "b", "2")));
        Random random = new Random(7);
        for (int i = 0; i < 100; i++) {
            Collections.shuffle(members, random);
            assertThat(fingerprint("{\n" + String.join(" ,\r\n", members) + "}"))
                    .isEqualTo(expected);
        }
    }

    @Test
    void differsForEveryFieldThatDiffers() {
        List<Command> commands = List.of(
                transfer("t-1", "GOLD", "alice", "bob", 5, "", Map.of()),
                transfer("t-2", "GOLD", "alice", "bob", 5, "", Map.of()),
                transfer("t-1", "SILVER", "alice", "bob", 5, "", Map.of()),
                transfer("t-1", "GOLD", "bob", "alice", 5, "", Map.of()),
                transfer("t-1", "GOLD", "alice", "carol", 5, "", Map.of()),
                transfer("t-1", "GOLD", "alice", "bob", 6, "", Map.of()),
                transfer("t-1", "GOLD", "alice", "bob", 5, "memo", Map.of()),
                transfer("t-1", "GOLD", "alice", "bob", 5, "", Map.of("a", "")),
                transfer("t-1", "GOLD", "alice", "bob", 5, "", Map.of("a", "1")),
                transfer("t-1", "GOLD", "alice", "bob", 5, "", Map.of("b", "1")),
                new Command.Mint("t-1", "GOLD", "alice", Amount.of(5), Map.of()),
                new Command.Mint("t-1", "GOLD", "bob", Amount.of(5), Map.of()),
                new Command.Burn("t-1", "GOLD", "alice", Amount.of(5), Map.of()),
                open("a", Map.of(), Map.of()),
                open("b", Map.of(), Map.of()),
                open("a", Map.of("GOLD", BigInteger.ZERO), Map.of()),
                open("a", Map.of("GOLD", BigInteger.ONE.negate()), Map.of()),
                open("a", Map.of(), Map.of("GOLD", Amount.ZERO)),
                define("GOLD", "Gold", 2, null, 0, null),
                define("GOLD2", "Gold", 2, null, 0, null),
                define("GOLD", "Old", 2, null, 0, null),
                define("GOLD", "Gold", 3, null, 0, null),
                define("GOLD", "Gold", 2, Amount.ZERO, 0, null),
                define("GOLD", "Gold", 2, Amount.of(7), 0, null),
                define("GOLD", "Gold", 2, null, 7, null),
                define("GOLD", "Gold", 2, null, 7, "alice"),
                define("GOLD", "Gold", 2, null, 7, "bob"));
        assertThat(commands.stream().map(CommandCodec::fingerprint)).doesNotHaveDuplicates();
    }

    private static Command transfer(
            String id, String asset, String from, String to, long amount, String memo, Map<String, String> metadata) {
        return new Command.Transfer(id, asset, from, to, Amount.of(amount), memo, metadata);
    }

    private static Command open(String account, Map<String, BigInteger> lowest, Map<String, Amount> highest) {
        return new Command.OpenAccount("t-1", account, new AccountLimits(lowest, highest), Map.of());
    }

    private static Command define(
            String code,
            String name,
            int decimals,
            @Nullable Amount maxSupply,
            long initialSupply,
            @Nullable String holder) {
        return new Command.DefineAsset(
                "t-1", Samples.asset(code, name, decimals, maxSupply), Amount.of(initialSupply), holder, Map.of());
    }
}
