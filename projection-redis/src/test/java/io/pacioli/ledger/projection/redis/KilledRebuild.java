package io.pacioli.ledger.projection.redis;

import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.service.rebuild.RebuildProgress;
import io.pacioli.ledger.service.rebuild.RebuildSettings;
import io.pacioli.ledger.testkit.KilledProcess;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A rebuild in a process of its own that stands still when some shards are swapped and others are not, to be killed there. */
final class KilledRebuild {
    private KilledRebuild() {}

    /** @param swapped how many shards are, in their order */
    static void after(int swapped, TestJournal journal, int shards, String uri) throws Exception {
        String topic = journal.topics.journal();
        KilledProcess.run(
                KilledRebuild.class,
                Integer.toString(swapped),
                TestJournal.kafka().getOrDefault("bootstrap.servers", ""),
                topic.substring(0, topic.length() - ".journal".length()),
                Integer.toString(shards),
                uri);
    }

    public static void main(String[] arguments) {
        AtomicInteger left = new AtomicInteger(Integer.parseInt(arguments[0]));
        RebuildSettings settings = RebuildSettings.of(
                        Map.of("bootstrap.servers", arguments[1]),
                        Topics.withPrefix(arguments[2]),
                        new KafkaRouter(Integer.parseInt(arguments[3])))
                .withThreads(1);
        Runnable beforeSwap = () -> {
            if (left.getAndDecrement() == 0) {
                KilledProcess.stand();
            }
        };
        try (RedisRebuild rebuild = new RedisRebuild(settings, RedisSettings.of(arguments[4]), beforeSwap)) {
            rebuild.run(RebuildProgress.Listener.NONE);
        }
    }
}
