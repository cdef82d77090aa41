package io.pacioli.ledger.app.audit;

import io.pacioli.ledger.api.Definitions;
import io.pacioli.ledger.api.Timestamps;
import io.pacioli.ledger.app.CommandFailure;
import io.pacioli.ledger.app.Terminal;
import io.pacioli.ledger.audit.From;
import io.pacioli.ledger.audit.WhatIf;
import io.pacioli.ledger.audit.WhatIfReport;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ledger replay}. */
@Command(
        name = "replay",
        description = {
            "Show what would have been: decide recorded commands again with other definitions.",
            "A ledger in memory decides all commands again, at the times and in the order of the record, from somewhere on with"
                    + " other settings of assets and other limits of accounts. Prints which outcomes and balances would be"
                    + " different. Writes nowhere: it needs the right to read the topics and no other.",
            "The file of definitions is JSON with the members of DefineAsset and OpenAccount, in minor units; what is left out"
                    + " stays as it is:",
            "  {\"assets\": {\"GOLD\": {\"maxSupply\": \"1000000\"}},",
            "   \"accounts\": {\"alice\": {\"limits\": {\"GOLD\": \"-500\"}, \"maxBalances\": {\"GOLD\": \"10000\"}}}}"
        })
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class ReplayCommand implements Callable<Integer> {
    private static final String START = "start";

    @Mixin
    private RunningLedger ledger;

    @Option(
            names = "--commands",
            required = true,
            description = "Decide the commands again; the only kind of replay yet.")
    @SuppressWarnings("UnusedVariable") // It must be given, as there may be other kinds of replays some day.
    private boolean commands;

    @Option(
            names = "--from",
            paramLabel = "WHERE",
            defaultValue = START,
            description =
                    "From where on the definitions are others: an instant such as 2026-11-24T18:00:00Z, positions such as"
                            + " 0:17,3:1841, or start. A shard without a position begins with the first of the others."
                            + " Default: ${DEFAULT-VALUE}")
    private String from;

    @Option(names = "--with", paramLabel = "FILE", required = true, description = "The definitions that are others.")
    private Path definitions;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    /** For picocli. */
    public ReplayCommand() {}

    @Override
    public Integer call() {
        Terminal terminal = Terminal.of(spec.commandLine());
        Definitions changed = read(definitions);
        From beginning = parse(from);
        try (ReplayProgress progress = ReplayProgress.start(terminal, "Replaying")) {
            WhatIfReport report =
                    WhatIf.run(ledger.properties(), ledger.kafka().topics(), beginning, changed, progress);
            if (json) {
                terminal.line(WhatIfOutput.json(report));
            } else {
                new WhatIfOutput(report, terminal).print(from, definitions);
            }
            return 0;
        }
    }

    private static Definitions read(Path file) {
        try {
            return Definitions.decode(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new CommandFailure("cannot read " + file + ": " + e, e);
        } catch (MalformedException e) {
            throw new CommandFailure(file + ": " + e.getMessage(), e);
        }
    }

    static From parse(String text) {
        try {
            if (text.equals(START)) {
                return new From.Start();
            }
            return text.endsWith("Z")
                    ? new From.Instant(Timestamps.parseLenient("from", text))
                    : From.Sequences.of(Arrays.stream(text.split(",", -1))
                            .map(Position::parse)
                            .toList());
        } catch (MalformedException e) {
            throw new CommandFailure(
                    "--from must be start, an instant such as 2026-11-24T18:00:00Z, or positions such as 0:17,3:1841: "
                            + text,
                    e);
        }
    }
}
