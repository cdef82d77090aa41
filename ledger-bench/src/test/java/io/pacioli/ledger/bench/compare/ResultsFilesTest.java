package io.pacioli.ledger.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.service.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class ResultsFilesTest {
    @Test
    void jsonIsAsAgreed() throws IOException {
        assertThat(Json.mapper().readTree(ResultsJson.write(Sample.results())))
                .isEqualTo(Json.mapper().readTree(golden("results.json")));
    }

    @Test
    void chartIsAsAgreed() throws IOException {
        assertThat(ResultsChart.write(Sample.results())).isEqualTo(golden("transfers.svg"));
    }

    @Test
    void chartIsWellFormedAndSaysItsFiguresAsText() throws Exception {
        Document svg = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(
                        ResultsChart.write(Sample.results()).getBytes(StandardCharsets.UTF_8)));

        assertThat(svg.getElementsByTagName("g").getLength()).isEqualTo(4);
        assertThat(svg.getElementsByTagName("title").item(0).getTextContent()).contains("CPU <1> & \"2\"");
        assertThat(svg.getElementsByTagName("title").item(4).getTextContent())
                .isEqualTo("PostgreSQL, row locks, 32 connections: 5,000 transfers a second (4,000 to 6,250)");
    }

    @Test
    void tablesAreAligned() {
        assertThat(ResultsTable.throughput(Sample.results()))
                .hasSize(6)
                .extracting(String::length)
                .containsOnly(
                        ResultsTable.throughput(Sample.results()).getFirst().length());
        assertThat(ResultsTable.throughput(Sample.results()).get(2))
                .startsWith("| uniform  | Pacioli ")
                .contains("| 40,000 (40,000 to 50,000) |", "| 8.00 ", "| 50 ", "| - ");
        assertThat(ResultsTable.latencies(Sample.results()).get(2)).contains("| 1,000 ", "| 5.00 ", "| 9.99 ");
    }

    private static String golden(String name) throws IOException {
        try (InputStream file = Objects.requireNonNull(ResultsFilesTest.class.getResourceAsStream(name))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
