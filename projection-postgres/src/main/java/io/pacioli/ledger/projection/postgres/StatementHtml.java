package io.pacioli.ledger.projection.postgres;

import io.pacioli.ledger.api.Hash;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A statement as a page to read and to print: one file that loads nothing, without scripts. Everything that is not of this class is
 * escaped, and the browser is told to run and load nothing but the one style below. Times are UTC.
 */
final class StatementHtml {
    private static final String STYLE = """

            body { font: 14px/1.45 system-ui, sans-serif; color: #1a1a1a; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
            h1 { font-size: 1.4rem; margin: 0 0 .25rem; }
            h1 span { overflow-wrap: anywhere; }
            p { margin: 0 0 1rem; color: #555; }
            table { border-collapse: collapse; width: 100%; margin: 0 0 1.5rem; }
            th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #ddd; overflow-wrap: anywhere; }
            thead th { border-bottom: 2px solid #888; }
            .amount { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
            .time { white-space: nowrap; font-variant-numeric: tabular-nums; }
            .faint { color: #777; }
            .total th, .total td { font-weight: 600; }
            @page { margin: 15mm; }
            @media print {
              body { margin: 0; max-width: none; padding: 0; font-size: 10px; color: #000; }
              thead { display: table-header-group; }
              tr { break-inside: avoid; }
            }
            """;

    /** For the header {@code Content-Security-Policy}: the style by its hash, and nothing else. */
    static final String POLICY = "default-src 'none'; style-src 'sha256-"
            + Base64.getEncoder()
                    .encodeToString(
                            Hash.of(STYLE.getBytes(StandardCharsets.UTF_8)).bytes())
            + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Statement statement;
    private final StringBuilder html = new StringBuilder();

    private StatementHtml(Statement statement) {
        this.statement = statement;
    }

    static String of(Statement statement) {
        return new StatementHtml(statement).page();
    }

    private String page() {
        String title = "Statement of " + statement.account() + ", " + statement.asset();
        html.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .append("<meta name=\"referrer\" content=\"no-referrer\">\n<title>")
                .append(escaped(title))
                .append("</title>\n<style>")
                .append(STYLE)
                .append("</style>\n</head>\n<body>\n<h1>Statement of <span>")
                .append(escaped(statement.account()))
                .append("</span></h1>\n<p>")
                .append(escaped(statement.asset()))
                .append(", from ")
                .append(time(statement.from()))
                .append(" to before ")
                .append(time(statement.to()))
                .append(" (UTC). As of ")
                .append(escaped(statement.asOf()))
                .append(".</p>\n");
        summary();
        entries();
        return html.append("</body>\n</html>\n").toString();
    }

    private void summary() {
        html.append("<table>\n");
        head(List.of("", "Available", "Held", "Locked", "Staked", "Total"), 1);
        html.append("<tbody>\n");
        balances("Opening balance", statement.opening());
        total("Came in", statement.totals().in());
        total("Went out", statement.totals().out().negate());
        balances("Closing balance", statement.closing());
        html.append("</tbody>\n</table>\n");
    }

    private void balances(String name, Statement.Amounts amounts) {
        html.append("<tr class=\"total\"><th scope=\"row\">").append(name).append("</th>");
        List.of(amounts.available(), amounts.held(), amounts.locked(), amounts.staked(), amounts.total())
                .forEach(this::amount);
        html.append("</tr>\n");
    }

    private void total(String name, BigInteger amount) {
        html.append("<tr><th scope=\"row\">").append(name).append("</th><td></td><td></td><td></td><td></td>");
        amount(amount);
        html.append("</tr>\n");
    }

    private void entries() {
        html.append("<table>\n");
        head(List.of("Time (UTC)", "What", "With", "Memo", "Bucket", "Position", "Amount", "Balance"), 6);
        html.append("<tbody>\n");
        statement.entries().forEach(this::entry);
        html.append("</tbody>\n</table>\n");
    }

    /** @param amountsFrom the first column of amounts */
    private void head(List<String> names, int amountsFrom) {
        html.append("<thead><tr>");
        for (int i = 0; i < names.size(); i++) {
            html.append(i < amountsFrom ? "<th scope=\"col\">" : "<th scope=\"col\" class=\"amount\">")
                    .append(names.get(i))
                    .append("</th>");
        }
        html.append("</tr></thead>\n");
    }

    private void entry(History.PostedEntry entry) {
        String kind = entry.kind();
        html.append("<tr><td class=\"time\">").append(time(entry.at())).append("</td><td>");
        html.append(escaped(kind == null ? entry.type() : kind + " (" + entry.type() + ")"));
        cell(entry.counterparty());
        cell(entry.memo());
        cell(entry.bucket());
        html.append("</td><td class=\"faint\">").append(entry.position()).append("</td>");
        amount(entry.amount());
        amount(entry.balance());
        html.append("</tr>\n");
    }

    private void cell(@Nullable String text) {
        html.append("</td><td>").append(text == null ? "" : escaped(text));
    }

    private void amount(BigInteger minorUnits) {
        int decimals = statement.decimals();
        html.append("<td class=\"amount\">")
                .append(String.format(Locale.ROOT, "%,." + decimals + "f", new BigDecimal(minorUnits, decimals)))
                .append("</td>");
    }

    private static String time(Instant instant) {
        return TIME.format(instant);
    }

    /** A text that stands for itself, between tags and within quotes. */
    static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }
}
