package io.pacioli.ledger.app;

import io.pacioli.ledger.service.Configuration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Takes options that are not given from the environment: {@code --http-port} from {@code LEDGER_HTTP_PORT}. */
final class EnvironmentDefaults implements IDefaultValueProvider {
    /** What is meant for one call only: from the environment it would surprise. */
    private static final Set<String> OF_ONE_CALL = Set.of(
            "--account",
            "--asset",
            "--at",
            "--count",
            "--credit",
            "--csv",
            "--cursor",
            "--decimals",
            "--dry-run",
            "--emoji",
            "--force",
            "--format",
            "--from",
            "--id",
            "--initial-holder",
            "--initial-supply",
            "--json",
            "--keep-previous",
            "--limit",
            "--max-balance",
            "--max-supply",
            "--memo",
            "--metadata",
            "--name",
            "--position",
            "--ready",
            "--repair",
            "--skip-malformed",
            "--symbol",
            "--to",
            "--wait");

    private final Configuration configuration;

    EnvironmentDefaults(Configuration configuration) {
        this.configuration = configuration;
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        return argument instanceof OptionSpec option
                ? variable(option).flatMap(configuration::text).orElse(null)
                : null;
    }

    /** The variable of an option; none for those that are meant for one call only, such as {@code --help}. */
    static Optional<String> variable(OptionSpec option) {
        if (option.usageHelp() || option.versionHelp()) {
            return Optional.empty();
        }
        return Arrays.stream(option.names())
                .filter(name -> name.startsWith("--"))
                .max(Comparator.comparingInt(String::length))
                .filter(name -> !OF_ONE_CALL.contains(name))
                .map(name ->
                        "LEDGER_" + name.substring(2).toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
