package io.pacioli.ledger.app.stack;

import io.pacioli.ledger.audit.notary.NotarySettings;
import io.pacioli.ledger.service.Durations;
import picocli.CommandLine.Option;

/** How often the journal is signed. */
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
final class CheckpointOptions {
    @Option(
            names = "--checkpoint-entries",
            paramLabel = "N",
            defaultValue = "10000",
            description = "Sign a shard's journal after so many entries at the latest. Default: ${DEFAULT-VALUE}")
    private long entries;

    @Option(
            names = "--checkpoint-interval",
            paramLabel = "DURATION",
            defaultValue = "1m",
            description = "And after this time at the latest, when there are any. Default: ${DEFAULT-VALUE}")
    private String interval;

    NotarySettings.Pace pace() {
        return new NotarySettings.Pace(entries, Durations.parse(interval));
    }
}
