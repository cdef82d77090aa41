package io.pacioli.ledger.app.stack;

import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.app.KafkaOptions;
import io.pacioli.ledger.app.OptionRule;
import io.pacioli.ledger.app.stack.ServiceProcess.ServedLedger;
import io.pacioli.ledger.projection.postgres.PostgresProjection;
import io.pacioli.ledger.projection.postgres.PostgresSettings;
import io.pacioli.ledger.projection.postgres.ProjectorSettings;
import io.pacioli.ledger.service.Configuration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ledger projection-postgres}. */
@Command(
        name = "projection-postgres",
        description = {
            "Run the projection of history: journal to PostgreSQL.",
            "It serves the HTTP API for entries, transfers, commands and rejections.",
            "The password is taken from the variable LEDGER_POSTGRES_PASSWORD, or the file LEDGER_POSTGRES_PASSWORD_FILE names."
        })
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class PostgresProjectionCommand implements Callable<Integer> {
    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private HttpOptions http;

    @Option(
            names = "--postgres-url",
            paramLabel = "JDBC-URL",
            defaultValue = "jdbc:postgresql://127.0.0.1:5432/ledger",
            description = "Where the database is; the schema \"ledger\" is created there. Default: ${DEFAULT-VALUE}")
    private String url;

    @Option(
            names = "--postgres-user",
            paramLabel = "NAME",
            defaultValue = "ledger",
            description = "A user that may create that schema. Default: ${DEFAULT-VALUE}")
    private String user;

    @Spec
    private CommandSpec spec;

    /** For picocli. */
    public PostgresProjectionCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        Logging.toConsole(kafka.isVerbose());
        String password = Configuration.of(System.getenv())
                .text("LEDGER_POSTGRES_PASSWORD")
                .orElse("");
        OptionRule.requireSecret(
                spec,
                "--postgres-url",
                PostgresSettings.isUrl(url),
                "a URL such as jdbc:postgresql://host:5432/ledger");
        PostgresSettings postgres = PostgresSettings.of(url, user, password);
        Map<String, String> properties = kafka.properties();
        ServedLedger ledger = ServiceProcess.awaitLedger(http.settings(), properties, kafka.topics());
        KafkaRouter router = new KafkaRouter(ledger.shards());
        ProjectorSettings projector =
                ProjectorSettings.DEFAULT.withGroupId(kafka.topics().journal() + ".projection-postgres");
        return ServiceProcess.run(
                http.settings().withEdition(ledger.edition()),
                (health, metrics) -> new PostgresProjection(
                        properties, kafka.topics(), router, postgres, projector, health, metrics));
    }
}
