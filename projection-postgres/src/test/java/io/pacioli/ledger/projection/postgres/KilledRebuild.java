package io.pacioli.ledger.projection.postgres;

import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.service.rebuild.RebuildProgress;
import io.pacioli.ledger.service.rebuild.RebuildSettings;
import io.pacioli.ledger.testkit.KilledProcess;
import java.util.Map;

/** A rebuild in a process of its own that stands still at some moment, to be killed there. */
final class KilledRebuild {
    private KilledRebuild() {}

    /** @param moment a phase of the rebuild or a step of its swap */
    static void at(String moment, JournalTopic journal, int shards, PostgresSettings settings) throws Exception {
        String topic = journal.topics().journal();
        KilledProcess.run(
                KilledRebuild.class,
                moment,
                journal.kafka().getOrDefault("bootstrap.servers", ""),
                topic.substring(0, topic.length() - ".journal".length()),
                Integer.toString(shards),
                settings.url(),
                settings.username(),
                settings.password());
    }

    public static void main(String[] arguments) {
        String moment = arguments[0];
        RebuildSettings settings = RebuildSettings.of(
                Map.of("bootstrap.servers", arguments[1]),
                Topics.withPrefix(arguments[2]),
                new KafkaRouter(Integer.parseInt(arguments[3])));
        PostgresSettings live = PostgresSettings.of(arguments[4], arguments[5], arguments[6]);
        new PostgresRebuild(
                        settings,
                        live,
                        PostgresRebuild.Options.DEFAULT,
                        phase -> standAt(moment, phase),
                        step -> standAt(moment, step.name()))
                .run(RebuildProgress.Listener.NONE);
    }

    private static void standAt(String moment, String now) {
        if (moment.equals(now)) {
            KilledProcess.stand();
        }
    }
}
