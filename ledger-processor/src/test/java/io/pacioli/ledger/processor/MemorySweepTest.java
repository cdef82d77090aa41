package io.pacioli.ledger.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.api.state.StateCodec;
import io.pacioli.ledger.core.Account;
import io.pacioli.ledger.core.Channel;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Deferral;
import io.pacioli.ledger.core.Due;
import io.pacioli.ledger.core.Fingerprint;
import io.pacioli.ledger.core.Hold;
import io.pacioli.ledger.core.Memory;
import io.pacioli.ledger.core.PendingTransaction;
import io.pacioli.ledger.core.Receipt;
import io.pacioli.ledger.core.RememberedCommand;
import io.pacioli.ledger.core.ShardConfiguration;
import io.pacioli.ledger.core.ShardHeader;
import io.pacioli.ledger.core.TransactionTerms;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MemorySweepTest {
    private static final long FOREVER = Long.MAX_VALUE / 4;

    private final KeyValueStore<byte[], byte[]> store = MemoryStore.open();
    private final AtomicInteger ranges = new AtomicInteger();
    private final MemorySweep sweep = new MemorySweep(MemoryStore.counting(store, "range", ranges));
    private final List<Kept> kept = new ArrayList<>();
    private ShardHeader header = ShardHeader.empty(0);

    /** What was put into the store. */
    private record Kept(char kind, String id, Memory memory) {
        byte[] key() {
            return switch (kind) {
                case StateKeys.COMMAND -> StateKeys.command(id);
                case StateKeys.RECEIPT -> StateKeys.receipt(id);
                default -> StateKeys.hold(id);
            };
        }
    }

    @Test
    void nothingHappensBeforeTheShardHasEntries() {
        sweep.run(header);

        assertThat(ranges).hasValue(0);
    }

    @Test
    void whatIsOlderThanTheWindowGoes() {
        configure(1_000, FOREVER);
        remember(5, 0);
        sweepThroughout();
        pass(1_000);
        assertStored(10);

        pass(1);

        assertStored(0);
    }

    @Test
    void whatIsFurtherBackThanTheEntriesGoes() {
        configure(FOREVER, 10);
        remember(25, 0);

        sweepThroughout();

        assertStored(20);
    }

    @Test
    void whatIsNotOverStays() {
        configure(1, 1);
        Hold active = hold("a", Hold.Status.ACTIVE, null);
        RememberedCommand waiting = command("w", Memory.FOR_EVER, true);
        store.put(StateKeys.hold("a"), StateCodec.encode(active));
        store.put(StateKeys.command("w"), StateCodec.encode(waiting));
        remember(20, 10);
        pass(FOREVER);

        sweepThroughout();

        assertThat(MemoryStore.size(store)).isEqualTo(2);
        StoredShard shard = new StoredShard(0, store, new AccountCache(10, 0));
        assertThat(shard.hold("a")).isEqualTo(active);
        assertThat(shard.command("w")).isEqualTo(waiting);
    }

    @Test
    void itRestsOverWhatIsNotOver() {
        configure(1_000, FOREVER);
        store.put(StateKeys.hold("a"), StateCodec.encode(hold("a", Hold.Status.ACTIVE, null)));
        for (int i = 0; i < 50; i++) {
            header = header(header.sequence() + 1, header.atMillis() + 1);
            sweep.run(header);
        }

        assertThat(ranges).hasValue(1);
    }

    @Test
    void nothingElseIsTouched() {
        configure(1, 1);
        remember(50, 10);
        StoredShard shard = new StoredShard(0, store, new AccountCache(10, 0));
        shard.put(Account.fresh("c"));
        shard.put(Sample.asset("D"));
        shard.put(new Channel(1, 1, 1));
        shard.put(new Due(0, Due.Kind.HOLD_EXPIRY, "e"));
        shard.put(new Deferral((Command.Transfer) Sample.transfer("f", "D", "c", "b", 1), new Fingerprint(1, 2)));
        shard.put(new PendingTransaction(new TransactionTerms("d", 1, List.of(), 0, "", Map.of()), null, Map.of()));
        shard.keep("d", new ReplyAddress(Map.of()));
        shard.chainHead(Hash.of(new byte[1]));
        shard.put(header);
        shard.flush();
        long others = 8;

        pass(100);
        remember(2, 10);
        sweepThroughout();

        assertThat(MemoryStore.size(store)).isEqualTo(others + remembered());
        StoredShard again = new StoredShard(0, store, new AccountCache(10, 0));
        assertThat(again.account("c")).isNotNull();
        assertThat(again.asset("D")).isNotNull();
        assertThat(again.channel(1).sent()).isEqualTo(1);
        assertThat(again.firstDue()).isNotNull();
        assertThat(again.deferral("f")).isNotNull();
        assertThat(again.transaction(PendingTransaction.key(1, "d"))).isNotNull();
        assertThat(again.take("d")).isNotNull();
    }

    @Test
    void itRestsUntilTheOldestCanHaveExpired() {
        configure(1_000, FOREVER);
        remember(100, 1);
        sweep.run(header);
        int before = ranges.get();

        for (int i = 0; i < 50; i++) {
            remember(10, 1);
            sweep.run(header);
        }
        assertThat(ranges).as("while not even the oldest can have expired").hasValue(before);

        remember(2_000, 1);
        sweep.run(header);
        assertThat(ranges).hasValue(before + 1);
        assertThat(MemoryStore.size(store)).isLessThan(kept.size());
    }

    @Test
    void anEmptyStoreIsLookedAtOnce() {
        configure(1_000, FOREVER);
        for (int i = 0; i < 50; i++) {
            header = header(header.sequence() + 1, header.atMillis() + 1);
            sweep.run(header);
        }

        assertThat(ranges).hasValue(1);
    }

    /** However the sweeps fall, never one too many goes, and the store never holds more than about twice what it needs. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void randomTraffic(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        configure(random.nextLong(1, 3_000), random.nextLong(1, 2_000));
        for (int i = 0; i < 400; i++) {
            if (random.nextInt(50) == 0) {
                configure(random.nextLong(1, 3_000), random.nextLong(1, 2_000));
            }
            remember(random.nextInt(100), random.nextInt(4));
            forgotten();
            if (random.nextInt(3) > 0) {
                sweep.run(header);
            }
            assertRememberedAreFound(random);
        }
        for (int i = 0; i < 200; i++) {
            remember(100, 1);
            sweep.run(header);
        }
        assertThat(MemoryStore.size(store)).as("seed " + seed).isLessThanOrEqualTo(2 * remembered() + 800);
    }

    /** Drops what has been forgotten: wider settings later do not bring it back. */
    private void forgotten() {
        kept.removeIf(one -> !one.memory.lasts(header.sequence(), header.atMillis()));
    }

    private void assertRememberedAreFound(SplittableRandom random) {
        for (int i = 0; i < 200 && !kept.isEmpty(); i++) {
            Kept one = kept.get(random.nextInt(kept.size()));
            assertThat(store.get(one.key())).as(one.toString()).isNotNull();
        }
    }

    private void configure(long windowMillis, long entriesMax) {
        header = new ShardHeader(
                0, header.sequence() + 1, header.atMillis(), new ShardConfiguration(1, windowMillis, entriesMax));
    }

    private ShardHeader header(long sequence, long atMillis) {
        return new ShardHeader(0, sequence, atMillis, header.configuration());
    }

    /** Makes entries of commands, each of which leaves a receipt or an ended hold too. */
    private void remember(int entries, long millisBetween) {
        for (int i = 0; i < entries; i++) {
            header = header(header.sequence() + 1, header.atMillis() + millisBetween);
            // Ids in no order, as clients choose them.
            String id = Integer.toHexString(Long.hashCode(header.sequence() * 0x9E3779B97F4A7C15L)) + "-"
                    + header.sequence();
            Memory memory = new Memory(
                    header.atMillis() + header.configured().idempotencyWindowMillis(),
                    header.sequence() + header.configured().idempotencyEntriesMax() - 1);
            keep(new Kept(StateKeys.COMMAND, id, memory), StateCodec.encode(command(id, memory, false)));
            if (header.sequence() % 2 == 0) {
                Receipt receipt = new Receipt(id, "GOLD", "alice", "bob", BigInteger.TEN, BigInteger.ZERO, memory);
                keep(new Kept(StateKeys.RECEIPT, id, memory), StateCodec.encode(receipt));
            } else {
                keep(new Kept(StateKeys.HOLD, id, memory), StateCodec.encode(hold(id, Hold.Status.EXPIRED, memory)));
            }
        }
    }

    private void keep(Kept one, byte[] value) {
        kept.add(one);
        store.put(one.key(), value);
    }

    private RememberedCommand command(String id, Memory memory, boolean isPending) {
        return new RememberedCommand(
                id,
                new Fingerprint(1, 2),
                header.sequence(),
                header.atMillis(),
                memory,
                "TransferPosted",
                isPending,
                null);
    }

    private static Hold hold(String id, Hold.Status status, @Nullable Memory memory) {
        return new Hold(id, "GOLD", "alice", null, BigInteger.ONE, null, status, memory);
    }

    /** Moves the time by an entry that is no command's. */
    private void pass(long millis) {
        header = header(header.sequence() + 1, header.atMillis() + millis);
        sweepThroughout();
    }

    /** A sweep that has rested nowhere reads the whole store at once, if it is this small. */
    private void sweepThroughout() {
        new MemorySweep(store).run(header);
    }

    private long remembered() {
        return kept.stream()
                .filter(one -> one.memory.lasts(header.sequence(), header.atMillis()))
                .count();
    }

    private void assertStored(long number) {
        assertThat(remembered()).isEqualTo(number);
        assertThat(MemoryStore.size(store)).isEqualTo(number);
    }
}
