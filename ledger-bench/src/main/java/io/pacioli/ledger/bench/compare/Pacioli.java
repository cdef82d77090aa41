package io.pacioli.ledger.bench.compare;

import static java.util.Objects.requireNonNull;

import io.pacioli.ledger.api.LedgerClient;
import io.pacioli.ledger.api.LedgerClientSettings;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.bench.AccountPairs;
import io.pacioli.ledger.bench.Await;
import io.pacioli.ledger.bench.BenchLedger;
import io.pacioli.ledger.bench.BenchWorkload;
import io.pacioli.ledger.bench.JournalCounter;
import io.pacioli.ledger.bench.LiveBalances;
import io.pacioli.ledger.bench.PacedTransfers;
import io.pacioli.ledger.bench.StoredHistory;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Outcome;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;
import org.apache.kafka.common.utils.AppInfoParser;
import org.jspecify.annotations.Nullable;

/**
 * The whole ledger: broker, processor, and both projections that follow it while it is measured; or without these, as it decides where they
 * have machines of their own.
 *
 * @param shards of the ledger
 * @param threads of the processor
 * @param isProjected whether projections follow
 */
record Pacioli(int shards, int threads, boolean isProjected) implements Contender {
    static final String NAME = "Pacioli";

    /** Commands that may be sent and not decided: the broker would take any number, and what waits there is no rate of the ledger's. */
    private static final int UNDECIDED_MAX = 30_000;

    private static final long ROOM_POLL_NANOS = 200_000;

    /** Outcomes that may be awaited at a fixed rate: what falls behind shall show as latency, not end the measurement. */
    private static final int IN_FLIGHT_MAX = 1_000_000;

    private static final Duration OUTCOME_MAX = Duration.ofMinutes(1);
    private static final Duration STAGE_MAX = Duration.ofMinutes(5);

    /** All of them are given money by the shard that issues the asset, and are in both projections before anything is measured. */
    private static final int FUNDED_A_SECOND_MIN = 2_000;

    @Override
    public String name() {
        return isProjected ? NAME : NAME + ", projections elsewhere";
    }

    @Override
    public boolean isPaced() {
        return true;
    }

    @Override
    public Started start(int accounts) {
        return new Stack(this, accounts);
    }

    /** The ledger that runs. */
    private static final class Stack implements Started {
        private final Pacioli shape;
        private final int accounts;
        private final BenchLedger ledger;
        private final LedgerClient client;
        private final JournalCounter journal;
        private final @Nullable Projections projections;
        private final Duration stageMax;
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        private final Set<String> alone = new HashSet<>();

        /** How many commands the journal must hold the outcomes of by now. */
        private long sent;

        Stack(Pacioli shape, int accounts) {
            this.shape = shape;
            this.accounts = accounts;
            ledger = BenchLedger.start(shape.shards, shape.threads);
            client = LedgerClient.connect(new LedgerClientSettings(
                    Map.of("bootstrap.servers", ledger.bootstrapServers()),
                    Topics.DEFAULT,
                    OUTCOME_MAX,
                    IN_FLIGHT_MAX));
            journal = new JournalCounter(ledger.bootstrapServers());
            stageMax = STAGE_MAX.plusSeconds(accounts / FUNDED_A_SECOND_MIN);
            projections =
                    shape.isProjected ? Projections.start(ledger.bootstrapServers(), shape.shards, stageMax) : null;
            fund();
        }

        /** Not measured; the mints and their arrivals warm up what will be. */
        private void fund() {
            BenchWorkload workload = new BenchWorkload(AccountPairs.uniform(accounts), -1);
            client.submit(workload.asset()).join();
            for (int account = 0; account < accounts; account++) {
                send(workload.fund(account));
            }
            client.flush();
            sent += accounts;
            awaitDecided();
            awaitStored();
        }

        @Override
        public SequencedMap<String, String> settings() {
            SequencedMap<String, String> settings = new LinkedHashMap<>();
            settings.put("kafka", AppInfoParser.getVersion());
            settings.put("brokers", "1, which leaves it to the kernel when records reach the disk (no fsync)");
            settings.put("acks", "all");
            settings.put("processing", "exactly_once_v2, hash chain, idempotency and balance checks on");
            settings.put("shards", Integer.toString(shape.shards));
            settings.put("processor threads", Integer.toString(shape.threads));
            settings.put("commands sent and not decided", "at most " + UNDECIDED_MAX);
            if (projections != null) {
                projections.tell(settings);
            }
            settings.put("client", "LedgerClient, one thread, one command a record");
            return settings;
        }

        @Override
        public boolean transfer(Command.Transfer transfer) {
            boolean isAccepted = client.submit(transfer).join() instanceof Outcome.Accepted;
            // One that was sent before is answered again, but not journaled again.
            if (alone.add(transfer.id())) {
                sent++;
            }
            awaitDecided();
            return isAccepted;
        }

        @Override
        public Run run(Load load, Duration duration) {
            long sentBefore = sent;
            long rejectedBefore = journal.rejected();
            Map<Stage, Double> seconds = new EnumMap<>(Stage.class);
            long start = System.nanoTime();
            Map<Stage, Lag> lags = following(start, seconds, () -> {
                sendUntil(start + duration.toNanos(), load.lane(0));
            });
            long transfers = sent - sentBefore;
            return new Run(new Counts(transfers, transfers - (journal.rejected() - rejectedBefore)), seconds, lags);
        }

        /**
         * Sends, and waits until both projections have all of it.
         *
         * @param seconds gets the time from the start until each stage
         */
        private Map<Stage, Lag> following(long start, Map<Stage, Double> seconds, Runnable send) {
            LagWatch watch = new LagWatch(journal::entries, projections == null ? Map.of() : projections.entries());
            double sentSeconds;
            try (watch) {
                send.run();
                sentSeconds = seconds(start);
                awaitDecided();
                seconds.put(Stage.JOURNALED, seconds(start));
                awaitArrived();
            }
            if (projections == null) {
                return Map.of();
            }
            long entries = journal.entries();
            projections.awaitVisible(entries);
            seconds.put(Stage.VISIBLE, seconds(start));
            projections.awaitCommitted(entries);
            seconds.put(Stage.STORED, seconds(start));
            Map<Stage, Lag> lags = new EnumMap<>(Stage.class);
            watch.entriesMax()
                    .forEach((stage, behind) ->
                            lags.put(stage, new Lag(behind, requireNonNull(seconds.get(stage)) - sentSeconds)));
            return lags;
        }

        private void sendUntil(long end, BenchWorkload workload) {
            while (System.nanoTime() - end < 0) {
                if (sent - journal.decided() >= UNDECIDED_MAX) {
                    LockSupport.parkNanos(ROOM_POLL_NANOS);
                } else {
                    send(workload.transfer());
                    sent++;
                }
            }
            client.flush();
        }

        private void send(Command command) {
            client.send(command).thenAccept(metadata -> {}).exceptionally(unsent -> {
                failure.set(unsent);
                return null;
            });
        }

        private void awaitDecided() {
            Await.until("all commands are decided", stageMax, () -> {
                requireSent();
                return journal.decided() >= sent;
            });
        }

        private void requireSent() {
            Throwable unsent = failure.get();
            if (unsent != null) {
                throw new IllegalStateException("a command was not acknowledged", unsent);
            }
        }

        private void awaitArrived() {
            Await.until("all transfers have arrived", stageMax, () -> journal.inTransit() == 0);
        }

        private void awaitStored() {
            awaitArrived();
            if (projections != null) {
                projections.awaitVisible(journal.entries());
                projections.awaitCommitted(journal.entries());
            }
        }

        private static double seconds(long startNanos) {
            return (System.nanoTime() - startNanos) / 1e9;
        }

        @Override
        public Paced paced(Load load, int rate, int seconds) {
            AtomicReference<@Nullable PacedTransfers> paced = new AtomicReference<>();
            Map<Stage, Lag> lags = following(System.nanoTime(), new EnumMap<>(Stage.class), () -> {
                paced.set(transfers(load.lane(0), rate, seconds));
            });
            return new Paced(requireNonNull(paced.get()), lags);
        }

        private PacedTransfers transfers(BenchWorkload workload, int rate, int seconds) {
            sent += (long) rate * seconds;
            return PacedTransfers.run(client, workload, rate, seconds);
        }

        @Override
        public Optional<PacedTransfers> reads(Load load, int rate, int seconds) {
            if (projections == null) {
                return Optional.empty();
            }
            BenchWorkload workload = load.lane(0);
            AtomicLong accepted = new AtomicLong();
            Histogram latency = projections.balances.readsBeside(
                    () -> accepted.addAndGet(transfers(workload, rate, 1).accepted()), accounts, rate, seconds);
            awaitDecided();
            return Optional.of(new PacedTransfers(latency, accepted.get()));
        }

        @Override
        public Books books() {
            awaitStored();
            return projections == null ? JournalBooks.read(ledger.bootstrapServers()) : projections.books();
        }

        @Override
        public void close() {
            if (projections != null) {
                projections.close();
            }
            journal.close();
            client.close();
            ledger.close();
        }
    }

    /** What follows the journal. */
    private record Projections(LiveBalances balances, StoredHistory history, Duration stageMax) {
        static Projections start(String bootstrapServers, int shards, Duration stageMax) {
            return new Projections(
                    LiveBalances.start(bootstrapServers, shards),
                    StoredHistory.start(bootstrapServers, shards),
                    stageMax);
        }

        void tell(Map<String, String> settings) {
            settings.put("projection in Redis", "appendonly yes, appendfsync everysec, a process of its own");
            settings.put(
                    "projection in PostgreSQL",
                    "server_version " + history.setting("server_version") + ", fsync " + history.setting("fsync")
                            + ", synchronous_commit " + history.setting("synchronous_commit") + ", shared_buffers "
                            + history.setting("shared_buffers"));
        }

        Map<Stage, LongSupplier> entries() {
            return Map.of(Stage.VISIBLE, balances::entries, Stage.STORED, history::entries);
        }

        void awaitVisible(long entries) {
            Await.until("Redis has the journal", stageMax, () -> balances.entries() >= entries);
        }

        void awaitCommitted(long entries) {
            Await.until("PostgreSQL has the journal", stageMax, () -> history.entries() >= entries);
        }

        Books books() {
            long all = history.allBalances();
            if (all != 0) {
                throw new IllegalStateException("the books of all accounts must sum to zero: sum=" + all);
            }
            return new Books(history.transfers(), history.clientBalances());
        }

        void close() {
            history.close();
            balances.close();
        }
    }
}
