package io.pacioli.ledger.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.MalformedException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandCodecTest {
    private static final String TRANSFER =
            "{\"type\":\"Transfer\",\"id\":\"t-1\",\"asset\":\"GOLD\",\"from\":\"alice\",\"to\":\"bob\",\"amount\":\"5\"}";

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Command decode(String json) {
        return CommandCodec.decode(bytes(json));
    }

    private static MalformedException malformed(byte[] bytes) {
        return assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> CommandCodec.decode(bytes))
                .actual();
    }

    private static MalformedException malformed(String json) {
        MalformedException malformed = malformed(bytes(json));
        // Whatever is wrong can be told: its parts are text that can be written.
        assertThat(OutcomeCodec.encode(malformed)).isNotEmpty();
        return malformed;
    }

    /** A transfer with a member replaced by another JSON value. */
    private static String with(String member, String value) {
        return TRANSFER.replaceFirst("\"" + member + "\":\"[^\"]*\"", "\"" + member + "\":" + quoted(value));
    }

    private static String quoted(String replacement) {
        return replacement.replace("\\", "\\\\").replace("$", "\\$");
    }

    @ParameterizedTest
    @MethodSource("io.pacioli.ledger.api.Samples#commands")
    void readsWhatItWrites(Command command) {
        byte[] encoded = CommandCodec.encode(command);
        assertThat(CommandCodec.decode(encoded)).isEqualTo(command);
        assertThat(CommandCodec.encode(CommandCodec.decode(encoded))).isEqualTo(encoded);
        assertThat(encoded.length).isLessThan(CommandCodec.BYTES_MAX);
    }

    @Test
    void takesIntegralNumbersAsAmounts() {
        String digits = Amount.MAX.toString();
        assertThat(decode(with("amount", "5"))).isEqualTo(decode(TRANSFER));
        assertThat(decode(with("amount", digits))).isEqualTo(decode(with("amount", "\"" + digits + "\"")));
        assertThat(decode("{\"type\":\"OpenAccount\",\"id\":\"o\",\"account\":\"a\",\"limits\":{\"GOLD\":-7}}"))
                .isEqualTo(new Command.OpenAccount(
                        "o", "a", new AccountLimits(Map.of("GOLD", BigInteger.valueOf(-7)), Map.of()), Map.of()));
    }

    @Test
    void ignoresUnknownMembersAndTakesNullForMissing() {
        assertThat(decode(
                        TRANSFER.replace("}", ",\"memo\":null,\"metadata\":null,\"color\":{\"a\":[1,{}]},\"x\":1.5}")))
                .isEqualTo(decode(TRANSFER));
    }

    @ParameterizedTest
    @ValueSource(strings = {"type", "id", "asset", "from", "to", "amount"})
    void namesAMemberThatIsMissingNullOrOfAnotherType(String member) {
        String missing =
                TRANSFER.replaceFirst("\"" + member + "\":\"[^\"]*\",?", "").replace(",}", "}");
        assertThat(malformed(missing).getMessage()).isEqualTo(member + " must be given: nothing");
        assertThat(malformed(with(member, "null")).field()).isEqualTo(member);
        for (String other : List.of("true", "false", "{}", "[]", "[\"5\"]", "1.0")) {
            assertThat(malformed(with(member, other)).field()).as(other).isEqualTo(member);
        }
    }

    static Stream<Arguments> wrongTypes() {
        String define =
                "{\"type\":\"DefineAsset\",\"id\":\"d\",\"asset\":\"GOLD\",\"name\":\"Gold\",\"decimals\":2,%s}";
        String open = "{\"type\":\"OpenAccount\",\"id\":\"o\",\"account\":\"a\",%s}";
        return Stream.of(
                Arguments.of(define.replace("\"decimals\":2,", ""), "\"x\":0", "decimals"),
                Arguments.of(define.replace(":2", ":\"2\""), "\"x\":0", "decimals"),
                Arguments.of(define.replace(":2", ":2.0"), "\"x\":0", "decimals"),
                Arguments.of(define.replace(":2", ":-1"), "\"x\":0", "decimals"),
                Arguments.of(define.replace(":2", ":-0"), "\"x\":0", "decimals"),
                Arguments.of(define.replace(":2", ":19"), "\"x\":0", "decimals"),
                Arguments.of(define.replace(":2", ":4294967298"), "\"x\":0", "decimals"),
                Arguments.of(define.replace(":2", ":9223372036854775808"), "\"x\":0", "decimals"),
                Arguments.of(define, "\"symbol\":1", "symbol"),
                Arguments.of(define, "\"emoji\":\"12345678901234567\"", "emoji"),
                Arguments.of(define, "\"maxSupply\":\"-1\"", "maxSupply"),
                Arguments.of(define, "\"initialSupply\":1e3", "initialSupply"),
                Arguments.of(define, "\"initialHolder\":\"\"", "initialHolder"),
                Arguments.of(open, "\"limits\":[]", "limits"),
                Arguments.of(open, "\"limits\":{\"GOLD\":true}", "limits.GOLD"),
                Arguments.of(open, "\"limits\":{\"GOLD\":\"-0\"}", "limits.GOLD"),
                Arguments.of(open, "\"limits\":{\"GOLD\":-0}", "limits.GOLD"),
                Arguments.of(open, "\"limits\":{\"GOLD\":\"+1\"}", "limits.GOLD"),
                Arguments.of(open, "\"limits\":{\"GOLD\":\"-\"}", "limits.GOLD"),
                Arguments.of(open, "\"limits\":{\"gold\":\"1\"}", "limits"),
                Arguments.of(open, "\"maxBalances\":{\"GOLD\":\"-1\"}", "maxBalances.GOLD"),
                Arguments.of(open, "\"metadata\":\"x\"", "metadata"),
                Arguments.of(open, "\"metadata\":{\"a\":1}", "metadata.a"),
                Arguments.of(open, "\"metadata\":{\"a\":null}", "metadata.a"),
                Arguments.of(open, "\"metadata\":{\"\":\"x\"}", "metadata"));
    }

    @ParameterizedTest
    @MethodSource("wrongTypes")
    void namesTheMemberThatIsWrong(String json, String member, String field) {
        assertThat(malformed(String.format(Locale.ROOT, json, member)).field()).isEqualTo(field);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\"",
                "\"-5\"",
                "-5",
                "-0",
                "\"-0\"",
                "\"+5\"",
                "\" 5\"",
                "\"5 \"",
                "\"5.0\"",
                "5.0",
                "5e0",
                "5E+3",
                "\"5e3\"",
                "\"0x5\"",
                "\"\u0665\"",
                "\"1_000\"",
                "\"1,000\"",
                "\"NaN\"",
                "1.5",
                "0.1",
                "1e400",
                "100000000000000000000000000000000000000",
                "\"100000000000000000000000000000000000000\""
            })
    void refusesWhatIsNoAmount(String amount) {
        assertThat(malformed(with("amount", amount)).field()).isEqualTo("amount");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "7",
                "\"x\"",
                "{",
                "}",
                "{]",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{'a':1}",
                "{a:1}",
                "{\"a\":NaN}",
                "{\"a\":Infinity}",
                "{\"a\":+1}",
                "{\"a\":01}",
                "{\"a\":.5}",
                "{\"a\":1.}",
                "{\"a\":tru}",
                "// x\n{}",
                "{/* x */}",
                "{\"a\":\"\t\"}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12\"}",
                "[{}]",
                "\uFEFF{}",
                "{\"a\":1}{\"a\":1}",
                "{\"a\":1} x",
                "{\"a\":1},"
            })
    void refusesWhatIsNotOneJsonObject(String json) {
        assertThat(malformed(json).field()).isEqualTo("record");
    }

    @Test
    void refusesTrailingContentAndDuplicateMembers() {
        assertThat(malformed(TRANSFER + TRANSFER).rule()).isEqualTo("must end after one JSON object");
        assertThat(malformed(TRANSFER.replace("}", ",\"id\":\"t-1\"}")).getMessage())
                .isEqualTo("id must not come twice: id");
        assertThat(malformed(TRANSFER.replace("}", ",\"x\":{\"y\":1,\"y\":1}}")).field())
                .isEqualTo("x.y");
        assertThat(malformed(TRANSFER.replace("}", ",\"\\u0069d\":\"t-2\"}")).field())
                .isEqualTo("id");
    }

    @Test
    void refusesDeepNestingHugeNumbersAndLongNames() {
        for (String deep : List.of("[".repeat(60_000), "{\"a\":".repeat(10_000), "[".repeat(17) + "]".repeat(17))) {
            assertThat(malformed("{\"x\":" + deep).field()).isEqualTo("record");
        }
        assertThat(malformed("{\"x\":" + "9".repeat(60_000) + "}").field()).isEqualTo("record");
        assertThat(malformed("{\"x\":1e" + "9".repeat(60_000) + "}").field()).isEqualTo("record");
        assertThat(malformed("{\"" + "x".repeat(60_000) + "\":1}").field()).isEqualTo("record");
    }

    @Test
    void refusesWhatIsNotUtf8() {
        List<byte[]> notUtf8 = List.of(
                TRANSFER.getBytes(StandardCharsets.UTF_16),
                TRANSFER.getBytes(StandardCharsets.UTF_16LE),
                TRANSFER.getBytes(StandardCharsets.UTF_16BE),
                with("from", "\"\u00FC\"").getBytes(StandardCharsets.ISO_8859_1));
        assertThat(notUtf8)
                .allSatisfy(bytes -> assertThat(malformed(bytes).rule()).isEqualTo("must be JSON in UTF-8"));
    }

    @ParameterizedTest
    @CsvSource({
        "C181, an overlong A",
        "C080, an overlong NUL",
        "E08181, an overlong A in three bytes",
        "EDA080, half a surrogate pair",
        "EDA081EDB080, a surrogate pair in six bytes",
        "F4908080, above the last character",
        "FF, no byte of UTF-8",
        "C3, cut short",
        "80, a byte from the middle"
    })
    void refusesTextThatIsNotUtf8(String hex, String why) {
        byte[] json = bytes(with("to", "\"#\""));
        byte[] damage = HexFormat.of().parseHex(hex);
        int at = new String(json, StandardCharsets.US_ASCII).indexOf('#');
        byte[] damaged = new byte[json.length - 1 + damage.length];
        System.arraycopy(json, 0, damaged, 0, at);
        System.arraycopy(damage, 0, damaged, at, damage.length);
        System.arraycopy(json, at + 1, damaged, at + damage.length, json.length - at - 1);
        assertThat(malformed(damaged).rule()).as(why).isEqualTo("must be JSON in UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\ud83e", "\\ude99", "\\ude99\\ud83e", "a\\ud83eb", "\\ud83e\\ud83e"})
    void refusesHalfASurrogatePairWhereverItStands(String half) {
        assertThat(malformed(with("to", "\"" + half + "\"")).field()).isEqualTo("to");
        assertThat(malformed(TRANSFER.replace("}", ",\"x\":[\"" + half + "\"]}"))
                        .rule())
                .isEqualTo("must be Unicode text");
        malformed(TRANSFER.replace("}", ",\"" + half + "\":1}"));
    }

    @Test
    void takesASurrogatePairThatIsWhole() {
        assertThat(decode(with("to", "\"\\ud83e\\ude99\""))).isEqualTo(decode(with("to", "\"" + Samples.COIN + "\"")));
        assertThat(decode(TRANSFER.replace("}", ",\"metadata\":{\"\\ud83e\\ude99\":\"\"}}"))
                        .metadata())
                .containsOnlyKeys(Samples.COIN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\"",
                "\"a b\"",
                "\"\\u0000\"",
                "\"a\\u0000\"",
                "\"\\u007f\"",
                "\"\\n\"",
                "\"\u00A0\"",
                "\"\u200B\"",
                "\"\u2028\"",
                "\"e\u0301\"",
                "\"\uE000\"",
                "\"\u0378\""
            })
    void refusesWhatIsNoIdentifier(String value) {
        for (String member : List.of("id", "from", "to")) {
            assertThat(malformed(with(member, value)).field()).isEqualTo(member);
        }
    }

    @Test
    void refusesWhatIsTooLong() {
        assertThat(malformed(with("to", "\"" + "a".repeat(129) + "\"")).field()).isEqualTo("to");
        assertThat(malformed(with("id", "\"" + "a".repeat(129) + "\"")).field()).isEqualTo("id");
        assertThat(malformed(with("asset", "\"A2345678901234567\"")).field()).isEqualTo("asset");
        assertThat(malformed(TRANSFER.replace("}", ",\"memo\":\"" + "a".repeat(257) + "\"}"))
                        .field())
                .isEqualTo("memo");
        byte[] padded = Arrays.copyOf(bytes(TRANSFER), CommandCodec.BYTES_MAX);
        Arrays.fill(padded, TRANSFER.length(), padded.length, (byte) ' ');
        assertThat(CommandCodec.decode(padded)).isEqualTo(decode(TRANSFER));
        assertThat(malformed(Arrays.copyOf(padded, padded.length + 1)).getMessage())
                .isEqualTo("record must have at most 65536 bytes: 65537");
    }

    @Test
    void namesTheTypesThereAreWhenATypeIsUnknown() {
        assertThat(malformed(with("type", "\"transfer\"")).getMessage())
                .isEqualTo("type must be one of DefineAsset, OpenAccount, Mint, Burn, Transfer, FreezeAccount,"
                        + " UnfreezeAccount, CloseAccount, PlaceHold, CaptureHold, VoidHold, Transact,"
                        + " ReverseTransfer: transfer");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FreezeAccount | account reason",
                "UnfreezeAccount | account reason",
                "CloseAccount | account reason",
                "PlaceHold | asset from amount",
                "CaptureHold | hold from",
                "VoidHold | hold from",
                "Transact | legs",
                "ReverseTransfer | transfer from"
            })
    void takesACommandWithNothingButWhatItMustHave(String type, String members) {
        String json = minimal(type, members);
        assertThat(decode(json).type()).isEqualTo(type);
        for (String member : members.split(" ", -1)) {
            assertThat(malformed(json.replace("\"" + member + "\":", "\"x\":")).getMessage())
                    .isEqualTo(member + " must be given: nothing");
            for (String other : List.of("null", "true", "{}", "[]", "1.0")) {
                String wrong =
                        json.replaceFirst("\"" + member + "\":(\"[^\"]*\"|\\[.*\\])", "\"" + member + "\":" + other);
                assertThat(malformed(wrong).field()).as(wrong).isEqualTo(member);
            }
        }
    }

    /** A command that has these members only; every value is good for each member but legs. */
    private static String minimal(String type, String members) {
        StringBuilder json = new StringBuilder("{\"type\":\"" + type + "\",\"id\":\"i\"");
        for (String member : members.split(" ", -1)) {
            String value = switch (member) {
                case "legs" -> "[" + leg("\"1\"") + "]";
                case "asset" -> "\"GOLD\"";
                default -> "\"7\"";
            };
            json.append(",\"").append(member).append("\":").append(value);
        }
        return json + "}";
    }

    static Stream<Arguments> wrongMembers() {
        String hold = minimal("PlaceHold", "asset from amount");
        String capture = minimal("CaptureHold", "hold from");
        String reverse = minimal("ReverseTransfer", "transfer from");
        String freeze = minimal("FreezeAccount", "account reason");
        return Stream.of(
                Arguments.of(hold, "\"to\":\"\"", "to"),
                Arguments.of(hold, "\"to\":1", "to"),
                Arguments.of(hold, "\"expiresAt\":1795428930123", "expiresAt"),
                Arguments.of(hold, "\"expiresAt\":\"tomorrow\"", "expiresAt"),
                Arguments.of(hold, "\"memo\":\"" + "m".repeat(257) + "\"", "memo"),
                Arguments.of(capture, "\"amount\":\"-1\"", "amount"),
                Arguments.of(capture, "\"amount\":1.5", "amount"),
                Arguments.of(capture, "\"to\":\"a b\"", "to"),
                Arguments.of(capture.replace("\"hold\":\"7\"", "\"hold\":\"a b\""), "\"x\":0", "hold"),
                Arguments.of(reverse, "\"amount\":[]", "amount"),
                Arguments.of(reverse.replace("\"transfer\":\"7\"", "\"transfer\":\"\""), "\"x\":0", "transfer"),
                Arguments.of(freeze, "\"metadata\":[]", "metadata"),
                Arguments.of(
                        freeze.replace("\"reason\":\"7\"", "\"reason\":\"" + "r".repeat(257) + "\""),
                        "\"x\":0",
                        "reason"),
                Arguments.of(freeze.replace("\"reason\":\"7\"", "\"reason\":\"\\n\""), "\"x\":0", "reason"),
                Arguments.of(TRANSFER, "\"conditions\":[]", "conditions"),
                Arguments.of(TRANSFER, "\"conditions\":\"\"", "conditions"),
                Arguments.of(TRANSFER, "\"conditions\":{\"notBefore\":0}", "conditions.notBefore"),
                Arguments.of(
                        TRANSFER, "\"conditions\":{\"notBefore\":\"1969-12-31T23:59:59Z\"}", "conditions.notBefore"),
                Arguments.of(TRANSFER, "\"conditions\":{\"notAfter\":\"\"}", "conditions.notAfter"),
                Arguments.of(
                        TRANSFER, "\"conditions\":{\"notAfter\":\"10000-01-01T00:00:00Z\"}", "conditions.notAfter"),
                Arguments.of(TRANSFER, "\"conditions\":{\"balanceAtLeast\":\"-1\"}", "conditions.balanceAtLeast"),
                Arguments.of(TRANSFER, "\"conditions\":{\"balanceAtLeast\":{}}", "conditions.balanceAtLeast"));
    }

    @ParameterizedTest
    @MethodSource("wrongMembers")
    void namesTheMemberOfAnyCommandThatIsWrong(String json, String member, String field) {
        String wrong = json.substring(0, json.length() - 1) + "," + member + "}";
        assertThat(malformed(wrong).field()).isEqualTo(field);
    }

    private static String leg(String amount) {
        return "{\"asset\":\"GOLD\",\"from\":\"alice\",\"to\":\"bob\",\"amount\":" + amount + "}";
    }

    private static String transact(String... legs) {
        return "{\"type\":\"Transact\",\"id\":\"x\",\"legs\":[" + String.join(",", legs) + "]}";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"asset\":\"GOLD\" | \"asset\":\"gold\" | asset",
                "\"asset\":\"GOLD\" | \"asset\":null | asset",
                "\"asset\":\"GOLD\", | '' | asset",
                "\"from\":\"alice\" | \"from\":\"\" | from",
                "\"from\":\"alice\" | \"from\":1 | from",
                "\"from\":\"alice\", | '' | from",
                "\"to\":\"bob\" | \"to\":\"b b\" | to",
                "\"to\":\"bob\" | \"to\":{} | to",
                "\"to\":\"bob\", | '' | to",
                "\"amount\":5 | \"amount\":-5 | amount",
                "\"amount\":5 | \"amount\":5.0 | amount",
                "\"amount\":5 | \"amount\":[] | amount",
                ",\"amount\":5 | '' | amount"
            })
    void namesTheLegThatIsWrong(String part, String replacement, String field) {
        String wrong = leg("5").replace(part, replacement);
        assertThat(wrong).isNotEqualTo(leg("5"));
        assertThat(malformed(transact(leg("5"), leg("\"7\""), wrong)).field()).isEqualTo("legs[2]." + field);
    }

    @Test
    void takesOneToAHundredLegs() {
        String[] legs = Stream.generate(() -> leg("1")).limit(101).toArray(String[]::new);
        assertThat(((Command.Transact) decode(transact(Arrays.copyOf(legs, 100)))).legs())
                .hasSize(100);
        assertThat(malformed(transact(legs)).getMessage()).isEqualTo("legs must be 1 to 100: 101");
        assertThat(malformed(transact()).getMessage()).isEqualTo("legs must be 1 to 100: 0");
        for (String noLeg : List.of("null", "7", "\"\"", "[]", "[" + leg("1") + "]")) {
            assertThat(malformed(transact(leg("1"), noLeg)).getMessage())
                    .as(noLeg)
                    .startsWith("legs must hold objects only: ");
        }
        assertThat(malformed(transact(leg("1")).replace("]}", "],\"deadline\":\"soon\"}"))
                        .field())
                .isEqualTo("deadline");
    }

    @Test
    void takesConditionsThatAskForNothingForNone() {
        for (String none : List.of("null", "{}", "{\"notBefore\":null,\"notAfter\":null,\"balanceAtLeast\":null}")) {
            Command command = decode(TRANSFER.replace("}", ",\"conditions\":" + none + "}"));
            assertThat(command).isEqualTo(decode(TRANSFER));
            assertThat(CommandCodec.encode(command)).isEqualTo(bytes(TRANSFER));
        }
    }

    @Test
    void takesTimesWithUpToThreeDecimalsAndWritesThree() {
        String canonical = TRANSFER.replace("}", ",\"conditions\":{\"notBefore\":\"2026-11-23T10:15:30.000Z\"}}");
        for (String decimals : List.of("", ".0", ".00", ".000")) {
            Command command = decode(canonical.replace(".000", decimals));
            assertThat(CommandCodec.encode(command)).as(decimals).isEqualTo(bytes(canonical));
        }
    }

    @Test
    void takesTheIdFromElsewhereWhenTheCommandHasNone() {
        byte[] anonymous = bytes(TRANSFER.replace("\"id\":\"t-1\",", ""));
        assertThat(CommandCodec.decode(anonymous, "t-1")).isEqualTo(decode(TRANSFER));
        assertThat(CommandCodec.decode(bytes(TRANSFER), "t-1")).isEqualTo(decode(TRANSFER));
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> CommandCodec.decode(bytes(TRANSFER), "t-2"))
                .withMessage("id must equal the idempotency key t-2: t-1");
    }
}
