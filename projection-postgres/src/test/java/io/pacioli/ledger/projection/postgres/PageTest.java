package io.pacioli.ledger.projection.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PageTest {
    private static Page.Line<String> line(@Nullable String item, String cursor) {
        return new Page.Line<>(item, cursor, false);
    }

    private static Page.Reader<String> reader(List<Page.Line<String>> lines) {
        return rowsMax -> lines.subList(0, Math.min(rowsMax, lines.size()));
    }

    @Test
    void aFullPageNamesItsEndOnlyWhenThereIsMore() {
        List<Page.Line<String>> lines = List.of(line("a", "1"), line("b", "2"), line("c", "3"));
        assertThat(Page.read(2, reader(lines))).isEqualTo(new Page<>(List.of("a", "b"), "2"));
        assertThat(Page.read(3, reader(lines))).isEqualTo(new Page<>(List.of("a", "b", "c"), null));
        assertThat(Page.read(4, reader(List.of()))).isEqualTo(new Page<>(List.of(), null));
    }

    @Test
    void whereTheReadingEndedByItsBoundThePageEndsAndTheListGoesOn() {
        List<Page.Line<String>> lines = List.of(line("a", "1"), new Page.Line<>(null, "2", true), line("lost", "3"));
        assertThat(Page.read(5, reader(lines))).isEqualTo(new Page<>(List.of("a"), "2"));
        assertThat(Page.read(5, reader(List.of(new Page.Line<>("a", "1", true)))))
                .isEqualTo(new Page<>(List.of("a"), "1"));
    }

    @Test
    void rowsThatAreLeftOutAreNotReadAgain() {
        List<Page.Line<String>> lines = List.of(line(null, "1"), line(null, "2"), line("c", "3"));
        assertThat(Page.read(1, reader(lines))).isEqualTo(new Page<>(List.of(), "2"));
    }

    @Test
    void partsFollowEachOther() {
        Page.Reader<String> first = reader(List.of(line("a", "1")));
        Page.Reader<String> second = reader(List.of(line("b", "2"), line("c", "3")));
        assertThat(Page.read(3, List.of(first, second))).isEqualTo(new Page<>(List.of("a", "b", "c"), null));
        assertThat(Page.read(2, List.of(first, second))).isEqualTo(new Page<>(List.of("a", "b"), "2"));
        assertThat(Page.read(1, List.of(first, second))).isEqualTo(new Page<>(List.of("a"), "1"));
    }
}
