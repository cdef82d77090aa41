package io.pacioli.ledger.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.api.PublicKeys;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Command;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a history keeps besides entries and postings, with and without what somebody has changed in it. */
final class HistoryTablesTest {
    private static final long HOUR_MILLIS = Duration.ofHours(1).toMillis();
    private static final int DAYS = 3;

    private final ScratchLedger ledger = ScratchLedger.inUse();
    private int made;

    /** Days and hours in which a bit of everything happens, and some in which nothing does. */
    @BeforeEach
    void live() {
        Map<String, String> metadata = Map.of("order", "17", "shop", "north");
        ledger.submit(new Command.DefineAsset(
                "define-MILES",
                new Asset("MILES", "Miles", "M", "", 0, Amount.of(1_000)),
                Amount.ZERO,
                null,
                metadata));
        AccountLimits limits =
                new AccountLimits(Map.of("GOLD", BigInteger.valueOf(-50)), Map.of("GOLD", Amount.of(5_000)));
        for (int day = 0; day < DAYS; day++) {
            for (int i = 0; i < 12; i++) {
                String name = day + "-" + i;
                ledger.submit(new Command.OpenAccount("named-" + name, "named-" + name, limits, metadata));
                ledger.submit(new Command.Transfer(
                        "shop-" + name, "GOLD", "a" + i, "named-" + name, Amount.of(3), "", metadata));
                ledger.submit(new Command.Transfer(
                        "too-much-" + name, "GOLD", "a" + i, "a" + (i + 1), Amount.of(1_000_000), "", metadata));
                ledger.submit(new Command.FreezeAccount("freeze-" + name, "named-" + name, "asked", metadata));
                ledger.pass(HOUR_MILLIS / 3);
            }
            ledger.pass(30 * HOUR_MILLIS);
        }
        ledger.submit(new Command.Transfer("last", "GOLD", "a1", "a2", Amount.of(1), "", metadata));
    }

    @Test
    void agreeWhileTheLedgerAndTheProjectionGoOn() {
        ScratchProjection projection = new ScratchProjection(ledger, 1, this::goOn);

        AuditReport report = audit(projection, null);

        assertThat(report.findings()).isEmpty();
        assertThat(report.projections().getFirst().rows()).isGreaterThan(200);
    }

    @ParameterizedTest
    @EnumSource(HistoryTable.class)
    void aRowThatWasDeletedIsNamed(HistoryTable table) {
        HistoryRow row = example(table);

        named(
                projection -> projection.rowChange = other -> other.equals(row) ? List.of() : List.of(other),
                row,
                "must have the row that the journal gives");
    }

    @ParameterizedTest
    @EnumSource(HistoryTable.class)
    void aRowTooManyIsNamed(HistoryTable table) {
        HistoryRow row = example(table);
        HistoryRow needless = new HistoryRow(table, row.shard(), row.place(), row.key() + "X", row.values());

        named(
                projection -> projection.rowsAdded.add(needless),
                needless,
                "must not have a row that the journal does not give");
    }

    /** Of figures that nothing has led to, on a day on which nothing happened. */
    @Test
    void aRowOfAnotherDayIsNamed() {
        HistoryRow row = example(HistoryTable.ACTIVITY);
        HistoryRow needless = new HistoryRow(
                row.table(), row.shard(), row.place() + 400 * 24 * HOUR_MILLIS * 1_000, row.key(), row.values());

        named(
                projection -> projection.rowsAdded.add(needless),
                needless,
                "must not have a row that the journal does not give");
    }

    static Stream<Arguments> columns() {
        return Stream.of(HistoryTable.values())
                .flatMap(table -> table.columns().stream().map(column -> Arguments.of(table, column)));
    }

    @ParameterizedTest
    @MethodSource("columns")
    void aChangedColumnIsNamed(HistoryTable table, HistoryTable.Column column) {
        HistoryRow row = example(table);
        List<@Nullable String> values = new ArrayList<>(row.values());
        int index = table.columns().indexOf(column);
        String old = values.get(index);
        values.set(
                index,
                switch (column.kind()) {
                    case TEXT -> old + "1";
                    case TIME -> Long.toString(Long.parseLong(String.valueOf(old)) + 1);
                    case JSON -> "{\"GOLD\": \"1\"}";
                });
        HistoryRow changed = new HistoryRow(table, row.shard(), row.place(), row.key(), values);

        named(
                projection -> projection.rowChange = other -> List.of(other.equals(row) ? changed : other),
                row,
                "column " + column.name() + " must be what the journal gives");
    }

    /** PostgreSQL spells JSON in its own way. */
    @Test
    void jsonThatSaysTheSameIsNoDifference() {
        ScratchProjection projection = new ScratchProjection(ledger, 1, () -> {});
        projection.rowChange = row -> {
            List<@Nullable String> values = new ArrayList<>(row.values());
            values.replaceAll(value -> value == null || !value.startsWith("{") ? value : value.replace(":", " : "));
            return List.of(new HistoryRow(row.table(), row.shard(), row.place(), row.key(), values));
        };

        assertThat(audit(projection, null).findings()).isEmpty();
    }

    /** From an audit that goes on in the middle of a day and of an hour. */
    @Test
    void anAuditThatGoesOnKnowsTheDayThatHasBegun(@TempDir Path state) {
        ScratchProjection projection = new ScratchProjection(ledger, 1, () -> {});
        assertThat(audit(projection, state).findings()).isEmpty();
        goOn();
        assertThat(audit(projection, state).findings()).isEmpty();
        ledger.pass(26 * HOUR_MILLIS);
        goOn();
        assertThat(audit(projection, state).findings()).isEmpty();
        HistoryRow row = example(HistoryTable.ACTIVITY);
        List<@Nullable String> values = new ArrayList<>(row.values());
        values.set(0, "77");
        projection.rowChange = other -> List.of(
                other.equals(row) ? new HistoryRow(row.table(), row.shard(), row.place(), row.key(), values) : other);

        assertThat(audit(projection, state).findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).contains(row.name(), "column transfers"));
    }

    /** The last one by its place that has a value in each column. */
    private HistoryRow example(HistoryTable table) {
        Map<String, HistoryRow> rows = new HashMap<>();
        ScratchProjection projection = new ScratchProjection(ledger, 1, () -> {});
        projection.rowChange = row -> {
            rows.put(row.shard() + " " + row.name(), row);
            return List.of(row);
        };
        assertThat(audit(projection, null).findings()).isEmpty();
        return rows.values().stream()
                .filter(row -> row.table() == table && !row.values().contains(null))
                .max(Comparator.comparingLong(HistoryRow::place).thenComparing(HistoryRow::name))
                .orElseThrow();
    }

    private void named(Consumer<ScratchProjection> planted, HistoryRow row, String rule) {
        ScratchProjection projection = new ScratchProjection(ledger, 1, () -> {});
        planted.accept(projection);

        assertThat(audit(projection, null).findings())
                .singleElement()
                .returns(Finding.Kind.HISTORY, Finding::kind)
                .returns(row.shard(), Finding::shard)
                .returns(row.table() == HistoryTable.ACCOUNTS ? row.key() : null, Finding::account)
                .returns("table " + row.table().title() + ", row " + row.name() + ": " + rule, Finding::message)
                .satisfies(finding -> assertThat(finding.expected()).isNotEqualTo(finding.found()));
    }

    private AuditReport audit(BalanceSource source, @Nullable Path state) {
        Patience patience = new Patience(Duration.ofMillis(100), Duration.ofSeconds(30), Duration.ofMillis(100));
        AuditSettings settings =
                new AuditSettings(Map.of(), Topics.DEFAULT, state != null, 1, List.of(source), PublicKeys.NONE, state);
        return new Audit(settings, () -> ScratchTopics.consumer(ledger), patience).run(Progress.NONE);
    }

    private void goOn() {
        int number = made++;
        Map<String, String> metadata = Map.of("number", Integer.toString(number));
        ledger.submit(new Command.Mint("on-" + number, "GOLD", "new-" + number, Amount.of(5), metadata));
        ledger.submit(
                new Command.Transfer("over-" + number, "GOLD", "new-" + number, "a1", Amount.of(6), "", metadata));
        ledger.submit(new Command.Transfer("go-" + number, "GOLD", "new-" + number, "a1", Amount.of(2), "", metadata));
    }
}
