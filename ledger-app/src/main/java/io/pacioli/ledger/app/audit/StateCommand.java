package io.pacioli.ledger.app.audit;

import io.pacioli.ledger.api.Timestamps;
import io.pacioli.ledger.app.AmountText;
import io.pacioli.ledger.app.CommandFailure;
import io.pacioli.ledger.app.Terminal;
import io.pacioli.ledger.app.TextTable;
import io.pacioli.ledger.audit.AssetBooks;
import io.pacioli.ledger.audit.Books;
import io.pacioli.ledger.audit.JournalFold;
import io.pacioli.ledger.audit.Until;
import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.service.Csv;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ledger state}. */
@Command(
        name = "state",
        description = {
            "Show all balances as they were, from the journal alone.",
            "Folds the journal up to an instant, or some of its shards up to a position each. Amounts in JSON and CSV are in minor"
                    + " units."
        })
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class StateCommand implements Callable<Integer> {
    private static final List<Bucket> BUCKETS = List.of(Bucket.values());

    @Mixin
    private RunningLedger ledger;

    @Option(
            names = "--at",
            paramLabel = "WHEN",
            description =
                    "An instant such as 2026-11-24T18:00:00Z, or positions such as 0:17,3:1841: of these shards only. Default:"
                            + " now")
    private @Nullable String at;

    @Option(names = "--account", paramLabel = "ACCOUNT", description = "Of this account only.")
    private @Nullable String account;

    @Option(names = "--asset", paramLabel = "ASSET", description = "Of this asset only.")
    private @Nullable String asset;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(names = "--csv", description = "Print comma-separated values with a header.")
    private boolean csv;

    @Spec
    private CommandSpec spec;

    private record Row(int shard, String account, Holding holding) {}

    /** For picocli. */
    public StateCommand() {}

    @Override
    public Integer call() {
        Terminal terminal = Terminal.of(spec.commandLine());
        Until until = until(at);
        Map<String, String> properties = ledger.properties();
        try (JournalFold fold =
                        JournalFold.open(properties, ledger.kafka().topics().journal(), until);
                ReplayProgress progress = ReplayProgress.start(terminal, "Reading")) {
            Books books = fold.readToEnd(progress);
            if (!books.faults().isEmpty()) {
                throw new CommandFailure(
                        "the journal is damaged: " + books.faults().getFirst());
            }
            show(terminal, books);
            return 0;
        }
    }

    static Until until(@Nullable String text) {
        if (text == null) {
            return new Until.Now();
        }
        try {
            return text.endsWith("Z")
                    ? new Until.Instant(Timestamps.parseLenient("at", text))
                    : Until.Sequences.of(Arrays.stream(text.split(",", -1))
                            .map(Position::parse)
                            .toList());
        } catch (MalformedException e) {
            throw new CommandFailure(
                    "--at must be an instant such as 2026-11-24T18:00:00Z, or positions such as 0:17,3:1841: " + text,
                    e);
        }
    }

    private void show(Terminal terminal, Books books) {
        List<Row> rows = rows(books);
        String asOf = books.positions().stream()
                .filter(position -> position.sequence() > 0)
                .map(Position::toString)
                .collect(Collectors.joining(","));
        if (json) {
            terminal.line(json(asOf, rows));
        } else if (csv) {
            terminal.line("shard,account,asset,available,held,locked,staked");
            rows.forEach(row -> terminal.line(csv(row.shard, row.account, row.holding)));
        } else {
            terminal.line("as of " + asOf);
            table(books, rows).lines().forEach(line -> terminal.line("  " + line));
        }
    }

    private List<Row> rows(Books books) {
        List<Row> rows = new ArrayList<>();
        books.forEach((shard, id, holding) -> {
            if ((account == null || account.equals(id)) && (asset == null || asset.equals(holding.asset()))) {
                rows.add(new Row(shard, id, holding));
            }
        });
        rows.sort(Comparator.comparing(Row::account)
                .thenComparing(row -> row.holding.asset())
                .thenComparingInt(Row::shard));
        return rows;
    }

    private static TextTable table(Books books, List<Row> rows) {
        Map<String, AssetBooks> assets = books.assets();
        TextTable table = new TextTable("lrll");
        for (Row row : rows) {
            AssetBooks known = assets.get(row.holding.asset());
            int decimals = known == null ? 0 : known.asset().decimals();
            String others = BUCKETS.stream()
                    .filter(bucket -> bucket != Bucket.AVAILABLE
                            && row.holding.balance(bucket).signum() != 0)
                    .map(bucket ->
                            "and " + AmountText.format(row.holding.balance(bucket), decimals) + " " + bucket.wireName())
                    .collect(Collectors.joining(" "));
            table.row(row.account, AmountText.format(row.holding.available(), decimals), row.holding.asset(), others);
        }
        return table;
    }

    static String csv(int shard, String account, Holding holding) {
        Csv line = new Csv().number(shard).text(account).text(holding.asset());
        BUCKETS.forEach(bucket -> line.number(holding.balance(bucket)));
        return line.toString();
    }

    private static String json(String asOf, List<Row> rows) {
        return AuditJson.of(json -> {
            json.writeStringField("asOf", asOf);
            json.writeArrayFieldStart("balances");
            for (Row row : rows) {
                json.writeStartObject();
                json.writeNumberField("shard", row.shard);
                json.writeStringField("account", row.account);
                json.writeStringField("asset", row.holding.asset());
                for (Bucket bucket : BUCKETS) {
                    json.writeStringField(
                            bucket.wireName(), row.holding.balance(bucket).toString());
                }
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }
}
