package io.pacioli.ledger.app.audit;

import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.service.rebuild.Difference;
import io.pacioli.ledger.service.rebuild.RebuildReport;
import java.util.List;
import java.util.stream.Collectors;

/** What became of a rebuild as machines read it: one JSON object. */
final class RebuildJson {
    private RebuildJson() {}

    /** @param accounts what was put right; empty when all was built anew */
    static String of(String store, List<String> accounts, RebuildReport report) {
        return AuditJson.of(json -> {
            json.writeStringField("store", store);
            json.writeArrayFieldStart("accounts");
            for (String account : accounts) {
                json.writeString(account);
            }
            json.writeEndArray();
            json.writeBooleanField("swapped", report.isSwapped());
            json.writeNumberField("entries", report.entries());
            json.writeNumberField("durationMillis", report.duration().toMillis());
            json.writeStringField(
                    "asOf", report.positions().stream().map(Position::toString).collect(Collectors.joining(",")));
            json.writeNumberField("compared", report.compared());
            json.writeNumberField("differences", report.differences());
            json.writeArrayFieldStart("findings");
            for (Difference difference : report.first()) {
                json.writeStartObject();
                json.writeStringField("position", difference.position().toString());
                json.writeStringField("subject", difference.subject());
                json.writeStringField("stored", difference.stored());
                json.writeStringField("rebuilt", difference.rebuilt());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayFieldStart("notes");
            for (String note : report.notes()) {
                json.writeString(note);
            }
            json.writeEndArray();
        });
    }
}
