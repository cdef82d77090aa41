package io.pacioli.ledger.app.audit;

import io.pacioli.ledger.audit.AuditException;
import io.pacioli.ledger.audit.BalanceReading;
import io.pacioli.ledger.audit.BalanceSource;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.projection.redis.AccountsPage;
import io.pacioli.ledger.projection.redis.RedisBalances;
import io.pacioli.ledger.projection.redis.StoreUnavailableException;
import java.util.List;
import java.util.function.Supplier;

/**
 * All balances that Redis holds, those of system accounts included: in pages, each of which is true for a position of its own.
 *
 * @param balances what answers
 */
public record RedisSource(RedisBalances balances) implements BalanceSource {
    @Override
    public String name() {
        return "Redis";
    }

    @Override
    public BalanceReading open() {
        List<Position> positions = ask(balances::positions);
        return new BalanceReading() {
            @Override
            public List<Position> positions() {
                return positions;
            }

            @Override
            public int pages() {
                return RedisBalances.PAGES;
            }

            @Override
            public void read(int shard, int page, PageVisitor visitor) {
                AccountsPage accounts = ask(() -> balances.accounts(shard, page));
                if (visitor.at(accounts.position())) {
                    accounts.accounts()
                            .forEach((account, holdings) ->
                                    holdings.forEach(holding -> visitor.holding(account, holding)));
                }
            }

            @Override
            public void close() {}
        };
    }

    private static <T> T ask(Supplier<T> question) {
        try {
            return question.get();
        } catch (StoreUnavailableException e) {
            throw new AuditException("Redis cannot be compared: " + e.getMessage(), e);
        }
    }
}
