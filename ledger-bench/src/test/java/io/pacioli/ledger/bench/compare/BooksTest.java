package io.pacioli.ledger.bench.compare;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BooksTest {
    @Test
    void rightBooksAreRight() {
        assertThatCode(() -> new Books(3, 100).require("system", 3, 100)).doesNotThrowAnyException();
    }

    @Test
    void lostHistoryAndLostMoneyAreFound() {
        assertThatThrownBy(() -> new Books(2, 100).require("system", 3, 100))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("system");
        assertThatThrownBy(() -> new Books(3, 99).require("system", 3, 100)).isInstanceOf(IllegalStateException.class);
    }
}
