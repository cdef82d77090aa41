package io.pacioli.ledger.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.core.Account;
import io.pacioli.ledger.core.Channel;
import io.pacioli.ledger.core.Fingerprint;
import io.pacioli.ledger.core.RememberedCommand;
import io.pacioli.ledger.core.ShardConfiguration;
import io.pacioli.ledger.core.ShardHeader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CommandSweepTest {
    private static final long FOREVER = Long.MAX_VALUE / 4;

    private final KeyValueStore<byte[], byte[]> store = MemoryStore.open();
    private final AtomicInteger ranges = new AtomicInteger();
    private final CommandSweep sweep = new CommandSweep(counting(store, ranges));
    private final List<RememberedCommand> commands = new ArrayList<>();
    private ShardHeader header = ShardHeader.empty(0);

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
        assertStored(5);

        pass(1);

        assertStored(0);
    }

    @Test
    void whatIsFurtherBackThanTheEntriesGoes() {
        configure(FOREVER, 10);
        remember(25, 0);

        sweepThroughout();

        assertStored(10);
    }

    @Test
    void nothingElseIsTouched() {
        configure(1, 1);
        remember(50, 10);
        StoredShard shard = new StoredShard(0, store, 10);
        shard.put(Account.fresh("c"));
        shard.put(Sample.asset("D"));
        shard.put(new Channel(1, 1, 1));
        shard.chainHead(Hash.of(new byte[1]));
        shard.put(header);
        shard.flush();
        long others = 4;

        pass(100);
        remember(2, 10);
        sweepThroughout();

        assertThat(MemoryStore.size(store)).isEqualTo(others + remembered());
        StoredShard again = new StoredShard(0, store, 10);
        assertThat(again.account("c")).isNotNull();
        assertThat(again.asset("D")).isNotNull();
        assertThat(again.channel(1).sent()).isEqualTo(1);
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
        assertThat(MemoryStore.size(store)).isLessThan(commands.size());
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
        assertThat(MemoryStore.size(store)).as("seed " + seed).isLessThanOrEqualTo(2 * remembered() + 400);
    }

    /** Drops what has been forgotten: wider settings later do not bring it back. */
    private void forgotten() {
        commands.removeIf(command -> !command.isRemembered(header.sequence(), header.atMillis()));
    }

    private void assertRememberedAreFound(SplittableRandom random) {
        for (int i = 0; i < 200 && !commands.isEmpty(); i++) {
            RememberedCommand command = commands.get(random.nextInt(commands.size()));
            assertThat(store.get(StateKeys.command(command.id())))
                    .as(command.toString())
                    .isNotNull();
        }
    }

    private void configure(long windowMillis, long entriesMax) {
        header = new ShardHeader(
                0, header.sequence() + 1, header.atMillis(), new ShardConfiguration(1, windowMillis, entriesMax));
    }

    private ShardHeader header(long sequence, long atMillis) {
        return new ShardHeader(0, sequence, atMillis, header.configuration());
    }

    private void remember(int number, long millisBetween) {
        for (int i = 0; i < number; i++) {
            header = header(header.sequence() + 1, header.atMillis() + millisBetween);
            // Ids in no order, as clients choose them.
            String id = Integer.toHexString(Long.hashCode(header.sequence() * 0x9E3779B97F4A7C15L)) + "-"
                    + header.sequence();
            RememberedCommand command = new RememberedCommand(
                    id,
                    new Fingerprint(1, 2),
                    header.sequence(),
                    header.atMillis(),
                    header.atMillis() + header.configured().idempotencyWindowMillis(),
                    header.sequence() + header.configured().idempotencyEntriesMax() - 1,
                    "TransferPosted",
                    null);
            commands.add(command);
            store.put(StateKeys.command(id), StateCodec.encode(command));
        }
    }

    /** Moves the time by an entry that is no command's. */
    private void pass(long millis) {
        header = header(header.sequence() + 1, header.atMillis() + millis);
        sweepThroughout();
    }

    /** A sweep that has rested nowhere reads the whole store at once, if it is this small. */
    private void sweepThroughout() {
        new CommandSweep(store).run(header);
    }

    private long remembered() {
        return commands.stream()
                .filter(c -> c.isRemembered(header.sequence(), header.atMillis()))
                .count();
    }

    private void assertStored(long number) {
        assertThat(remembered()).isEqualTo(number);
        assertThat(MemoryStore.size(store)).isEqualTo(number);
    }

    @SuppressWarnings("unchecked")
    private static KeyValueStore<byte[], byte[]> counting(KeyValueStore<byte[], byte[]> store, AtomicInteger ranges) {
        return (KeyValueStore<byte[], byte[]>) Proxy.newProxyInstance(
                CommandSweepTest.class.getClassLoader(),
                new Class<?>[] {KeyValueStore.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("range")) {
                        ranges.incrementAndGet();
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
