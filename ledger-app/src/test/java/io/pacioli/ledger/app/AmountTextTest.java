package io.pacioli.ledger.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AmountTextTest {
    @ParameterizedTest
    @CsvSource({
        "12.50, 2, 1250",
        "12.5, 2, 1250",
        "12, 2, 1200",
        "0.01, 2, 1",
        "0, 2, 0",
        "7, 0, 7",
        "7.00, 0, 7",
        "'1,234.50', 2, 123450",
        "'1,000,000', 0, 1000000",
        "0.000000000000000001, 18, 1",
        "99999999999999999999999999999999999999, 0, 99999999999999999999999999999999999999",
    })
    void readsWhatPeopleWrite(String text, int decimals, String minorUnits) {
        assertThat(AmountText.parse(text, decimals, "GOLD").toString()).isEqualTo(minorUnits);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-1", "+1", "1.", ".5", "1e3", "1,5", "1,2345", "12,34.5", "1 000", "१२", "NaN", "0x10"})
    void refusesWhatIsNoAmount(String text) {
        assertThatThrownBy(() -> AmountText.parse(text, 2, "GOLD"))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("12.50");
    }

    @Test
    void refusesMoreDecimalsThanTheAssetHas() {
        assertThatThrownBy(() -> AmountText.parse("12.505", 2, "GOLD"))
                .isInstanceOf(CommandFailure.class)
                .hasMessage("12.505 has 3 decimals, and GOLD has 2");
        assertThatThrownBy(() -> AmountText.parse("0.5", 0, "POINTS"))
                .isInstanceOf(CommandFailure.class)
                .hasMessage("0.5 has 1 decimals, and POINTS has none");
    }

    @Test
    void refusesMoreDigitsThanAnAmountHas() {
        assertThatThrownBy(() -> AmountText.parse("1" + "0".repeat(37), 1, "GOLD"))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("38 digits");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 2, 0.00",
        "1, 2, 0.01",
        "-1, 2, -0.01",
        "1250, 2, 12.50",
        "-123450, 2, '-1,234.50'",
        "1000000, 0, '1,000,000'",
        "999, 0, 999",
        "1, 18, 0.000000000000000001",
    })
    void writesWhatPeopleRead(String minorUnits, int decimals, String text) {
        assertThat(AmountText.format(new BigInteger(minorUnits), decimals)).isEqualTo(text);
    }
}
