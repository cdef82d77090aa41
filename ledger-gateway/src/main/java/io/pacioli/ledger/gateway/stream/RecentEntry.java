package io.pacioli.ledger.gateway.stream;

import io.pacioli.ledger.core.Entry;
import org.jspecify.annotations.Nullable;

/** An entry that all streams share, with its event for the streams of its asset, which may be many. Thread safe. */
final class RecentEntry {
    /** An entry takes about twice as many bytes on the heap as its record has, and its event as much as the record. */
    private static final int HEAP_FACTOR = 3;

    private final Entry entry;
    private final int weight;
    private volatile @Nullable AssetEvent assetEvent;

    private record AssetEvent(View view, StreamEvent event) {}

    /** @param recordBytes the size of the entry's record */
    RecentEntry(Entry entry, int recordBytes) {
        this.entry = entry;
        this.weight = HEAP_FACTOR * recordBytes;
    }

    Entry entry() {
        return entry;
    }

    long sequence() {
        return entry.sequence();
    }

    /** About how many bytes it takes on the heap. */
    int weight() {
        return weight;
    }

    /** Its event in a view that shows it. */
    StreamEvent event(View view) {
        return switch (view) {
            case View.OfAccount of -> made(of);
            case View.OfAsset of -> {
                AssetEvent known = assetEvent;
                if (known == null || !known.view().equals(of)) {
                    known = new AssetEvent(of, made(of));
                    assetEvent = known;
                }
                yield known.event();
            }
        };
    }

    private StreamEvent made(View view) {
        return new StreamEvent(entry.sequence(), EventText.of(entry, view));
    }
}
