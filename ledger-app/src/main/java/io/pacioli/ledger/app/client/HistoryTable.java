package io.pacioli.ledger.app.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.pacioli.ledger.app.Terminal;
import io.pacioli.ledger.app.TextTable;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** An account's entries as lines for people. */
public final class HistoryTable {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private HistoryTable() {}

    /**
     * The lines, in the order of the answer.
     *
     * @param entries the member {@code entries} of {@code GET /v1/accounts/{account}/entries}
     */
    public static List<String> lines(JsonNode entries, AssetDirectory assets, Terminal terminal) {
        TextTable table = new TextTable("lrlrll");
        for (JsonNode entry : entries) {
            String asset = entry.path("asset").asText();
            String amount = assets.change(asset, entry.path("amount").asText());
            String balance = assets.asset(asset)
                    .format(new BigInteger(entry.path("balance").asText()));
            table.row(
                    terminal.faint(time(entry.path("at").asText())),
                    amount.startsWith("-") ? amount : terminal.good(amount),
                    asset,
                    balance,
                    what(entry),
                    terminal.faint(entry.path("position").asText()));
        }
        return table.lines();
    }

    private static String what(JsonNode entry) {
        String kind = entry.path("kind").asText(words(entry.path("type").asText()));
        String bucket = entry.path("bucket").asText("available");
        String part = bucket.equals("available") ? "" : ", " + bucket;
        String other = entry.path("counterparty").asText("");
        boolean leaves = entry.path("amount").asText().startsWith("-");
        String returned = entry.path("type").asText().equals("TransferReturned") ? " returned" : "";
        String with = other.isEmpty() || other.startsWith("@") ? "" : (leaves ? " to " : " from ") + other;
        String memo = entry.path("memo").asText("");
        return kind + returned + with + part + (memo.isEmpty() ? "" : " \"" + memo + "\"");
    }

    /** {@code HoldPlaced} as {@code hold placed}. */
    static String words(String type) {
        return type.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }

    /** A time as people here read it. */
    static String time(String instant) {
        return TIME.format(Instant.parse(instant).atZone(ZoneId.systemDefault()));
    }
}
