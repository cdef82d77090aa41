package io.pacioli.ledger.projection.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.testkit.TestServices;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Walks over all accounts. */
class AccountListIT {
    private static final int SHARDS = 6;

    private final KafkaRouter router = new KafkaRouter(SHARDS);
    private final TestStore store = new TestStore(TestServices.redis().freshDatabase(), router);
    private final SplittableRandom random = new SplittableRandom(20261123);
    private final List<StorePosition> tips = new ArrayList<>();

    @BeforeEach
    void begin() {
        for (int shard = 0; shard < SHARDS; shard++) {
            store.store.clear(shard, "", Batches.START);
            tips.add(Batches.START);
        }
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void eachAccountIsSeenOnceWhileOthersAreAdded() {
        Set<String> before = names("before-", 12_000);
        credit(before);
        Set<String> added = new HashSet<>();
        Set<String> seen = new HashSet<>();
        AccountCursor next = AccountCursor.START;
        for (int page = 0; next != null; page++) {
            int limit = 1 + random.nextInt(page % 3 == 0 ? 5 : RedisBalances.ACCOUNTS_MAX);
            AccountList list = store.balances.list(next, limit).value().orElseThrow();
            assertThat(list.accounts()).hasSizeLessThanOrEqualTo(limit);
            for (AccountBalances account : list.accounts()) {
                assertThat(seen.add(account.account())).as(account.account()).isTrue();
                assertThat(account.balances())
                        .singleElement()
                        .satisfies(balance -> assertThat(balance.total())
                                .isEqualTo(BigInteger.valueOf(account.account().length())));
            }
            next = list.next();
            Set<String> more = names("added-" + page + "-", 20);
            credit(more);
            added.addAll(more);
        }
        assertThat(seen).containsAll(before).doesNotContain("@GOLD");
        seen.removeAll(before);
        assertThat(added).containsAll(seen).isNotEmpty();
    }

    @Test
    void manyAccountsOfOneHashAreSeenOnceEachInAnySteps() {
        Set<String> accounts = new HashSet<>();
        for (int i = 0; accounts.size() < 700; i++) {
            String account = "u" + i + "{same}";
            if (RedisKeys.hashOf(account) == 77) {
                accounts.add(account);
            }
        }
        credit(accounts);
        for (int limit : new int[] {1, 7, 699, 700, 701}) {
            Set<String> seen = new HashSet<>();
            int pages = 0;
            AccountCursor next = new AccountCursor(router.shardOf("{same}"), 0, "");
            while (next != null && seen.size() < 700) {
                AccountList list = store.balances.list(next, limit).value().orElseThrow();
                list.accounts()
                        .forEach(account ->
                                assertThat(seen.add(account.account())).isTrue());
                next = list.next();
                pages++;
            }
            assertThat(seen).isEqualTo(accounts);
            assertThat(pages).isEqualTo((699 + limit) / limit);
        }
    }

    @Test
    void aNearlyEmptyLedgerIsListedInFewRoundTrips() {
        credit(Set.of("alice", "bob", "carol"));
        long before = scripts();

        Answer<AccountList> answer = store.balances.list(AccountCursor.START, 50);

        assertThat(scripts() - before).isLessThanOrEqualTo(2 * SHARDS);
        AccountList list = answer.value().orElseThrow();
        assertThat(list.accounts())
                .extracting(AccountBalances::account)
                .containsExactlyInAnyOrder("alice", "bob", "carol");
        assertThat(list.next()).isNull();
        assertThat(answer.positions()).hasSize(SHARDS);
    }

    @Test
    void aFullLedgerIsListedInOneRoundTripAPage() {
        credit(names("u", 20_000));
        long before = scripts();
        AccountCursor next = AccountCursor.START;
        int pages = 0;
        for (int count = 0; count < 2_000; pages++) {
            AccountList list = store.balances
                    .list(Objects.requireNonNull(next), 50)
                    .value()
                    .orElseThrow();
            count += list.accounts().size();
            next = list.next();
        }
        assertThat(pages).isEqualTo(40);
        assertThat(scripts() - before).isLessThanOrEqualTo(pages + 2);
    }

    /** How many scripts the server has run. */
    private long scripts() {
        return store.calls("evalsha") + store.calls("eval");
    }

    private static Set<String> names(String prefix, int count) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < count; i++) {
            names.add(prefix + i);
        }
        return names;
    }

    /** Gives each account as much as its name is long. */
    private void credit(Set<String> accounts) {
        List<ShardBatch> batches = new ArrayList<>();
        tips.forEach(tip -> batches.add(new ShardBatch(batches.size(), tip, false)));
        for (String account : accounts) {
            int shard = router.shardOf(account);
            Batches.add(batches.get(shard), account, "GOLD", Bucket.AVAILABLE, BigInteger.valueOf(account.length()));
            if (batches.get(shard).isFull()) {
                apply(batches, shard);
            }
        }
        for (int shard = 0; shard < SHARDS; shard++) {
            apply(batches, shard);
        }
    }

    private void apply(List<ShardBatch> batches, int shard) {
        ShardBatch batch = batches.get(shard);
        assertThat(store.apply(batch)).isEqualTo(batch.to().text());
        tips.set(shard, batch.to());
        batches.set(shard, new ShardBatch(shard, batch.to(), false));
    }
}
