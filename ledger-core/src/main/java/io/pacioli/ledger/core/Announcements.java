package io.pacioli.ledger.core;

import java.util.ArrayList;
import java.util.List;

/** The messages by which an asset's own shard tells all others of it. */
final class Announcements {
    private Announcements() {}

    static List<Transit> of(Asset asset, String commandId, int shards, ShardView view) {
        int self = view.header().shard();
        List<Transit> announcements = new ArrayList<>(shards - 1);
        for (int peer = 0; peer < shards; peer++) {
            if (peer != self) {
                long number = view.channel(peer).send().sent();
                announcements.add(new Transit.AssetAnnouncement(self, peer, number, commandId, asset));
            }
        }
        return announcements;
    }
}
