package io.pacioli.ledger.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AmountTest {
    private static final String NINES = "9".repeat(38);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "1",
                "999999999999999999",
                "1000000000000000000",
                "9223372036854775807",
                "9223372036854775808",
                "99999999999999999999999999999999999999"
            })
    void readsWhatItWrites(String digits) {
        assertThat(Amount.parse("amount", digits)).hasToString(digits);
        assertThat(Amount.parse("amount", digits).minorUnits()).isEqualTo(new BigInteger(digits));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-1",
                "+1",
                "1.0",
                "1e3",
                " 1",
                "1 ",
                "0x1",
                "1_000",
                "\u0661",
                "\uff11",
                "abc",
                "100000000000000000000000000000000000000",
                "000000000000000000000000000000000000001"
            })
    void takesNothingButDigits(String text) {
        assertThatThrownBy(() -> Amount.parse("amount", text))
                .isInstanceOf(MalformedException.class)
                .hasMessageStartingWith("amount must be a string of 1 to 38 digits");
    }

    @Test
    void leadingZerosCountAsDigitsButMeanNothing() {
        assertThat(Amount.parse("amount", "007")).isEqualTo(Amount.of(7));
    }

    @Test
    void readsSignedNumbers() {
        assertThat(Amount.parseSigned("limit", "-" + NINES)).isEqualTo(Amount.MAX.negate());
        assertThat(Amount.parseSigned("limit", "-0")).isZero();
        assertThat(Amount.parseSigned("limit", "5")).isEqualTo(5);
        for (String text : new String[] {"-", "--1", "-1-", "", "- 1", "-1" + "0".repeat(38)}) {
            assertThatThrownBy(() -> Amount.parseSigned("limit", text)).isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void endsAt38Nines() {
        assertThat(Amount.MAX).isEqualTo(new BigInteger(NINES));
        assertThat(new Amount(Amount.MAX)).hasToString(NINES);
        BigInteger tooMuch = Amount.MAX.add(BigInteger.ONE);
        assertThatThrownBy(() -> new Amount(tooMuch)).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> Amount.of(-1)).isInstanceOf(MalformedException.class);
        assertThat(Amount.isInRange(Amount.MAX.negate())).isTrue();
        assertThat(Amount.isInRange(tooMuch)).isFalse();
        assertThat(Amount.isInRange(tooMuch.negate())).isFalse();
    }

    @Test
    void writesNegativeNumbersLikeBigInteger() {
        for (BigInteger number : new BigInteger[] {
            BigInteger.valueOf(Long.MIN_VALUE),
            BigInteger.valueOf(Long.MIN_VALUE).subtract(BigInteger.ONE),
            BigInteger.valueOf(Long.MAX_VALUE).add(BigInteger.ONE),
            Amount.MAX.negate()
        }) {
            assertThat(Amount.digits(number)).isEqualTo(number.toString());
        }
    }
}
