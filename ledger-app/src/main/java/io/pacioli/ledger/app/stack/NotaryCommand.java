package io.pacioli.ledger.app.stack;

import io.pacioli.ledger.api.KeyFileException;
import io.pacioli.ledger.app.CommandFailure;
import io.pacioli.ledger.app.KafkaOptions;
import io.pacioli.ledger.app.stack.ServiceProcess.ServedLedger;
import io.pacioli.ledger.audit.notary.NotaryService;
import io.pacioli.ledger.audit.notary.NotarySettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ledger notary}. */
@Command(
        name = "notary",
        description = {
            "Run the notary: it verifies the journal and signs checkpoints of it.",
            "Whoever has its public key sees by them that the journal was not written anew; 'ledger audit' verifies them all.",
            "Run several with the same topic prefix and they share the shards."
        })
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class NotaryCommand implements Callable<Integer> {
    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private HttpOptions http;

    @Mixin
    private CheckpointOptions checkpoints;

    @Option(
            names = "--checkpoint-key-file",
            paramLabel = "FILE",
            required = true,
            description = "The private key: Ed25519, PKCS #8, PEM.")
    private Path keyFile;

    @Option(
            names = "--checkpoint-public-key-file",
            paramLabel = "FILE",
            required = true,
            description = "Its public key, and those that it has replaced: PEM.")
    private Path publicKeyFile;

    /** For picocli. */
    public NotaryCommand() {}

    private NotarySettings settings(Map<String, String> properties) {
        try {
            return NotarySettings.of(properties, kafka.topics(), keyFile, publicKeyFile, checkpoints.pace());
        } catch (KeyFileException e) {
            throw new CommandFailure(
                    "LEDGER_CHECKPOINT_KEY_FILE (--checkpoint-key-file) and LEDGER_CHECKPOINT_PUBLIC_KEY_FILE: "
                            + e.getMessage(),
                    e);
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        Logging.toConsole(kafka.isVerbose());
        Map<String, String> properties = kafka.properties();
        NotarySettings settings = settings(properties);
        ServedLedger ledger = ServiceProcess.awaitLedger(http.settings(), properties, kafka.topics());
        return ServiceProcess.run(
                http.settings().withEdition(ledger.edition()),
                (health, metrics) -> new NotaryService(settings, health, metrics));
    }
}
