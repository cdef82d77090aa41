package io.pacioli.ledger.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Conditions;
import io.pacioli.ledger.core.Fingerprint;
import io.pacioli.ledger.core.Leg;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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

    /** For every type two commands, and for conditions and legs two, that differ in everything but the type. */
    private static List<List<Record>> pairs() {
        Leg leg = new Leg("EUR", "carol", "dave", Amount.of(7));
        Conditions conditions = new Conditions(0L, 1L, Amount.of(2));
        Map<String, String> metadata = Map.of("k", "v");
        Amount two = Amount.of(2);
        return List.of(
                List.of(
                        new Command.DefineAsset("d-1", Samples.GOLD, Amount.of(1), "alice", Map.of()),
                        new Command.DefineAsset("d-2", Samples.asset("X", "X", 1, null), two, "b", metadata)),
                List.of(
                        new Command.OpenAccount("o-1", "alice", AccountLimits.DEFAULT, Map.of()),
                        new Command.OpenAccount("o-2", "b", new AccountLimits(Map.of(), Map.of("X", two)), metadata)),
                List.of(
                        new Command.Mint("m-1", "GOLD", "alice", Amount.of(1), Map.of()),
                        new Command.Mint("m-2", "X", "b", two, metadata)),
                List.of(
                        new Command.Burn("b-1", "GOLD", "alice", Amount.of(1), Map.of()),
                        new Command.Burn("b-2", "X", "b", two, metadata)),
                List.of(
                        new Command.Transfer("t-1", "GOLD", "alice", "bob", Amount.of(1), "", Map.of()),
                        new Command.Transfer("t-2", "X", "b", "c", two, "memo", conditions, metadata)),
                List.of(
                        new Command.FreezeAccount("f-1", "alice", "", Map.of()),
                        new Command.FreezeAccount("f-2", "b", "why", metadata)),
                List.of(
                        new Command.UnfreezeAccount("u-1", "alice", "", Map.of()),
                        new Command.UnfreezeAccount("u-2", "b", "why", metadata)),
                List.of(
                        new Command.CloseAccount("c-1", "alice", "", Map.of()),
                        new Command.CloseAccount("c-2", "b", "why", metadata)),
                List.of(
                        new Command.PlaceHold("h-1", "GOLD", "alice", null, Amount.of(1), null, "", Map.of()),
                        new Command.PlaceHold("h-2", "X", "b", "c", two, 0L, "memo", metadata)),
                List.of(
                        new Command.CaptureHold("k-1", "h-1", "alice", null, null, Map.of()),
                        new Command.CaptureHold("k-2", "h-2", "b", Amount.ZERO, "c", metadata)),
                List.of(
                        new Command.VoidHold("v-1", "h-1", "alice", Map.of()),
                        new Command.VoidHold("v-2", "h-2", "b", metadata)),
                List.of(
                        new Command.Transact("x-1", List.of(leg), null, "", Map.of()),
                        new Command.Transact("x-2", List.of(leg, leg), 0L, "memo", metadata)),
                List.of(
                        new Command.ReverseTransfer("r-1", "t-1", "alice", null, Map.of()),
                        new Command.ReverseTransfer("r-2", "t-2", "b", Amount.ZERO, metadata)),
                List.of(Conditions.NONE, conditions),
                List.of(conditions, new Conditions(1L, 2L, Amount.of(3))),
                List.of(leg, new Leg("GOLD", "alice", "bob", Amount.of(8))));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void differsForEveryComponentOfEveryType(List<Record> pair) throws ReflectiveOperationException {
        Record one = pair.getFirst();
        Record other = pair.getLast();
        RecordComponent[] components = one.getClass().getRecordComponents();
        Class<?>[] types = Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Constructor<? extends Record> constructor = one.getClass().getDeclaredConstructor(types);
        Set<Fingerprint> fingerprints = new HashSet<>();
        fingerprints.add(CommandCodec.fingerprint(in(one)));
        for (int changed = 0; changed < components.length; changed++) {
            @Nullable Object[] values = new Object[components.length];
            for (int i = 0; i < components.length; i++) {
                values[i] = components[i].getAccessor().invoke(i == changed ? other : one);
            }
            assertThat(fingerprints.add(CommandCodec.fingerprint(in(constructor.newInstance(values)))))
                    .as(components[changed].getName())
                    .isTrue();
        }
    }

    /** The command that it is, or one that it is part of. */
    private static Command in(Record part) {
        return switch (part) {
            case Command command -> command;
            case Conditions conditions ->
                new Command.Transfer("t-1", "GOLD", "alice", "bob", Amount.of(5), "", conditions, Map.of());
            case Leg leg -> new Command.Transact("x-1", List.of(Samples.LEG, leg), null, "", Map.of());
            default -> throw new AssertionError(part);
        };
    }

    @Test
    void hasAPairOfEveryType() {
        Stream<Class<?>> types = pairs().stream().map(pair -> pair.getFirst().getClass());
        assertThat(types).contains(Command.class.getPermittedSubclasses());
    }

    @Test
    void differsForCommandsThatLookAlike() {
        assertThat(Stream.of(
                                new Command.FreezeAccount("i", "alice", "", Map.of()),
                                new Command.UnfreezeAccount("i", "alice", "", Map.of()),
                                new Command.CloseAccount("i", "alice", "", Map.of()),
                                new Command.VoidHold("i", "h", "alice", Map.of()),
                                new Command.CaptureHold("i", "h", "alice", null, null, Map.of()),
                                new Command.ReverseTransfer("i", "h", "alice", null, Map.of()))
                        .map(CommandCodec::fingerprint))
                .doesNotHaveDuplicates();
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
