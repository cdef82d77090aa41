package io.pacioli.ledger.app.audit;

import com.fasterxml.jackson.core.JsonGenerator;
import io.pacioli.ledger.app.AmountText;
import io.pacioli.ledger.app.Terminal;
import io.pacioli.ledger.app.TextTable;
import io.pacioli.ledger.audit.WhatIfReport;
import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.core.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/** What would have been, as people and as machines read it. */
final class WhatIfOutput {
    private static final int SHOWN = 20;

    private final WhatIfReport report;
    private final Terminal terminal;
    private final Map<String, Integer> decimals;

    WhatIfOutput(WhatIfReport report, Terminal terminal) {
        this.report = report;
        this.terminal = terminal;
        decimals = report.supplies().stream()
                .collect(Collectors.toMap(
                        supply -> supply.asset().code(),
                        supply -> supply.asset().decimals()));
    }

    void print(String from, Path definitions) {
        terminal.line(
                terminal.bold("Decided again from " + from + " on with " + definitions) + ", up to " + asOf(report));
        terminal.line("  " + AmountText.count(report.outcomes()) + " outcomes, "
                + AmountText.count(report.outcomesDifferent()) + " different; "
                + AmountText.count(report.entriesThen()) + " entries then, " + AmountText.count(report.entriesNow())
                + " now; " + AmountText.count(report.balancesDifferent()) + " balances different");
        if (report.isSame()) {
            terminal.line(terminal.good("✔") + " Nothing would have been different.");
            return;
        }
        outcomes();
        balances();
        supplies();
    }

    private void outcomes() {
        if (report.changes().isEmpty()) {
            return;
        }
        title("Outcomes");
        TextTable changes = new TextTable("rll").row("commands", "then", "now");
        report.changes().forEach(change -> changes.row(AmountText.count(change.count()), change.then(), change.now()));
        print(changes);
        TextTable first = new TextTable("llll").row("command", "at", "then", "now");
        report.firstOutcomes().stream()
                .limit(SHOWN)
                .forEach(one -> first.row(one.commandId(), one.position().toString(), one.then(), one.now()));
        terminal.line();
        print(first);
        more(report.outcomesDifferent());
    }

    private void balances() {
        if (report.firstBalances().isEmpty()) {
            return;
        }
        title("Balances at the end");
        TextTable table = new TextTable("llrr").row("account", "asset", "then", "now");
        report.firstBalances().stream()
                .limit(SHOWN)
                .forEach(one -> table.row(one.account(), one.then().asset(), text(one.then()), text(one.now())));
        print(table);
        more(report.balancesDifferent());
    }

    private void supplies() {
        title("Circulating");
        TextTable table = new TextTable("lrr").row("asset", "then", "now");
        report.supplies()
                .forEach(supply -> table.row(
                        supply.asset().code(),
                        AmountText.format(supply.then(), supply.asset().decimals()),
                        AmountText.format(supply.now(), supply.asset().decimals())));
        print(table);
    }

    private String text(Holding holding) {
        int places = decimals.getOrDefault(holding.asset(), 0);
        String held = holding.held().signum() == 0 ? "" : " and " + AmountText.format(holding.held(), places) + " held";
        return AmountText.format(holding.available(), places) + held;
    }

    private void more(long all) {
        if (all > SHOWN) {
            terminal.line("  and " + AmountText.count(all - SHOWN) + " more; --json shows the first "
                    + WhatIfReport.KEPT_MAX);
        }
    }

    private void title(String text) {
        terminal.line();
        terminal.line(terminal.bold(text));
    }

    private void print(TextTable table) {
        table.lines().forEach(line -> terminal.line("  " + line));
    }

    private static String asOf(WhatIfReport report) {
        return report.positions().stream()
                .filter(position -> position.sequence() > 0)
                .map(Position::toString)
                .collect(Collectors.joining(","));
    }

    static String json(WhatIfReport report) {
        return AuditJson.of(json -> {
            json.writeBooleanField("same", report.isSame());
            json.writeStringField("asOf", asOf(report));
            json.writeNumberField("outcomes", report.outcomes());
            json.writeNumberField("outcomesDifferent", report.outcomesDifferent());
            json.writeNumberField("entriesThen", report.entriesThen());
            json.writeNumberField("entriesNow", report.entriesNow());
            json.writeNumberField("balancesDifferent", report.balancesDifferent());
            json.writeArrayFieldStart("changes");
            for (WhatIfReport.Change change : report.changes()) {
                json.writeStartObject();
                json.writeStringField("then", change.then());
                json.writeStringField("now", change.now());
                json.writeNumberField("count", change.count());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayFieldStart("firstOutcomes");
            for (WhatIfReport.OutcomeDifference one : report.firstOutcomes()) {
                json.writeStartObject();
                json.writeStringField("commandId", one.commandId());
                json.writeStringField("position", one.position().toString());
                json.writeStringField("then", one.then());
                json.writeStringField("now", one.now());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayFieldStart("firstBalances");
            for (WhatIfReport.BalanceDifference one : report.firstBalances()) {
                json.writeStartObject();
                json.writeStringField("account", one.account());
                json.writeStringField("asset", one.then().asset());
                holding(json, "then", one.then());
                holding(json, "now", one.now());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayFieldStart("circulating");
            for (WhatIfReport.Supply supply : report.supplies()) {
                json.writeStartObject();
                json.writeStringField("asset", supply.asset().code());
                json.writeStringField("then", supply.then().toString());
                json.writeStringField("now", supply.now().toString());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private static void holding(JsonGenerator json, String field, Holding holding) throws IOException {
        json.writeObjectFieldStart(field);
        for (Bucket bucket : Bucket.values()) {
            json.writeStringField(bucket.wireName(), holding.balance(bucket).toString());
        }
        json.writeEndObject();
    }
}
