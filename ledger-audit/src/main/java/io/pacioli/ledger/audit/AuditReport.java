package io.pacioli.ledger.audit;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an audit has found.
 *
 * @param decided whether every entry was decided again
 * @param startedAtMillis when it began, by this machine's clock
 * @param duration how long it took
 * @param journal the topic
 * @param shards how far each shard was audited
 * @param assets the books of each asset over all shards, at a consistent cut, by code
 * @param underWay what is between shards there
 * @param accounts how many accounts there are, counted on each shard
 * @param entries how many entries were read
 * @param postings how many postings they have
 * @param rejections how many of them reject a command
 * @param inputs what became of the inputs; null when nothing was decided again
 * @param checkpoints what is signed of the journal; null when no public key was given
 * @param projections what was compared of each projection
 * @param differences how many differences were found
 * @param warnings how many findings are no differences
 * @param findings the first of each kind, {@link Findings#KEPT_MAX} at most, in the order in which they happened, warnings last
 */
public record AuditReport(
        boolean decided,
        long startedAtMillis,
        Duration duration,
        String journal,
        List<ShardFigures> shards,
        SortedMap<String, AssetBooks> assets,
        List<UnderWay> underWay,
        long accounts,
        long entries,
        long postings,
        long rejections,
        @Nullable InputFigures inputs,
        @Nullable CheckpointFigures checkpoints,
        List<ProjectionFigures> projections,
        long differences,
        long warnings,
        List<Finding> findings) {
    /** Copies the collections. */
    public AuditReport {
        shards = List.copyOf(shards);
        assets = Collections.unmodifiableSortedMap(new TreeMap<>(assets));
        underWay = List.copyOf(underWay);
        projections = List.copyOf(projections);
        findings = List.copyOf(findings);
    }

    /** Whether all holds. */
    public boolean passed() {
        return differences == 0;
    }
}
