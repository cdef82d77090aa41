package io.pacioli.ledger.projection.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FormatTest {
    private static final List<Format> ALL = List.of(Format.JSON, Format.CSV, Format.HTML);

    @Test
    void theClientsFavouriteIsTaken() {
        Map<String, Format> likes = Map.of(
                "*/*", Format.JSON,
                "application/json", Format.JSON,
                "text/csv", Format.CSV,
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Format.HTML,
                "text/*", Format.CSV,
                "text/html;q=0.4, text/csv;q=0.5", Format.CSV,
                "TEXT/HTML; charset=utf-8", Format.HTML,
                "image/png, */*;q=0.1", Format.JSON,
                "application/json;q=0, */*", Format.CSV);
        likes.forEach((accept, format) ->
                assertThat(Format.favourite(accept, ALL)).as(accept).contains(format));
    }

    @Test
    void whatCannotBeHadIsNotTaken() {
        for (String accept : List.of("image/png", "text/html;q=0", "application/xml", "text/csv;q=x", ",")) {
            assertThat(Format.favourite(accept, ALL)).as(accept).isEmpty();
        }
        assertThat(Format.favourite("text/html", List.of(Format.JSON, Format.CSV)))
                .isEmpty();
    }
}
