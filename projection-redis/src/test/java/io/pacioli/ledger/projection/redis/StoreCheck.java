package io.pacioli.ledger.projection.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.core.AccountStatus;
import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.core.Position;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compares everything in a store with a ledger on the heap. */
final class StoreCheck {
    private StoreCheck() {}

    /** Every account of every shard, the positions, and the leaderboards of the assets. */
    static void assertEqual(RedisBalances balances, TestLedger ledger, String... assets) {
        for (int shard = 0; shard < ledger.shards(); shard++) {
            assertThat(balances.positions().get(shard)).isEqualTo(new Position(shard, ledger.sequence(shard)));
            assertThat(accounts(balances, shard)).isEqualTo(ledger.accounts(shard));
        }
        assertThat(statuses(balances)).isEqualTo(ledger.statuses());
        for (String asset : assets) {
            for (int limit : new int[] {1, 7, RedisBalances.LEADERS_MAX}) {
                assertThat(balances.leaderboard(asset, limit)
                                .value()
                                .orElseThrow()
                                .leaders())
                        .isEqualTo(ledger.leaders(asset, limit));
            }
        }
    }

    private static Map<String, AccountStatus> statuses(RedisBalances balances) {
        Map<String, AccountStatus> statuses = new HashMap<>();
        AccountCursor next = AccountCursor.START;
        while (next != null) {
            AccountList list =
                    balances.list(next, RedisBalances.ACCOUNTS_MAX).value().orElseThrow();
            list.accounts().forEach(account -> statuses.put(account.account(), account.status()));
            next = list.next();
        }
        return statuses;
    }

    private static Map<String, List<Holding>> accounts(RedisBalances balances, int shard) {
        Map<String, List<Holding>> accounts = new HashMap<>();
        for (int page = 0; page < RedisBalances.PAGES; page++) {
            accounts.putAll(balances.accounts(shard, page).accounts());
        }
        return accounts;
    }
}
