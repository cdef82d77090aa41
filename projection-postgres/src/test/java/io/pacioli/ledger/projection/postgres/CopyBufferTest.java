package io.pacioli.ledger.projection.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The bytes of rows, against the layout in PostgreSQL's manual. */
class CopyBufferTest {
    private static final int HEADER = 11 + 4 + 4;

    private static String hex(CopyBuffer rows) {
        return HexFormat.of().formatHex(rows.bytes()).substring(2 * HEADER);
    }

    private static String text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().toHexDigits(utf8.length) + HexFormat.of().formatHex(utf8);
    }

    @Test
    void beginsWithTheSignature() {
        assertThat(HexFormat.of().formatHex(new CopyBuffer().bytes()))
                .isEqualTo("5047434f50590aff0d0a00" + "00000000" + "00000000");
    }

    @Test
    void textNeedsNoEscaping() {
        for (String odd :
                new String[] {"", "\t", "\\", "\\N", "\\.", "\"'", "a\nb\r", "ünï", "🦊🧾", "x".repeat(300)}) {
            assertThat(hex(new CopyBuffer().row(1).text(odd))).isEqualTo("0001" + text(odd));
        }
    }

    @Test
    void nullIsNotAnEmptyText() {
        assertThat(hex(new CopyBuffer().row(2).text(null).text(""))).isEqualTo("0002" + "ffffffff" + "00000000");
    }

    @Test
    void numbersAreGroupsOfFourDigits() {
        assertThat(numeric("0")).isEqualTo("00000008" + "0000" + "0000" + "0000" + "0000");
        assertThat(numeric("-7")).isEqualTo("0000000a" + "0001" + "0000" + "4000" + "0000" + "0007");
        assertThat(numeric("12345678")).isEqualTo("0000000c" + "0002" + "0001" + "0000" + "0000" + "04d2" + "162e");
        assertThat(numeric("-9223372036854775808"))
                .isEqualTo("00000012" + "0005" + "0004" + "4000" + "0000" + "039a" + "0d2c" + "0170" + "1565" + "16b0");
        assertThat(numeric("9".repeat(38)))
                .isEqualTo("0000001c" + "000a" + "0009" + "0000" + "0000" + "0063" + "270f".repeat(9));
        assertThat(numeric("9".repeat(64)))
                .as("a balance that a return has brought above 38 digits")
                .isEqualTo("00000028" + "0010" + "000f" + "0000" + "0000" + "270f".repeat(16));
    }

    private static String numeric(String digits) {
        return hex(new CopyBuffer().row(1).numeric(new BigInteger(digits))).substring(4);
    }

    @Test
    void timeIsCountedFromTheYear2000() {
        assertThat(hex(new CopyBuffer().row(1).timestamp(946_684_800_001L)))
                .isEqualTo("0001" + "00000008" + "00000000000003e8");
        assertThat(hex(new CopyBuffer().row(1).timestamp(946_684_799_999L)))
                .isEqualTo("0001" + "00000008" + "fffffffffffffc18");
    }

    @Test
    void binaryJsonHasAVersion() {
        byte[] around = "ab{}cd".getBytes(StandardCharsets.US_ASCII);
        assertThat(hex(new CopyBuffer().row(1).jsonb(around, 2, 2))).isEqualTo("0001" + "00000003" + "01" + "7b7d");
    }

    @Test
    void growsAndCountsItsRows() {
        CopyBuffer rows = new CopyBuffer();
        for (int i = 0; i < 10_000; i++) {
            rows.row(2).bigint(i).bytea(new byte[100]);
        }
        assertThat(rows.rows()).isEqualTo(10_000);
        assertThat(rows.bytes()).hasSize(HEADER + 10_000 * (2 + 12 + 104));
    }
}
