package io.pacioli.ledger.app.stack;

import io.pacioli.ledger.app.OptionRule;
import io.pacioli.ledger.audit.notary.NotarySettings;
import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

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
    private Duration interval;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    NotarySettings.Pace pace() {
        OptionRule.require(spec, "--checkpoint-entries", entries >= 1, "1 or more");
        OptionRule.require(spec, "--checkpoint-interval", interval.isPositive(), "more than zero");
        return new NotarySettings.Pace(entries, interval);
    }
}
