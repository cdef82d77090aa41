package io.pacioli.ledger.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class TextTableTest {
    @Test
    void columnsLineUp() {
        TextTable table = new TextTable("lrl").row("alice", "1.00", "x").row("bo", "10.00", "");

        assertThat(table.lines()).containsExactly("alice   1.00  x", "bo     10.00");
    }

    @Test
    void emojiTakeTwoPlacesAndColoursNone() {
        TextTable table = new TextTable("ll").row("🪙", "a").row("\u001b[32mab\u001b[0m", "b");

        assertThat(table.lines()).containsExactly("🪙  a", "\u001b[32mab\u001b[0m  b");
    }

    @Test
    void aRowMustFit() {
        assertThatThrownBy(() -> new TextTable("ll").row("one")).isInstanceOf(IllegalArgumentException.class);
    }
}
