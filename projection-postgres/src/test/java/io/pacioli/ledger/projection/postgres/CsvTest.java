package io.pacioli.ledger.projection.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;

class CsvTest {
    @Test
    void linesEndAsTheStandardSaysAndTextsAreQuotedWhereTheyMust() {
        Csv csv = new Csv()
                .header(List.of("a", "b"))
                .text("x, y")
                .text("say \"hi\"")
                .end()
                .text("two\r\nlines")
                .text(null)
                .end();
        assertThat(csv.toString()).isEqualTo("a,b\r\n\"x, y\",\"say \"\"hi\"\"\"\r\n\"two\r\nlines\",\r\n");
    }

    @Test
    void whatASpreadsheetWouldTakeForAFormulaIsText() {
        for (String formula :
                List.of("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", " @x", "＝1+1", "＋1", "－1", " ＠x")) {
            assertThat(new Csv().text(formula).toString().replace("\"", "")).isEqualTo("'" + formula);
        }
        for (String harmless : List.of("a=1", "1-2", "{k:1}", "", "'")) {
            assertThat(new Csv().text(harmless).toString()).isEqualTo(harmless);
        }
        assertThat(new Csv().text("=cmd|' /C calc'!A0, \"x\"").toString())
                .isEqualTo("\"'=cmd|' /C calc'!A0, \"\"x\"\"\"");
    }

    @Test
    void numbersAreExactAndNoTexts() {
        BigInteger big = new BigInteger("-12345678901234567890123456789012345678");
        Csv csv = new Csv()
                .number(big)
                .decimal(big, 18)
                .decimal(BigInteger.valueOf(-5), 2)
                .decimal(BigInteger.valueOf(1_250), 0)
                .decimal(null, 2)
                .decimal(BigInteger.ONE, null)
                .number(7);
        assertThat(csv.toString())
                .isEqualTo("-12345678901234567890123456789012345678,-12345678901234567890.123456789012345678,"
                        + "-0.05,1250,,,7");
    }
}
