package io.pacioli.ledger.projection.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Result;
import org.junit.jupiter.api.Test;

/** Runs the SQL of docs/history.md: what the page shows below each statement is what it gives. */
class HistoryPageIT {
    private static final Path PAGE = Path.of("../docs/history.md");
    private static final Pattern EXAMPLE = Pattern.compile("```sql\n(.*?)\n```\n(\n    [^\n]*(?=\n))*", Pattern.DOTALL);

    private final ScriptedLedger ledger = new ScriptedLedger(3);

    /** A day of a small shop. */
    private void trade() {
        Asset euro = new Asset("EUR", "Euro", "€", "💶", 2, null);
        ledger.run(new Command.DefineAsset("eur", euro, Amount.ZERO, null, Map.of()));
        mint("m1", "alice", 10_000);
        mint("m2", "carol", 4_550);
        pay("p1", "alice", "shop", 1_999, "1001");
        ledger.pass(Duration.ofHours(1).toMillis());
        pay("p2", "carol", "shop", 4_900, "1002");
        ledger.run(ScriptedLedger.hold("h1", "EUR", "alice", 3_000));
        ledger.pass(Duration.ofHours(15).toMillis());
        pay("p3", "carol", "shop", 2_450, "1002");
        ledger.run(ScriptedLedger.capture("c1", "h1", "alice", 2_500, "shop"));
        ledger.run(ScriptedLedger.reverse("r1", "p1", "shop", 999));
        ledger.run(ScriptedLedger.freeze("f1", "carol"));
        pay("p4", "alice", "carol", 100, "1003");
    }

    private void mint(String id, String to, long amount) {
        ledger.run(new Command.Mint(id, "EUR", to, Amount.of(amount), Map.of()));
    }

    private void pay(String id, String from, String to, long amount, String order) {
        ledger.run(ScriptedLedger.transfer(id, "EUR", from, to, amount, "", Map.of("order", order)));
    }

    @Test
    void thePageShowsWhatItsStatementsGive() throws IOException {
        String page = Files.readString(PAGE);
        assertThat(withResults(page)).isEqualTo(page);
        assertThat(EXAMPLE.matcher(page).results()).hasSizeGreaterThanOrEqualTo(8);
    }

    /** The page with what its statements give now below each. */
    String withResults(String page) {
        trade();
        try (Database database = Database.migrated()) {
            new HistoryStore(database.writing()).write(ScriptedLedger.batch(ledger.journal()));
            return EXAMPLE.matcher(page).replaceAll(example -> Matcher.quoteReplacement(withResult(example, database)));
        }
    }

    private static String withResult(MatchResult example, Database database) {
        String table = table(database.fetch(example.group(1)));
        String indented = table.lines().map(line -> "\n    " + line).collect(Collectors.joining());
        return "```sql\n" + example.group(1) + "\n```\n" + indented;
    }

    /** As psql shows it. */
    private static String table(Result<?> result) {
        List<List<String>> rows = result.stream().map(HistoryPageIT::texts).toList();
        List<String> names = Arrays.stream(result.fields()).map(Field::getName).toList();
        List<Integer> widths = IntStream.range(0, names.size())
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .reduce(names.get(column).length(), Math::max))
                .boxed()
                .toList();
        String rule = widths.stream().map("-"::repeat).collect(Collectors.joining("-+-"));
        return row(names, widths, false) + "\n" + rule + "\n"
                + rows.stream().map(row -> row(row, widths, true)).collect(Collectors.joining("\n"));
    }

    private static List<String> texts(Record row) {
        return Arrays.stream(row.intoArray())
                .map(value -> value == null ? "" : value.toString())
                .toList();
    }

    /** Numbers stand to the right. */
    private static String row(List<String> values, List<Integer> widths, boolean numbers) {
        return IntStream.range(0, values.size())
                .mapToObj(column -> {
                    String value = values.get(column);
                    String padding = " ".repeat(widths.get(column) - value.length());
                    return numbers && value.matches("-?\\d+(\\.\\d+)?") ? padding + value : value + padding;
                })
                .collect(Collectors.joining(" | "))
                .stripTrailing();
    }
}
