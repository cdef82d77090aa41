package io.pacioli.ledger.app.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.pacioli.ledger.api.Timestamps;
import io.pacioli.ledger.audit.AssetBooks;
import io.pacioli.ledger.audit.AuditReport;
import io.pacioli.ledger.audit.CheckpointFigures;
import io.pacioli.ledger.audit.Finding;
import io.pacioli.ledger.audit.InputFigures;
import io.pacioli.ledger.audit.ProjectionFigures;
import io.pacioli.ledger.audit.ShardFigures;
import io.pacioli.ledger.audit.UnderWay;
import io.pacioli.ledger.core.Position;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A report as machines read it: one JSON object; amounts are strings of minor units, times are ISO 8601 in UTC. */
final class AuditJson {
    private static final JsonFactory FACTORY = new JsonFactory();

    private AuditJson() {}

    /** What writes a body. */
    interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    static String of(Body body) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.writeStartObject();
            body.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing into memory does not fail", e);
        }
        return text.toString();
    }

    static String of(AuditReport report) {
        return of(json -> {
            json.writeBooleanField("passed", report.passed());
            json.writeNumberField("differences", report.differences());
            json.writeNumberField("warnings", report.warnings());
            json.writeStringField("journal", report.journal());
            json.writeBooleanField("decidedAgain", report.decided());
            json.writeStringField("startedAt", Timestamps.format(report.startedAtMillis()));
            json.writeNumberField("durationMillis", report.duration().toMillis());
            json.writeNumberField("entries", report.entries());
            json.writeNumberField("postings", report.postings());
            json.writeNumberField("rejections", report.rejections());
            json.writeNumberField("accounts", report.accounts());
            checkpoints(json, report.checkpoints());
            json.writeArrayFieldStart("shards");
            for (ShardFigures shard : report.shards()) {
                shard(json, shard);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("assets");
            for (AssetBooks books : report.assets().values()) {
                asset(json, books);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("underWay");
            for (UnderWay way : report.underWay()) {
                json.writeStartObject();
                json.writeNumberField("one", way.one());
                json.writeNumberField("other", way.other());
                json.writeStringField("asset", way.asset());
                json.writeStringField("amount", way.amount().toString());
                json.writeEndObject();
            }
            json.writeEndArray();
            inputs(json, report.inputs());
            json.writeArrayFieldStart("projections");
            for (ProjectionFigures projection : report.projections()) {
                projection(json, projection);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("findings");
            for (Finding finding : report.findings()) {
                finding(json, finding);
            }
            json.writeEndArray();
        });
    }

    private static void checkpoints(JsonGenerator json, @Nullable CheckpointFigures checkpoints) throws IOException {
        if (checkpoints == null) {
            return;
        }
        json.writeObjectFieldStart("checkpoints");
        json.writeNumberField("verified", checkpoints.verified());
        json.writeStringField("signedTo", positions(checkpoints.positions()));
        json.writeNumberField("uncovered", checkpoints.uncovered());
        time(json, "uncoveredSince", checkpoints.uncoveredSinceMillis());
        json.writeEndObject();
    }

    private static String positions(List<Position> positions) {
        return positions.stream().map(Position::toString).collect(Collectors.joining(","));
    }

    private static void shard(JsonGenerator json, ShardFigures shard) throws IOException {
        json.writeStartObject();
        json.writeNumberField("shard", shard.shard());
        json.writeNumberField("firstSequence", shard.firstSequence());
        json.writeNumberField("lastSequence", shard.lastSequence());
        time(json, "firstAt", shard.firstAtMillis());
        time(json, "lastAt", shard.lastAtMillis());
        json.writeNumberField("entries", shard.entries());
        json.writeNumberField("nextOffset", shard.nextOffset());
        json.writeNumberField("accounts", shard.accounts());
        json.writeStringField("hash", shard.hash());
        json.writeEndObject();
    }

    private static void asset(JsonGenerator json, AssetBooks books) throws IOException {
        json.writeStartObject();
        json.writeStringField("asset", books.asset().code());
        json.writeNumberField("decimals", books.asset().decimals());
        json.writeStringField("circulating", books.supply().toString());
        json.writeStringField("inTransit", books.inTransit().toString());
        json.writeStringField("sum", books.sum().toString());
        json.writeNumberField("holders", books.holders());
        json.writeEndObject();
    }

    private static void inputs(JsonGenerator json, @Nullable InputFigures inputs) throws IOException {
        if (inputs == null) {
            return;
        }
        json.writeObjectFieldStart("inputs");
        json.writeNumberField("decided", inputs.decided());
        json.writeNumberField("repeated", inputs.repeated());
        json.writeNumberField("misrouted", inputs.misrouted());
        json.writeNumberField("malformed", inputs.malformed());
        json.writeNumberField("deadLetters", inputs.deadLetters());
        json.writeNumberField("ticks", inputs.ticks());
        json.writeNumberField("due", inputs.due());
        json.writeNumberField("messages", inputs.messages());
        json.writeNumberField("pending", inputs.pending());
        json.writeNumberField("waiting", inputs.waiting());
        time(json, "waitingSince", inputs.waitingSinceMillis());
        json.writeEndObject();
    }

    private static void projection(JsonGenerator json, ProjectionFigures projection) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", projection.name());
        json.writeStringField("asOf", positions(projection.positions()));
        json.writeNumberField("balances", projection.balances());
        json.writeNumberField("entries", projection.entries());
        json.writeNumberField("rows", projection.rows());
        json.writeNumberField("entriesNotKept", projection.notKept());
        time(json, "keptFrom", projection.horizonMillis());
        json.writeNumberField("differences", projection.differences());
        json.writeEndObject();
    }

    private static void finding(JsonGenerator json, Finding finding) throws IOException {
        json.writeStartObject();
        json.writeStringField("kind", finding.kind().name());
        json.writeBooleanField("warning", finding.isWarning());
        json.writeStringField("source", finding.source());
        json.writeNumberField("shard", finding.shard());
        if (finding.sequence() > 0) {
            json.writeNumberField("sequence", finding.sequence());
        }
        if (finding.offset() >= 0) {
            json.writeNumberField("offset", finding.offset());
        }
        time(json, "at", finding.atMillis());
        if (finding.account() != null) {
            json.writeStringField("account", finding.account());
        }
        json.writeStringField("message", finding.message());
        json.writeStringField("expected", finding.expected());
        json.writeStringField("found", finding.found());
        json.writeEndObject();
    }

    /** A time that is known. */
    static void time(JsonGenerator json, String field, long millis) throws IOException {
        if (millis > 0) {
            json.writeStringField(field, Timestamps.format(millis));
        }
    }
}
