package io.pacioli.ledger.app.demo;

import io.pacioli.ledger.audit.BalanceSource;
import io.pacioli.ledger.audit.Books;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.projection.redis.RedisBalances;
import java.util.List;

/** All balances that Redis holds, those of system accounts included. */
record RedisSource(RedisBalances balances) implements BalanceSource {
    @Override
    public String name() {
        return "Redis";
    }

    @Override
    public List<Position> positions() {
        return balances.positions();
    }

    @Override
    public void forEach(Books.HoldingVisitor visitor) {
        for (int shard = 0; shard < balances.shards(); shard++) {
            for (int page = 0; page < RedisBalances.PAGES; page++) {
                int place = shard;
                balances.accounts(shard, page)
                        .accounts()
                        .forEach((account, holdings) ->
                                holdings.forEach(holding -> visitor.visit(place, account, holding)));
            }
        }
    }
}
