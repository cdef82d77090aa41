package io.pacioli.ledger.projection.postgres;

import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.service.Csv;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A statement as comma-separated values: for each bucket that has or had something a line with the opening balance, then the
 * entries, then the closing balances. Amounts are there twice, in minor units and with the decimals of the asset.
 */
final class StatementCsv {
    private static final List<String> COLUMNS = List.of(
            "line",
            "position",
            "at",
            "type",
            "kind",
            "command_id",
            "account",
            "asset",
            "bucket",
            "counterparty",
            "reference",
            "memo",
            "metadata",
            "amount_minor",
            "amount",
            "balance_minor",
            "balance");

    private final Statement statement;
    private final Csv csv = new Csv();

    private StatementCsv(Statement statement) {
        this.statement = statement;
    }

    static String of(Statement statement) {
        return new StatementCsv(statement).text();
    }

    private String text() {
        csv.header(COLUMNS);
        balances("opening", statement.from(), statement.opening());
        statement.entries().forEach(this::entry);
        balances("closing", statement.to(), statement.closing());
        return csv.toString();
    }

    private void balances(String line, Instant at, Statement.Amounts amounts) {
        for (Bucket bucket : buckets()) {
            csv.text(line).text(null).text(at.toString()).text(null).text(null).text(null);
            csv.text(statement.account()).text(statement.asset()).text(bucket.wireName());
            csv.text(null).text(null).text(null).text(null).text(null).text(null);
            csv.number(amounts.of(bucket)).decimal(amounts.of(bucket), statement.decimals());
            csv.end();
        }
    }

    private void entry(History.PostedEntry entry) {
        csv.text("entry").text(entry.position().toString()).text(entry.at().toString());
        csv.text(entry.type()).text(entry.kind()).text(entry.commandId());
        csv.text(entry.account()).text(entry.asset()).text(entry.bucket());
        csv.text(entry.counterparty())
                .text(entry.reference())
                .text(entry.memo())
                .text(entry.metadata());
        csv.number(entry.amount()).decimal(entry.amount(), statement.decimals());
        csv.number(entry.balance()).decimal(entry.balance(), statement.decimals());
        csv.end();
    }

    /** Available money always, the others when there is anything to tell of them. */
    private Set<Bucket> buckets() {
        Set<Bucket> buckets = EnumSet.of(Bucket.AVAILABLE);
        for (Bucket bucket : Bucket.values()) {
            if (statement.opening().of(bucket).signum() != 0
                    || statement.closing().of(bucket).signum() != 0) {
                buckets.add(bucket);
            }
        }
        statement.entries().forEach(entry -> buckets.add(Bucket.ofWireName(entry.bucket())));
        return buckets;
    }
}
