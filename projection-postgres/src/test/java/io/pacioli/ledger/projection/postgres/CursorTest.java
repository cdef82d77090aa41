package io.pacioli.ledger.projection.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class CursorTest {
    private static final Cursor.InTime IN_TIME =
            new Cursor.InTime(Cursor.Kind.JOURNAL, 1_795_428_930_123L, 999, Long.MAX_VALUE);

    @Test
    void isReadBack() {
        assertThat(Cursor.InTime.parse(Cursor.Kind.JOURNAL, IN_TIME.toString())).isEqualTo(IN_TIME);
        assertThat(IN_TIME.toString()).matches("[A-Za-z0-9_-]+");
        assertThat(IN_TIME.at()).hasToString("2026-11-23T10:15:30.123Z");
        assertThat(IN_TIME.end()).hasToString("2026-11-23T10:15:30.124Z");

        Cursor.InAsset inAsset = new Cursor.InAsset(1, 2, 3, "ünï|{a}", 4);
        assertThat(Cursor.InAsset.parse(inAsset.toString())).isEqualTo(inAsset);
        Cursor.InHoldings inHoldings = new Cursor.InHoldings("@clearing/1/GOLD", "GOLD", 2);
        assertThat(Cursor.InHoldings.parse(inHoldings.toString())).isEqualTo(inHoldings);
    }

    @Test
    void nothingElseIsRead() {
        String cursor = IN_TIME.toString();
        for (String text : List.of(
                "",
                "?",
                "AAAA",
                cursor + "A",
                "B" + cursor.substring(1),
                "ünï",
                of("journal\n-1\n0\n0"),
                of("journal\n253402300800000\n0\n0"),
                of("journal\n0\n2147483648\n0"),
                of("journal\n0\n0\n9223372036854775808"),
                of("journal\n0\n0"),
                of("journal\n0\n0\n0\n0"))) {
            assertThatThrownBy(() -> Cursor.InTime.parse(Cursor.Kind.JOURNAL, text))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("nextCursor");
        }
        assertThatThrownBy(() -> Cursor.InHoldings.parse(of("holdings\na\0b\nGOLD\n0")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aCursorOfAnotherListIsRefused() {
        assertThatThrownBy(() -> Cursor.InTime.parse(Cursor.Kind.REJECTIONS, IN_TIME.toString()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Cursor.InAsset.parse(new Cursor.InHoldings("a", "GOLD", 1).toString()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static String of(String content) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(content.getBytes(StandardCharsets.UTF_8));
    }
}
