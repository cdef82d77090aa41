package io.pacioli.ledger.testkit.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** What decoders stumble over, as JSON and as plain text. */
public final class Tokens {
    private static final int DEEP = 20_000;
    private static final int MEGABYTE = 1 << 20;
    private static final int DIGITS_MANY = 5_000;
    private static final int RARE = 4_000;

    /** Text without quotes: of a path, a parameter, a header. */
    static final List<String> TEXTS = List.of(
            "",
            " ",
            "\t",
            "0",
            "-0",
            "-1",
            "1e9",
            "1E400",
            "1.0",
            "0x10",
            "+1",
            "01",
            "\u0661\u0662", // digits, though not those of ASCII
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775809",
            "2147483648",
            "99999999999999999999999999999999999999",
            "100000000000000000000000000000000000000",
            "NaN",
            "Infinity",
            "null",
            "true",
            "alice",
            "al\u0131ce",
            "\u0430lice", // a Cyrillic letter that looks alike
            "\uFF41lice",
            "e\u0301te\u0301", // not in normal form C
            "alice\u200B",
            "\u202Eecila",
            "\uFEFFalice",
            "\uD83E\uDE99",
            "@GOLD",
            "@clearing/0/GOLD",
            "{}",
            "{a}{b}",
            "GOLD",
            "gold",
            "G\u00D6LD",
            "A".repeat(17),
            "x".repeat(128),
            "x".repeat(129),
            "x".repeat(1025),
            "../../etc/passwd",
            "a/b",
            "%00",
            "%",
            "'; DROP TABLE entries; --",
            "1970-01-01T00:00:00.000Z",
            "9999-12-31T23:59:59.999Z",
            "+999999999-12-31T23:59:59.999Z",
            "2026-02-30",
            "2026-11-23T24:00:00.000Z",
            "2026-11-23T10:15:30.123+25:00",
            "0:0",
            "0:1",
            "1000:1",
            "0:999999999999999999",
            "0:-1",
            "0:1,0:1",
            "due@1",
            "ledger.commands-0@1",
            "PT-1S",
            "PT1M30S",
            "999999999999d",
            "1s");

    private static final List<String> VALUES = Stream.concat(
                    Stream.of(
                            "null",
                            "true",
                            "false",
                            "{}",
                            "[]",
                            "[[]]",
                            "[null]",
                            "[{}]",
                            "{\"\":\"\"}",
                            "{\"a\":{\"a\":{\"a\":\"a\"}}}",
                            "{\"a\":\"1\",\"a\":\"2\"}",
                            "0",
                            "-0",
                            "-0.0",
                            "-1",
                            "1",
                            "1.5",
                            "1e9",
                            "1E400",
                            "1e-400",
                            "1e2147483648",
                            "0.1e1",
                            "00",
                            "01",
                            "+1",
                            ".5",
                            "5.",
                            "0x10",
                            "NaN",
                            "-Infinity",
                            "2147483647",
                            "2147483648",
                            "9223372036854775807",
                            "9223372036854775808",
                            "-9223372036854775808",
                            "-9223372036854775809",
                            "9".repeat(38),
                            "9".repeat(39),
                            "-" + "9".repeat(38),
                            "1" + "0".repeat(63),
                            "1" + "0".repeat(64),
                            "\"\\ud83e\"",
                            "\"\\ude99\"",
                            "\"\\ude99\\ud83e\"",
                            "\"\\ud83e\\ude99\"",
                            "\"\\u0000\"",
                            "\"\\u001f\"",
                            "\"\\u0085\"",
                            "\"\\u2028\"",
                            "\"\\n\"",
                            "\"\\/\"",
                            "\"\\x\"",
                            "\"\\u12\"",
                            "\"\u0007\"",
                            "\"",
                            "'alice'",
                            "alice",
                            "/* none */ 1",
                            "\"DefineAsset\"",
                            "\"Transact\"",
                            "\"CommandDeferred\"",
                            "\"TransactionAborted\"",
                            "\"transfer\"",
                            "\"available\"",
                            "\"INSUFFICIENT_FUNDS\"",
                            "\"" + "0".repeat(64) + "\""),
                    TEXTS.stream().map(text -> "\"" + text + "\""))
            .map(Tokens::bytes)
            .toList();

    private static final List<String> BYTES = List.of(
            "\u00C0\u0080", // zero, overlong
            "\u00C1\u00BF",
            "\u00E0\u0080\u00AF",
            "\u00ED\u00A0\u0080", // half a surrogate pair
            "\u00F4\u0090\u0080\u0080", // behind the last code point
            "\u00F8\u0088\u0080\u0080\u0080",
            "\u0080",
            "\u00FF",
            "\u00FE\u00FF",
            "\u00EF\u00BB\u00BF",
            "\u0000",
            "\r\n",
            "\"",
            "\\",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":");

    private Tokens() {}

    /** A text for a path, a parameter or a header: any characters. */
    public static String text(SplittableRandom random) {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    /** A value to put anywhere in JSON, with a character for each byte, which need not be JSON itself; now and then an enormous one. */
    static String value(SplittableRandom random) {
        return random.nextInt(RARE) == 0 ? enormous(random) : VALUES.get(random.nextInt(VALUES.size()));
    }

    /** A few bytes that are no text, or too much of it. */
    static String bytes(SplittableRandom random) {
        return BYTES.get(random.nextInt(BYTES.size()));
    }

    private static String enormous(SplittableRandom random) {
        return switch (random.nextInt(8)) {
            case 0 -> "[".repeat(DEEP);
            case 1 -> "{\"a\":".repeat(DEEP) + "1" + "}".repeat(DEEP);
            case 2 -> "[".repeat(DEEP) + "]".repeat(DEEP);
            case 3 -> "9".repeat(DIGITS_MANY);
            case 4 -> "1e" + "9".repeat(DIGITS_MANY);
            case 5 -> "{\"note\":\"" + "m".repeat(MEGABYTE) + "\"}";
            case 6 -> "\"" + "\\u0041".repeat(DIGITS_MANY) + "\"";
            default -> members(random);
        };
    }

    private static String members(SplittableRandom random) {
        StringBuilder object = new StringBuilder("{");
        for (int i = 0; i < DIGITS_MANY; i++) {
            object.append(i == 0 ? "\"" : ",\"").append(random.nextInt()).append("\":\"\"");
        }
        return object.append('}').toString();
    }

    /** UTF-8, with a character for each byte. */
    static String bytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
