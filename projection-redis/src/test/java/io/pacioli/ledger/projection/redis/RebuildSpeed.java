package io.pacioli.ledger.projection.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.service.rebuild.RebuildProgress;
import io.pacioli.ledger.service.rebuild.RebuildReport;
import io.pacioli.ledger.service.rebuild.RebuildSettings;
import io.pacioli.ledger.testkit.TestServices;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Prints how many entries a second a store is filled with by its projector, and by a rebuild beside it with all that belongs to one; and
 * for how long the script that swaps a shard keeps Redis. Run by hand, not by the build: the figures depend on what else the machine
 * does.
 */
public final class RebuildSpeed {
    private static final int SHARDS = 6;
    private static final int ACCOUNTS = 100_000;

    private RebuildSpeed() {}

    /** @param arguments how many transfers, 200,000 unless given, and how many rounds, 5 unless given */
    public static void main(String[] arguments) throws Exception {
        int transfers = arguments.length == 0 ? 200_000 : Integer.parseInt(arguments[0]);
        int rounds = arguments.length < 2 ? 5 : Integer.parseInt(arguments[1]);
        TestLedger ledger = new TestLedger(SHARDS);
        ledger.define("GOLD", 2);
        ledger.workload(new SplittableRandom(1), "GOLD", ACCOUNTS, transfers);
        long entries = 0;
        for (int shard = 0; shard < SHARDS; shard++) {
            entries += ledger.journal(shard).size();
        }
        try (TestJournal journal = new TestJournal(ledger)) {
            journal.write();
            for (int round = 1; round <= rounds; round++) {
                measure(ledger, journal, entries, round);
            }
        }
        System.exit(0);
    }

    private static void measure(TestLedger ledger, TestJournal journal, long entries, int round) {
        String uri = TestServices.redis().freshDatabase();
        try (TestStore store = new TestStore(uri, ledger.router())) {
            double projected = project(ledger, journal, uri);
            store.redis.configSet("slowlog-log-slower-than", "200");
            store.redis.slowlogReset();
            long start = System.nanoTime();
            RebuildReport report;
            try (RedisRebuild rebuild = new RedisRebuild(
                    RebuildSettings.of(TestJournal.kafka(), journal.topics, ledger.router()), RedisSettings.of(uri))) {
                report = rebuild.run(RebuildProgress.Listener.NONE);
            }
            double rebuilt = (System.nanoTime() - start) / 1e9;
            assertThat(report.isSwapped()).isTrue();
            assertThat(report.differences()).isZero();
            System.out.printf(
                    Locale.ROOT,
                    "round %d: %d entries; projector from empty %.0f entries/s; rebuild, compared and swapped, %.0f entries/s;"
                            + " swap of a shard up to %d us, page compared up to %d us%n",
                    round,
                    entries,
                    entries / projected,
                    entries / rebuilt,
                    slowest(store, RedisScript.SWAP),
                    slowest(store, RedisScript.COMPARE));
            store.redis.flushdb();
        }
    }

    private static double project(TestLedger ledger, TestJournal journal, String uri) {
        long start = System.nanoTime();
        try (TestProjection projection = TestProjection.of(journal, ledger, uri)) {
            Eventually.holds(() -> assertThat(projection.health.isReady()).isTrue());
            return (System.nanoTime() - start) / 1e9;
        }
    }

    /** The longest run of a script that Redis has noted, in microseconds. */
    private static long slowest(TestStore store, RedisScript script) {
        return store.redis.slowlogGet(128).stream()
                .map(entry -> (List<?>) entry)
                .filter(entry -> ((List<?>) entry.get(3))
                        .stream()
                                .anyMatch(part ->
                                        new String((byte[]) part, StandardCharsets.UTF_8).contains(script.digest())))
                .mapToLong(entry -> (Long) entry.get(2))
                .max()
                .orElse(0);
    }
}
