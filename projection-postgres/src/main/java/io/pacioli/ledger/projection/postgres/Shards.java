package io.pacioli.ledger.projection.postgres;

import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.Router;
import java.util.List;
import java.util.stream.IntStream;

/** Which shards a question concerns. */
record Shards(Router router) {
    /** All of them. */
    List<Integer> all() {
        return IntStream.range(0, router.shards()).boxed().toList();
    }

    /** Those that keep an account: one, unless it is a clearing account. */
    List<Integer> of(String account) {
        return AccountId.isClearing(account) ? all() : List.of(router.shardOf(account));
    }
}
