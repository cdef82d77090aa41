package io.pacioli.ledger.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.service.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
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

        assertThat(svg.getElementsByTagName("g").getLength()).isEqualTo(7);
        assertThat(svg.getElementsByTagName("title").item(0).getTextContent()).contains("CPU <1> & \"2\"");
        assertThat(svg.getElementsByTagName("title").item(4).getTextContent())
                .isEqualTo("PostgreSQL, row locks, 32 connections: 5,000 transfers a second (4,000 to 6,250)");
    }

    @Test
    void tablesAreAligned() {
        Results results = Sample.results();
        for (List<String> table : List.of(
                ResultsTable.throughput(results),
                ResultsTable.parts(results),
                ResultsTable.latencies(results),
                ResultsTable.lags(results))) {
            assertThat(table)
                    .hasSizeGreaterThan(2)
                    .extracting(String::length)
                    .containsOnly(table.getFirst().length());
        }
    }

    @Test
    void reportSaysWhatWasMeasuredHow() {
        assertThat(String.join("\n", ResultsReport.write(Sample.results())))
                .contains("- 2 cores (CPU <1> & \"2\"), 24,000 MB, Linux 6.1, data on ext4, JVM 25, revision abc1234")
                .contains(
                        "in 3 rounds",
                        "100,000 accounts",
                        "begins with 25 s of a load",
                        "each run with 5",
                        "then 10 s of sending")
                .contains("| uniform  | Pacioli                               | decisions 37.5, broker 12.5  |")
                .contains("- uniform: 83% of the transfers are between two of the ledger's 6 shards")
                .contains("- Pacioli: acks all", "- " + Results.POSTGRES + ": fsync on");
    }

    @Test
    void figuresStandInTheirColumns() {
        assertThat(ResultsTable.throughput(Sample.results()).get(2))
                .startsWith("| uniform  | Pacioli ")
                .contains("| 40,000 (40,000 to 50,000) |", "| 8.00 ", "| 50 ", "| - ");
        assertThat(ResultsTable.latencies(Sample.results()).get(2))
                .contains("| transfer ", "| 1,000 ", "| 10,000 ", "| 5.00 ", "| 9.99 ");
        assertThat(ResultsTable.latencies(Sample.results()).get(3)).contains("| balance read ");
        assertThat(ResultsTable.lags(Sample.results()).get(3))
                .contains(
                        "uniform",
                        "committed in PostgreSQL",
                        "| 200,000 (100,000 to 300,000) ",
                        "| 12.0 (8.0 to 12.0) ");
        assertThat(ResultsTable.lags(Sample.results()).getLast())
                .contains("1,000 transfers/s", "committed in PostgreSQL", "| 700 ", "| 0.3 ");
    }

    private static String golden(String name) throws IOException {
        try (InputStream file = Objects.requireNonNull(ResultsFilesTest.class.getResourceAsStream(name))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
