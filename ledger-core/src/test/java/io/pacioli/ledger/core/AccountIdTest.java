package io.pacioli.ledger.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccountIdTest {
    /** The examples of the hash tags of Redis Cluster, and a few more. */
    @ParameterizedTest
    @CsvSource({
        "alice, alice",
        "till-7{acme}, acme",
        "{acme}till-7, acme",
        "foo{}{bar}, foo{}{bar}",
        "foo{{bar}}zap, {bar",
        "foo{bar}{zap}, bar",
        "foo{bar, foo{bar",
        "foo}bar{, foo}bar{",
        "foo}{bar}, bar",
        "{}, {}",
        "@GOLD, @GOLD",
        "a{@GOLD}, @GOLD"
    })
    void isRoutedByTheFirstBraces(String account, String key) {
        assertThat(AccountId.routingKey(account)).isEqualTo(key);
    }

    @Test
    void tellsTheLedgersOwnAccounts() {
        assertThat(AccountId.isSystem("@GOLD")).isTrue();
        assertThat(AccountId.isSystem("GOLD@")).isFalse();
        assertThat(AccountId.issuer("GOLD")).isEqualTo("@GOLD");
        assertThat(AccountId.clearing(3, "GOLD")).isEqualTo("@clearing/3/GOLD");
        assertThat(AccountId.isClearing("@clearing/3/GOLD")).isTrue();
        assertThat(AccountId.isIssuer("@clearing/3/GOLD")).isFalse();
        assertThat(AccountId.isIssuer("@GOLD")).isTrue();
        assertThat(AccountId.isIssuer("alice")).isFalse();
    }

    @Test
    void positionsReadWhatTheyWrite() {
        assertThat(Position.parse("3:1841")).isEqualTo(new Position(3, 1841)).hasToString("3:1841");
        for (String text : new String[] {"", ":", "3", "3:", ":1", "-1:1", "1:-1", "a:1", "1:1 ", "99999:1", "1:1:1"}) {
            assertThatThrownBy(() -> Position.parse(text)).isInstanceOf(MalformedException.class);
        }
        assertThatThrownBy(() -> new Position(0, -1)).isInstanceOf(InvariantViolation.class);
    }
}
