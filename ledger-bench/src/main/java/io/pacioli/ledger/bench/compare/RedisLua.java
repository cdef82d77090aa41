package io.pacioli.ledger.bench.compare;

import io.lettuce.core.LettuceVersion;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.pacioli.ledger.bench.BenchWorkload;
import io.pacioli.ledger.bench.PacedTransfers;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.embedded.EmbeddedRedis;
import io.pacioli.ledger.embedded.ServerConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Redis alone: one script checks and moves balances, remembers the id for a week and appends to a stream, which is the history. It is atomic
 * on one server; a cluster could not run it for two accounts of different slots.
 *
 * @param persistence what is on disk when it answers
 * @param connections how many clients there are
 * @param pipeline how many transfers a client sends before it waits for their answers
 */
record RedisLua(Persistence persistence, int connections, int pipeline) implements Contender {
    /**
     * The keys are the payer's balance, the payee's, the id and the history; the arguments the amount, the payer, the payee, and the
     * seconds for which the id is remembered. Returns 1 when the transfer was made, 0 when the balance is too low, -1 when the id was
     * used. Numbers of Lua are exact up to 2^53.
     */
    private static final String SCRIPT = """
            if not redis.call('SET', KEYS[3], '1', 'NX', 'EX', ARGV[4]) then
                return -1
            end
            if tonumber(redis.call('GET', KEYS[1]) or '0') < tonumber(ARGV[1]) then
                return 0
            end
            redis.call('DECRBY', KEYS[1], ARGV[1])
            redis.call('INCRBY', KEYS[2], ARGV[1])
            redis.call('XADD', KEYS[4], '*', 'id', KEYS[3], 'from', ARGV[2], 'to', ARGV[3], 'amount', ARGV[1])
            return 1
            """;

    /** How many clients Redis has in the comparison. */
    static final int CONNECTIONS = 50;

    private static final String HISTORY = "history";
    private static final String REMEMBERED_SECONDS =
            Long.toString(Duration.ofDays(7).toSeconds());
    private static final int ACCOUNTS_PER_CALL = 1_000;
    private static final Duration ANSWERS_MAX = Duration.ofMinutes(1);
    private static final List<String> SETTINGS =
            List.of("appendonly", "appendfsync", "save", "no-appendfsync-on-rewrite", "auto-aof-rewrite-percentage");

    /** What is on disk when the server answers. */
    enum Persistence {
        NONE("no persistence", "no", "everysec"),
        EVERY_SECOND("everysec", "yes", "everysec"),
        ALWAYS("always", "yes", "always");

        private final String label;
        private final String appendOnly;
        private final String appendFsync;

        Persistence(String label, String appendOnly, String appendFsync) {
            this.label = label;
            this.appendOnly = appendOnly;
            this.appendFsync = appendFsync;
        }

        private ServerConfig config() {
            return ServerConfig.fresh().withSetting("appendonly", appendOnly).withSetting("appendfsync", appendFsync);
        }
    }

    @Override
    public String name() {
        return "Redis Lua, " + persistence.label + ", " + (pipeline == 1 ? "unpipelined" : "pipelined by " + pipeline);
    }

    @Override
    public boolean isPaced() {
        return pipeline == 1;
    }

    @Override
    public Started start(int accounts) {
        return new Server(persistence.config(), connections, pipeline, accounts);
    }

    private static String balance(String account) {
        return "balance:" + account;
    }

    /** The server with its clients. */
    private static final class Server implements Started {
        private final EmbeddedRedis redis;
        private final RedisClient client;
        private final RedisCommands<String, String> commands;
        private final List<StatefulRedisConnection<String, String>> connections = new ArrayList<>();
        private final String script;
        private final int pipeline;
        private final int accounts;

        Server(ServerConfig config, int count, int pipeline, int accounts) {
            this.pipeline = pipeline;
            this.accounts = accounts;
            redis = EmbeddedRedis.start(config);
            client = RedisClient.create(redis.uri());
            commands = client.connect().sync();
            script = commands.scriptLoad(SCRIPT);
            for (int first = 0; first < accounts; first += ACCOUNTS_PER_CALL) {
                Map<String, String> funds = new HashMap<>();
                for (String key : keys(first)) {
                    funds.put(key, Long.toString(BenchWorkload.FUNDS));
                }
                commands.mset(funds);
            }
            for (int i = 0; i < count; i++) {
                connections.add(client.connect());
            }
        }

        /** The keys of as many accounts as one call takes. */
        private String[] keys(int first) {
            return IntStream.range(first, Math.min(accounts, first + ACCOUNTS_PER_CALL))
                    .mapToObj(number -> balance(BenchWorkload.account(number)))
                    .toArray(String[]::new);
        }

        @Override
        public SequencedMap<String, String> settings() {
            SequencedMap<String, String> settings = new LinkedHashMap<>();
            commands.info("server")
                    .lines()
                    .filter(line -> line.startsWith("redis_version:"))
                    .forEach(line -> settings.put(
                            "redis_version",
                            line.substring(line.indexOf(':') + 1).strip()));
            for (String name : SETTINGS) {
                settings.putAll(commands.configGet(name));
            }
            settings.put("history", "XADD to one stream");
            settings.put("ids", "SET NX EX " + REMEMBERED_SECONDS);
            settings.put("connections", Integer.toString(connections.size()));
            settings.put("pipelined by", Integer.toString(pipeline));
            settings.put(
                    "client",
                    "lettuce " + LettuceVersion.getVersion() + ", EVALSHA, answers handled on its I/O threads");
            return settings;
        }

        @Override
        public boolean transfer(Command.Transfer transfer) {
            RedisFuture<Long> answer = send(connections.getFirst(), transfer);
            return isAccepted(answer.toCompletableFuture().join());
        }

        private RedisFuture<Long> send(StatefulRedisConnection<String, String> connection, Command.Transfer transfer) {
            return connection
                    .async()
                    .evalsha(
                            script,
                            ScriptOutputType.INTEGER,
                            new String[] {
                                balance(transfer.from()), balance(transfer.to()), "transfer:" + transfer.id(), HISTORY
                            },
                            transfer.amount().toString(),
                            transfer.from(),
                            transfer.to(),
                            REMEMBERED_SECONDS);
        }

        private static boolean isAccepted(long answer) {
            return answer == 1;
        }

        @Override
        public Run run(Load load, Duration duration) {
            long start = System.nanoTime();
            Answers answers = new Answers();
            CountDownLatch done = new CountDownLatch(connections.size());
            connections.forEach(connection -> connection.setAutoFlushCommands(false));
            for (int i = 0; i < connections.size(); i++) {
                new Pipeline(connections.get(i), load.lane(i), start + duration.toNanos(), answers, done).sendNext();
            }
            await(done, duration.plus(ANSWERS_MAX));
            double seconds = (System.nanoTime() - start) / 1e9;
            connections.forEach(connection -> connection.setAutoFlushCommands(true));
            answers.requireNoFailure();
            return Run.answered(answers.counts(), seconds);
        }

        /** One connection: it sends as many transfers as are pipelined, waits for all their answers, and sends the next. */
        private final class Pipeline {
            private final StatefulRedisConnection<String, String> connection;
            private final BenchWorkload workload;
            private final long end;
            private final Answers answers;
            private final CountDownLatch done;
            private final AtomicInteger awaited = new AtomicInteger();

            Pipeline(
                    StatefulRedisConnection<String, String> connection,
                    BenchWorkload workload,
                    long end,
                    Answers answers,
                    CountDownLatch done) {
                this.connection = connection;
                this.workload = workload;
                this.end = end;
                this.answers = answers;
                this.done = done;
            }

            @SuppressWarnings("FutureReturnValueIgnored") // The callback hears of success and failure alike.
            void sendNext() {
                awaited.set(pipeline);
                for (int i = 0; i < pipeline; i++) {
                    send(connection, workload.transfer()).whenComplete(this::answered);
                }
                connection.flushCommands();
            }

            private void answered(@Nullable Long answer, @Nullable Throwable failure) {
                answers.add(answer, failure);
                if (awaited.decrementAndGet() > 0) {
                    return;
                }
                if (System.nanoTime() - end < 0 && !answers.haveFailed()) {
                    sendNext();
                } else {
                    done.countDown();
                }
            }
        }

        /** Transfers take turns on the connections, and do not wait for the one before on theirs. */
        @Override
        public Paced paced(Load load, int rate, int seconds) {
            BenchWorkload workload = load.lane(0);
            Iterator<StatefulRedisConnection<String, String>> turns =
                    Stream.generate(() -> connections).flatMap(List::stream).iterator();
            return Paced.answered(PacedTransfers.run(
                    () -> send(turns.next(), workload.transfer()).thenApply(Server::isAccepted), rate, seconds));
        }

        private static void await(CountDownLatch done, Duration max) {
            try {
                if (!done.await(max.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new IllegalStateException("Redis did not answer within " + max.toSeconds() + " s");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while Redis was to answer", e);
            }
        }

        @Override
        public Books books() {
            long balances = 0;
            for (int first = 0; first < accounts; first += ACCOUNTS_PER_CALL) {
                balances += commands.mget(keys(first)).stream()
                        .mapToLong(balance -> Long.parseLong(balance.getValue()))
                        .sum();
            }
            return new Books(commands.xlen(HISTORY), balances);
        }

        @Override
        public void close() {
            client.shutdown();
            redis.close();
        }
    }

    /** What the answers of one run were. Thread safe. */
    private static final class Answers {
        private final AtomicLong transfers = new AtomicLong();
        private final AtomicLong accepted = new AtomicLong();
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        void add(@Nullable Long answer, @Nullable Throwable failed) {
            transfers.incrementAndGet();
            if (failed != null) {
                failure.set(failed);
            } else if (answer != null && Server.isAccepted(answer)) {
                accepted.incrementAndGet();
            }
        }

        boolean haveFailed() {
            return failure.get() != null;
        }

        void requireNoFailure() {
            Throwable failed = failure.get();
            if (failed != null) {
                throw new IllegalStateException("Redis did not make a transfer", failed);
            }
        }

        Counts counts() {
            return new Counts(transfers.get(), accepted.get());
        }
    }
}
