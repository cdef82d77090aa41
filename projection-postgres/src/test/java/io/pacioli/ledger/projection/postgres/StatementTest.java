package io.pacioli.ledger.projection.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.core.InvariantViolation;
import io.pacioli.ledger.core.Position;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StatementTest {
    private static final String ACCOUNT = "<b>&\"'";
    private static final Statement.Terms TERMS = new Statement.Terms(
            ACCOUNT, "GOLD", 2, Instant.parse("2026-11-01T00:00:00Z"), Instant.parse("2026-12-01T00:00:00Z"), "3:1841");

    private static History.PostedEntry entry(
            long sequence, String type, String bucket, long amount, long balance, @Nullable String memo) {
        boolean isTransfer = type.startsWith("Transfer");
        return new History.PostedEntry(
                new Position(3, sequence),
                Instant.parse("2026-11-23T10:15:30.123Z"),
                type,
                isTransfer ? "transfer" : null,
                "c-" + sequence,
                ACCOUNT,
                "GOLD",
                bucket,
                BigInteger.valueOf(amount),
                BigInteger.valueOf(balance),
                sequence,
                isTransfer ? "@GOLD" : null,
                null,
                memo,
                "{\"k\": \"=1,2\"}");
    }

    private static Holding holding(long available, long held) {
        return Holding.empty("GOLD")
                .with(Bucket.AVAILABLE, BigInteger.valueOf(available))
                .with(Bucket.HELD, BigInteger.valueOf(held));
    }

    private static Statement statement() {
        return Statement.of(
                TERMS,
                holding(123_456_700, 0),
                holding(123_455_650, 250),
                List.of(
                        entry(7, "TransferReceived", "available", 200, 123_456_900, "<script>alert(1)</script>"),
                        entry(8, "HoldPlaced", "available", -250, 123_456_650, "=HYPERLINK(\"x\")"),
                        entry(8, "HoldPlaced", "held", 250, 250, null),
                        entry(9, "TransferSent", "available", -1_000, 123_455_650, null)));
    }

    @Test
    void addsUp() {
        Statement statement = statement();
        assertThat(statement.totals())
                .isEqualTo(new Statement.Totals(BigInteger.valueOf(200), BigInteger.valueOf(1_000), 3));
        assertThat(statement.opening().total()).isEqualTo(123_456_700);
        assertThat(statement.closing().total()).isEqualTo(123_455_900);
        assertThat(statement.closing().held()).isEqualTo(250);
    }

    @Test
    void cannotBeMadeWhenItDoesNotAddUp() {
        History.PostedEntry first = entry(7, "TransferReceived", "available", 200, 300, null);
        History.PostedEntry second = entry(8, "TransferReceived", "available", 50, 351, null);
        assertThatThrownBy(() -> Statement.of(TERMS, holding(100, 0), holding(301, 0), List.of(first)))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("closing");
        assertThatThrownBy(() -> Statement.of(TERMS, holding(100, 0), holding(350, 0), List.of(first, second)))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("balance=351");
        assertThatThrownBy(() -> Statement.of(TERMS, holding(100, 0), holding(100, 200), List.of(first)))
                .isInstanceOf(InvariantViolation.class);
    }

    @Test
    void isWrittenForSpreadsheets() {
        String account = "\"<b>&\"\"'\",GOLD,";
        String metadata = "\"{\"\"k\"\": \"\"=1,2\"\"}\",";
        String at = "2026-11-23T10:15:30.123Z,";
        assertThat(StatementCsv.of(statement()).split("\r\n", -1))
                .containsExactly(
                        "line,position,at,type,kind,command_id,account,asset,bucket,counterparty,reference,memo,metadata,"
                                + "amount_minor,amount,balance_minor,balance",
                        "opening,,2026-11-01T00:00:00Z,,,," + account + "available,,,,,,,123456700,1234567.00",
                        "opening,,2026-11-01T00:00:00Z,,,," + account + "held,,,,,,,0,0.00",
                        "entry,3:7," + at + "TransferReceived,transfer,c-7," + account
                                + "available,'@GOLD,,<script>alert(1)</script>," + metadata
                                + "200,2.00,123456900,1234569.00",
                        "entry,3:8," + at + "HoldPlaced,,c-8," + account + "available,,,\"'=HYPERLINK(\"\"x\"\")\","
                                + metadata + "-250,-2.50,123456650,1234566.50",
                        "entry,3:8," + at + "HoldPlaced,,c-8," + account + "held,,,," + metadata + "250,2.50,250,2.50",
                        "entry,3:9," + at + "TransferSent,transfer,c-9," + account + "available,'@GOLD,,," + metadata
                                + "-1000,-10.00,123455650,1234556.50",
                        "closing,,2026-12-01T00:00:00Z,,,," + account + "available,,,,,,,123455650,1234556.50",
                        "closing,,2026-12-01T00:00:00Z,,,," + account + "held,,,,,,,250,2.50",
                        "");
    }

    @Test
    void isAPageThatRunsNothing() throws Exception {
        String html = StatementHtml.of(statement());
        assertThat(html)
                .contains("<span>&lt;b&gt;&amp;&quot;&#39;</span>")
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;")
                .contains(">1,234,569.00</td>")
                .contains(">-10.00</td>")
                .contains("3:9")
                .doesNotContain("<script")
                .doesNotContain("<b>")
                .doesNotContain("http")
                .doesNotContain("src=");
        Matcher style = Pattern.compile("(?s)<style>(.*)</style>").matcher(html);
        assertThat(style.find()).isTrue();
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(style.group(1).getBytes(StandardCharsets.UTF_8));
        assertThat(StatementHtml.POLICY)
                .contains("default-src 'none'")
                .contains("style-src 'sha256-" + Base64.getEncoder().encodeToString(hash) + "'");
    }
}
