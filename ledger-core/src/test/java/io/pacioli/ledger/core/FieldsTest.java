package io.pacioli.ledger.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shape of ids and texts. Odd characters are written as escapes, so that the source stays plain. */
class FieldsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "alice",
                "till-7{acme}",
                "~!#$%&'()*+,-./:;<=>?[]^_`{|}\\\"",
                "\u00e9t\u00e9", // composed
                "\u5e33\u7c3f", // Han
                "\ud83e\ude99", // a coin, outside the basic plane
                "\u0e01\u0e33", // Thai, whose vowel stays as it is in form C
            })
    void takesPrintableIds(String id) {
        assertThat(Fields.account("account", id)).isEqualTo(id);
        assertThat(Fields.id("id", id)).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a b",
                "a\tb",
                "a\nb",
                "a\u0000b",
                "a\u007fb",
                "a\u0085b", // next line, a control of Latin-1
                "a\u00a0b", // no-break space
                "a\u00adb", // soft hyphen, invisible
                "a\u200bb", // zero-width space
                "a\u200db", // zero-width joiner
                "a\u202eb", // right-to-left override
                "a\u2028b", // line separator
                "a\u3000b", // ideographic space
                "a\ufeffb", // byte order mark
                "a\ue000b", // private use
                "a\uffffb", // no character
                "a\ud83e", // high surrogate at the end
                "\ude99a", // low surrogate at the start
                "\ude99\ud83e", // surrogates in the wrong order
                "e\u0301", // not composed
                "\u212b", // Angstrom sign, whose form C is another character
            })
    void takesNoOtherIds(String id) {
        assertThatThrownBy(() -> Fields.account("from", id))
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.field()).isEqualTo("from"))
                .hasMessageStartingWith("from must be 1 to 128 printable characters");
        assertThatThrownBy(() -> Fields.id("id", id)).isInstanceOf(MalformedException.class);
    }

    @Test
    void takesIdsOf128CharactersAndNotOneMore() {
        assertThat(Fields.account("account", "a".repeat(128))).hasSize(128);
        assertThat(Fields.account("account", "\ud83e\ude99".repeat(64))).hasSize(128);
        malformed(() -> Fields.account("account", "a".repeat(129)));
        malformed(() -> Fields.account("account", "\u00e9".repeat(129)));
        malformed(() -> Fields.account("account", "\ud83e\ude99".repeat(64) + "a"));
        malformed(() -> Fields.id("id", "a".repeat(129)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"G", "GOLD", "A-1._X", "ABCDEFGHIJKLMNOP"})
    void takesAssetCodes(String code) {
        assertThat(Fields.asset("asset", code)).isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gold", "1GOLD", "-GOLD", "GO LD", "GOLD/1", "@GOLD", "G\u00d6LD", "ABCDEFGHIJKLMNOPQ"})
    void takesNoOtherAssetCodes(String code) {
        assertThatThrownBy(() -> Fields.asset("asset", code))
                .isInstanceOf(MalformedException.class)
                .hasMessageStartingWith("asset must be 1 to 16 of A-Z 0-9 . _ -");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "for rent", "e\u0301", "\ud83e\ude99 coin", "\u200d", "a\u00a0b"})
    void takesTextForPeople(String text) {
        assertThat(Fields.text("memo", text, 256)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\nb",
                "a\tb",
                "\u0000",
                "\u007f",
                "\u0085",
                "\ud83e",
                "\ude99",
                "\ud83e\ude99\ude99",
                "\ud83e\ud83e\ude99"
            })
    void takesNoControlCharactersOrLoneSurrogatesInText(String text) {
        malformed(() -> Fields.text("memo", text, 256));
    }

    @Test
    void takesTextUpToItsLength() {
        assertThat(Fields.text("memo", "m".repeat(256), 256)).hasSize(256);
        malformed(() -> Fields.text("memo", "m".repeat(257), 256));
        malformed(() -> new Asset("GOLD", "n".repeat(65), "", "", 0, null));
        malformed(() -> new Asset("GOLD", "Gold", "s".repeat(17), "", 0, null));
        malformed(() -> new Asset("GOLD", "Gold", "", "e".repeat(17), 0, null));
        malformed(() ->
                new Command.Transfer("t", "GOLD", "a", "b", Amount.ZERO, "m".repeat(257), Conditions.NONE, Map.of()));
    }

    @Test
    void takesDecimalsFrom0To18() {
        assertThat(new Asset("GOLD", "Gold", "", "", 18, null).decimals()).isEqualTo(18);
        malformed(() -> new Asset("GOLD", "Gold", "", "", 19, null));
        malformed(() -> new Asset("GOLD", "Gold", "", "", -1, null));
    }

    @Test
    void takesMetadataWithinItsBounds() {
        Map<String, String> most = new HashMap<>();
        for (int i = 0; i < 16; i++) {
            most.put("k".repeat(62) + (10 + i), "v".repeat(256));
        }
        assertThat(Fields.metadata(most)).isEqualTo(most);
        most.put("one more", "");
        malformed(() -> Fields.metadata(most));
        malformed(() -> Fields.metadata(Map.of("", "v")));
        malformed(() -> Fields.metadata(Map.of("k".repeat(65), "v")));
        malformed(() -> Fields.metadata(Map.of("k", "v".repeat(257))));
        malformed(() -> Fields.metadata(Map.of("k", "\n")));
        malformed(() -> Fields.metadata(Map.of("k\n", "v")));
    }

    @Test
    void keepsMetadataInOneOrderAndOutOfReach() {
        Map<String, String> given = new HashMap<>(Map.of("b", "2", "a", "1", "c", "3"));
        Map<String, String> kept = Fields.metadata(given);
        given.clear();
        assertThat(kept.keySet()).containsExactly("a", "b", "c");
        assertThatThrownBy(() -> kept.put("d", "4")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void takesAccountLimitsWithinTheirBounds() {
        Map<String, BigInteger> lowest = new HashMap<>();
        for (int i = 0; i < 64; i++) {
            lowest.put("A" + i, BigInteger.ZERO);
        }
        assertThat(new AccountLimits(lowest, Map.of()).lowest()).hasSize(64);
        lowest.put("A64", BigInteger.ZERO);
        malformed(() -> new AccountLimits(lowest, Map.of()));
        malformed(() -> new AccountLimits(Map.of("gold", BigInteger.ZERO), Map.of()));
        malformed(() -> new AccountLimits(Map.of(), Map.of("gold", Amount.ZERO)));
        BigInteger tooLow = Amount.MAX.negate().subtract(BigInteger.ONE);
        malformed(() -> new AccountLimits(Map.of("GOLD", tooLow), Map.of()));
        assertThat(new AccountLimits(Map.of("GOLD", Amount.MAX.negate()), Map.of()).lowest("EUR"))
                .isZero();
    }

    @Test
    void namesTheFieldTheRuleAndTheStartOfTheValue() {
        assertThatThrownBy(() -> Fields.id("id", "x".repeat(500)))
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.value()).isEqualTo("x".repeat(80) + "\u2026"));
    }

    @Test
    void theShownValueIsWholeCharacters() {
        assertThatThrownBy(() -> Fields.id("id", "x".repeat(79) + "\ud83e\ude99".repeat(40)))
                .isInstanceOfSatisfying(
                        MalformedException.class,
                        e -> assertThat(e.value().codePoints()).noneMatch(c -> c >= 0xD800 && c <= 0xDFFF));
    }

    @Test
    void commandsCheckTheirFields() {
        malformed(() -> new Command.OpenAccount("", "alice", AccountLimits.DEFAULT, Map.of()));
        malformed(() -> new Command.OpenAccount("o", "a b", AccountLimits.DEFAULT, Map.of()));
        malformed(() -> new Command.Mint("m", "gold", "alice", Amount.ZERO, Map.of()));
        malformed(() -> new Command.Mint("m", "GOLD", "", Amount.ZERO, Map.of()));
        malformed(() -> new Command.Burn("b", "GOLD", "", Amount.ZERO, Map.of()));
        malformed(() -> new Command.Transfer("t", "GOLD", "a", "b\u0000", Amount.ZERO, "", Conditions.NONE, Map.of()));
        Asset gold = new Asset("GOLD", "Gold", "", "", 0, null);
        malformed(() -> new Command.DefineAsset("d", gold, Amount.ZERO, "a b", Map.of()));
    }

    private static void malformed(Runnable construction) {
        assertThatThrownBy(construction::run).isInstanceOf(MalformedException.class);
    }
}
