package io.pacioli.ledger.projection.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CursorTest {
    @Test
    void isReadBack() {
        Cursor cursor = new Cursor(1_795_428_930_123L, 999, Long.MAX_VALUE);
        assertThat(Cursor.parse(cursor.toString())).isEqualTo(cursor);
        assertThat(cursor.toString()).matches("[A-Za-z0-9_-]+");
        assertThat(cursor.at()).hasToString("2026-11-23T10:15:30.123Z");
    }

    @Test
    void nothingElseIsRead() {
        String cursor = new Cursor(1, 2, 3).toString();
        for (String text : new String[] {"", "?", "AAAA", cursor + "A", "B" + cursor.substring(1), "ünï"}) {
            assertThatThrownBy(() -> Cursor.parse(text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("nextCursor");
        }
    }
}
