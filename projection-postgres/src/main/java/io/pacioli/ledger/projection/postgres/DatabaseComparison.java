package io.pacioli.ledger.projection.postgres;

import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.service.rebuild.Difference;
import io.pacioli.ledger.service.rebuild.Differences;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Compares two databases that stand at the same positions, table by table: digests of blocks of rows first, and in blocks that differ row
 * by row.
 */
final class DatabaseComparison {
    /** Blocks of a table that differ and are looked into; more are told as blocks. */
    private static final int BLOCKS_LOOKED_INTO_MAX = 64;

    private final Sql stored;
    private final Sql rebuilt;
    private final IntFunction<Position> positions;
    private final Differences differences;

    private record Block(int shard, long number) implements Comparable<Block> {
        @Override
        public int compareTo(Block other) {
            int byShard = Integer.compare(shard, other.shard);
            return byShard != 0 ? byShard : Long.compare(number, other.number);
        }
    }

    private record Digest(long rows, BigDecimal sum) {}

    /**
     * @param stored in a snapshot
     * @param positions where both are with each shard
     */
    DatabaseComparison(Sql stored, Sql rebuilt, IntFunction<Position> positions, Differences differences) {
        this.stored = stored;
        this.rebuilt = rebuilt;
        this.positions = positions;
        this.differences = differences;
    }

    void run() {
        HistoryTable.ALL.forEach(this::compare);
    }

    private void compare(HistoryTable table) {
        String hashed = table.hashed(rebuilt);
        CompletableFuture<Map<Block, Digest>> right =
                CompletableFuture.supplyAsync(() -> digests(rebuilt, table, hashed), Thread.ofVirtual()::start);
        Map<Block, Digest> was = digests(stored, table, hashed);
        Map<Block, Digest> is = await(right);
        TreeSet<Block> blocks = new TreeSet<>(was.keySet());
        blocks.addAll(is.keySet());
        differences.compared(is.values().stream().mapToLong(Digest::rows).sum());
        blocks.removeIf(block -> Objects.equals(was.get(block), is.get(block)));
        blocks.stream().limit(BLOCKS_LOOKED_INTO_MAX).forEach(block -> lookInto(table, block));
        blocks.stream()
                .skip(BLOCKS_LOOKED_INTO_MAX)
                .forEach(block -> different(table, block, was.get(block), is.get(block)));
    }

    private static Map<Block, Digest> digests(Sql sql, HistoryTable table, String hashed) {
        Map<Block, Digest> digests = new HashMap<>();
        sql.query(
                table.digests(hashed),
                row -> digests.put(
                        new Block(row.getInt(1), row.getLong(2)), new Digest(row.getLong(3), row.getBigDecimal(4))));
        return digests;
    }

    private static Map<Block, Digest> await(CompletableFuture<Map<Block, Digest>> digests) {
        try {
            return digests.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
    }

    private void lookInto(HistoryTable table, Block block) {
        Map<String, String> was = RowDifferences.rows(stored, table, table.isInBlock(), block.shard(), block.number());
        Map<String, String> is = RowDifferences.rows(rebuilt, table, table.isInBlock(), block.shard(), block.number());
        if (!RowDifferences.add(differences, positions.apply(block.shard()), table, was, is)) {
            // The same row twice.
            differences.add(new Difference(
                    positions.apply(block.shard()),
                    table.name() + " block " + block.number(),
                    "doubled rows",
                    "each once"));
        }
    }

    private void different(HistoryTable table, Block block, @Nullable Digest was, @Nullable Digest is) {
        differences.add(new Difference(
                positions.apply(block.shard()),
                table.name() + " block " + block.number(),
                was == null ? "" : was.rows() + " rows",
                is == null ? "" : is.rows() + " other rows"));
    }
}
