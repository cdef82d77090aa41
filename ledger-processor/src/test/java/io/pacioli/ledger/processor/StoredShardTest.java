package io.pacioli.ledger.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.SealedEntry;
import io.pacioli.ledger.core.Account;
import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.AccountStatus;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Decision;
import io.pacioli.ledger.core.Due;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.core.InMemoryShard;
import io.pacioli.ledger.core.Input;
import io.pacioli.ledger.core.Ledger;
import io.pacioli.ledger.core.PendingTransaction;
import io.pacioli.ledger.core.ShardHeader;
import io.pacioli.ledger.core.Transit;
import io.pacioli.ledger.testkit.workload.Workload;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The stored state and the one on the heap are the same fold, however small the cache and however often a task starts anew. */
final class StoredShardTest {
    private static final int SHARDS = 3;
    private static final int COMMANDS = 4_000;
    private static final int COMMIT_EVERY = 50;
    private static final int RESTART_EVERY = 5 * COMMIT_EVERY;
    private static final AccountCache CACHE = new AccountCache(3, 1 << 20);

    private final KafkaRouter router = new KafkaRouter(SHARDS);
    private final Ledger ledger = new Ledger(router);
    private final List<KeyValueStore<byte[], byte[]>> stores = new ArrayList<>();
    private final List<StoredShard> stored = new ArrayList<>();
    private final List<InMemoryShard> onHeap = new ArrayList<>();
    private final List<Hash> heads = new ArrayList<>();
    private final Deque<Transit> inTransit = new ArrayDeque<>();
    private final Set<String> commandIds = new HashSet<>();
    private final Set<String> events = new HashSet<>();
    private long inputs;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 20_261_123})
    void bothStayEqual(long seed) {
        for (int shard = 0; shard < SHARDS; shard++) {
            stores.add(MemoryStore.open());
            stored.add(new StoredShard(shard, stores.get(shard), CACHE));
            onHeap.add(new InMemoryShard(shard));
            heads.add(Hash.ZERO);
            apply(shard, new Input.ConfigurationInput(Sample.configuration(SHARDS), "configuration", 0));
        }
        Workload workload = new Workload(seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < COMMANDS; i++) {
            Command command = workload.next(inputs);
            commandIds.add(command.id());
            int shard = router.shardOfKey(command.routingKey());
            apply(shard, new Input.CommandInput(command, CommandCodec.fingerprint(command), "c-" + i, inputs));
            while (!inTransit.isEmpty() && random.nextInt(4) > 0) {
                Transit next = inTransit.remove();
                apply(next.to(), new Input.TransitInput(next, "t-" + inputs, inputs));
            }
            if (i % COMMIT_EVERY == 0) {
                stored.forEach(StoredShard::flush);
            }
            if (i % RESTART_EVERY == 0) {
                stored.set(shard, new StoredShard(shard, stores.get(shard), CACHE));
                compare(stored.get(shard), onHeap.get(shard));
            }
        }
        for (int shard = 0; shard < SHARDS; shard++) {
            compare(stored.get(shard), onHeap.get(shard));
            assertThat(onHeap.get(shard).accounts()).hasSizeGreaterThan(CACHE.decodedMax());
            stored.get(shard).flush();
            StoredShard again = new StoredShard(shard, stores.get(shard), CACHE);
            compare(again, onHeap.get(shard));
            for (Due due : onHeap.get(shard).due()) {
                assertThat(again.firstDue()).isEqualTo(due);
                again.remove(due);
            }
            assertThat(again.firstDue()).isNull();
        }
        assertThat(events)
                .contains(
                        "AccountClosed",
                        "AccountFrozen",
                        "CommandDeferred",
                        "HoldExpired",
                        "HoldVoided",
                        "TransactionAborted",
                        "TransactionCommitted",
                        "TransactionReleased",
                        "TransactionSettled",
                        "TransactionVoted",
                        "TransferReturned");
    }

    /** Small and large accounts, of which the packed ones hold none, some or all: they come from all places that one may be in. */
    @ParameterizedTest
    @CsvSource({"0, 60000, 100000", "700000, 20000, 80000", "40000000, 8000, 16000"})
    void accountsComeBackAsTheyWere(int packedBytesMax, int storeReadsMin, int storeReadsMax) {
        AtomicInteger reads = new AtomicInteger();
        StoredShard shard = new StoredShard(
                0, MemoryStore.counting(MemoryStore.open(), "get", reads), new AccountCache(2, packedBytesMax));
        Map<String, Account> expected = new HashMap<>();
        SplittableRandom random = new SplittableRandom(packedBytesMax);
        for (int i = 0; i < 100_000; i++) {
            String id = "account-" + random.nextInt(random.nextInt(20_000) + 1);
            if (random.nextInt(4) > 0) {
                assertThat(shard.account(id)).isEqualTo(expected.get(id));
            }
            if (!expected.containsKey(id) || random.nextBoolean()) {
                Account changed = account(id, i, random.nextInt(200) == 0 ? Account.HOLDINGS_MAX : random.nextInt(3));
                shard.put(changed);
                expected.put(id, changed);
            }
            if (random.nextInt(2_000) == 0) {
                shard.put(new ShardHeader(0, i, i, Sample.configuration(SHARDS)));
                shard.flush();
            }
        }
        assertThat(reads).hasValueBetween(storeReadsMin, storeReadsMax);
    }

    private static Account account(String id, int version, int holdings) {
        List<Holding> all = new ArrayList<>();
        for (int i = 0; i < holdings; i++) {
            BigInteger amount = BigInteger.valueOf(version).pow(8);
            all.add(new Holding("ASSET" + (1_000 + i), amount, amount, amount, amount));
        }
        return new Account(id, version, true, AccountStatus.OPEN, AccountLimits.DEFAULT, all, Map.of());
    }

    /** Decides what is due before it. */
    private void apply(int shard, Input input) {
        inputs++;
        Input due = Ledger.due(stored.get(shard), input.atMillis());
        while (due != null) {
            assertThat(due).isEqualTo(Ledger.due(onHeap.get(shard), input.atMillis()));
            decide(shard, due);
            due = Ledger.due(stored.get(shard), input.atMillis());
        }
        assertThat(Ledger.due(onHeap.get(shard), input.atMillis())).isNull();
        decide(shard, input);
    }

    private void decide(int shard, Input input) {
        StoredShard state = stored.get(shard);
        Decision decision = ledger.decide(input, state);
        assertThat(decision).isEqualTo(ledger.decide(input, onHeap.get(shard)));
        if (!(decision instanceof Decision.Journaled journaled)) {
            return;
        }
        for (Entry entry : journaled.entries()) {
            events.add(entry.event().type());
            SealedEntry sealed = JournalCodec.encode(entry, state.chainHead());
            state.chainHead(sealed.hash());
            ledger.evolve(state, entry);
            ledger.evolve(onHeap.get(shard), entry);
            heads.set(shard, sealed.hash());
        }
        inTransit.addAll(journaled.transit());
    }

    private void compare(StoredShard actual, InMemoryShard expected) {
        assertThat(actual.header()).isEqualTo(expected.header());
        assertThat(actual.chainHead()).isEqualTo(heads.get(expected.header().shard()));
        for (Account account : expected.accounts()) {
            assertThat(actual.account(account.id())).isEqualTo(account);
        }
        for (Asset asset : expected.assets()) {
            assertThat(actual.asset(asset.code())).isEqualTo(asset);
        }
        for (String id : commandIds) {
            assertThat(actual.command(id)).isEqualTo(expected.command(id));
            assertThat(actual.hold(id)).isEqualTo(expected.hold(id));
            assertThat(actual.receipt(id)).isEqualTo(expected.receipt(id));
            assertThat(actual.deferral(id)).isEqualTo(expected.deferral(id));
            for (int coordinator = 0; coordinator < SHARDS; coordinator++) {
                String key = PendingTransaction.key(coordinator, id);
                assertThat(actual.transaction(key)).isEqualTo(expected.transaction(key));
            }
        }
        assertThat(actual.firstDue()).isEqualTo(expected.firstDue());
        for (int peer = 0; peer < SHARDS; peer++) {
            assertThat(actual.channel(peer)).isEqualTo(expected.channel(peer));
        }
        assertThat(actual.account("nobody")).isNull();
        assertThat(actual.asset("NOTHING")).isNull();
    }
}
