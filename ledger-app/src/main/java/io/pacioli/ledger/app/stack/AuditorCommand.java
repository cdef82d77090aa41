package io.pacioli.ledger.app.stack;

import io.pacioli.ledger.app.KafkaOptions;
import io.pacioli.ledger.app.OptionRule;
import io.pacioli.ledger.app.audit.AuditOptions;
import io.pacioli.ledger.app.audit.AuditorService;
import io.pacioli.ledger.app.stack.ServiceProcess.ServedLedger;
import io.pacioli.ledger.audit.AuditReport;
import io.pacioli.ledger.audit.JournalEnds;
import io.pacioli.ledger.audit.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ledger auditor}. */
@Command(
        name = "auditor",
        description = {
            "Run the auditor: what 'ledger audit' proves, again and again.",
            "Each audit goes on from the last one that passed; now and then, and after a finding, everything is audited. The"
                    + " verdict is a metric, ledger_auditor_verdict, and GET /v1/audit answers with the last report.",
            "Whatever it finds, it goes on."
        })
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class AuditorCommand implements Callable<Integer> {
    @Mixin
    private AuditOptions options;

    @Mixin
    private HttpOptions http;

    @Option(
            names = "--audit-interval",
            paramLabel = "DURATION",
            defaultValue = "1h",
            description = "From the end of one audit to the beginning of the next. Default: ${DEFAULT-VALUE}")
    private Duration interval;

    @Option(
            names = "--full-audit-interval",
            paramLabel = "DURATION",
            defaultValue = "7d",
            description = "How often everything is audited. Default: ${DEFAULT-VALUE}")
    private Duration fullInterval;

    @Option(
            names = "--audit-state",
            paramLabel = "DIR",
            defaultValue = ".ledger/audits",
            description =
                    "Where it is kept how far the last audit that passed has got. Keep it where those who run the ledger"
                            + " cannot write. Default: ${DEFAULT-VALUE}")
    private Path stateDirectory;

    @Spec
    private CommandSpec spec;

    /** For picocli. */
    public AuditorCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        KafkaOptions kafka = options.ledger().kafka();
        Logging.toConsole(kafka.isVerbose());
        Map<String, String> properties = options.ledger().properties();
        OptionRule.require(spec, "--audit-interval", interval.isPositive(), "more than zero");
        OptionRule.require(spec, "--full-audit-interval", fullInterval.isPositive(), "more than zero");
        AuditorService.Pace pace = new AuditorService.Pace(interval, fullInterval);
        ServedLedger served = ServiceProcess.awaitLedger(http.settings(), properties, kafka.topics());
        String journal = kafka.topics().journal();
        AuditorService.Audits audits = new AuditorService.Audits() {
            @Override
            public AuditReport audit(boolean everything) {
                return options.audit(everything ? null : stateDirectory, Progress.NONE);
            }

            @Override
            public long lag(Map<Integer, Long> nextOffsets) {
                return JournalEnds.ahead(properties, journal, nextOffsets);
            }
        };
        return ServiceProcess.run(
                http.settings().withEdition(served.edition()),
                (health, metrics) -> new AuditorService(
                        audits, pace, stateDirectory.resolve(journal + ".finding"), health, metrics));
    }
}
