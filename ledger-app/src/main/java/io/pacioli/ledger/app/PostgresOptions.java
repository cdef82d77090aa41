package io.pacioli.ledger.app;

import io.pacioli.ledger.projection.postgres.PostgresSettings;
import io.pacioli.ledger.service.Configuration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a history is that there is already; the password is a variable. */
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class PostgresOptions {
    private static final String EMBEDDED_USER = "ledger";

    @Option(names = "--postgres-url", paramLabel = "JDBC-URL", description = "Where the history is.")
    private @Nullable String url;

    @Option(
            names = "--postgres-user",
            paramLabel = "NAME",
            defaultValue = EMBEDDED_USER,
            description = "A user of it. Default: ${DEFAULT-VALUE}")
    private String user;

    /** For picocli. */
    public PostgresOptions() {}

    /**
     * Where it is; null when nobody says.
     *
     * @param otherwise the URL when the option is not given
     */
    public @Nullable PostgresSettings settings(@Nullable String otherwise) {
        String named = url == null ? otherwise : Objects.requireNonNull(url);
        String password = Configuration.of(System.getenv())
                .text("LEDGER_POSTGRES_PASSWORD")
                .orElse(EMBEDDED_USER);
        return named == null ? null : PostgresSettings.of(named, user, password);
    }
}
