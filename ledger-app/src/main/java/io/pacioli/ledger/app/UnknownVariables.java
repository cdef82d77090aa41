package io.pacioli.ledger.app;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Refuses to start a service whose environment has a variable of ours that nothing reads: a setting whose name is misspelled would be
 * ignored without a word. Clients ignore what they do not know.
 */
final class UnknownVariables implements IExecutionStrategy {
    private static final String PREFIX = "LEDGER_";
    private static final String KAFKA_PREFIX = "LEDGER_KAFKA_";
    private static final String FILE_SUFFIX = "_FILE";
    private static final int ALIKE_MAX = 3;

    /** What Kubernetes adds for each of its services, whatever they are called. */
    private static final String OF_KUBERNETES =
            "LEDGER(_[A-Z0-9_]+)?_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT_[0-9]+_[A-Z]+(_[A-Z]+)?)";

    private static final Set<String> SERVICES =
            Set.of("up", "processor", "gateway", "projection-redis", "projection-postgres", "notary", "auditor");
    private static final Set<String> NO_OPTIONS = Set.of(
            "LEDGER_REDIS_URI",
            "LEDGER_REDIS_SENTINEL_PASSWORD",
            "LEDGER_POSTGRES_PASSWORD",
            "LEDGER_JAVA_OPTS",
            "LEDGER_IMAGE",
            "LEDGER_TEST_LOG_LEVEL",
            "LEDGER_TEST_SERVICES",
            "LEDGER_CACHE_DIR");

    private final Map<String, String> environment;

    UnknownVariables(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** A variable that nothing reads. */
    static final class UnknownVariable extends ParameterException {
        private static final long serialVersionUID = 1L;

        private UnknownVariable(CommandLine commandLine, String message) {
            super(commandLine, message);
        }
    }

    @Override
    public int execute(ParseResult parsed) {
        if (parsed.hasSubcommand() && !parsed.subcommand().isUsageHelpRequested()) {
            CommandLine service = parsed.subcommand().commandSpec().commandLine();
            if (SERVICES.contains(service.getCommandName())) {
                check(parsed.commandSpec().commandLine(), service);
            }
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    private void check(CommandLine root, CommandLine service) {
        Set<String> known = Stream.concat(
                        NO_OPTIONS.stream(),
                        root.getSubcommands().values().stream()
                                .flatMap(command -> command.getCommandSpec().options().stream())
                                .flatMap(option -> EnvironmentDefaults.variable(option).stream()))
                .collect(Collectors.toCollection(TreeSet::new));
        for (String variable : new TreeSet<>(environment.keySet())) {
            String name = variable.endsWith(FILE_SUFFIX) && !known.contains(variable)
                    ? variable.substring(0, variable.length() - FILE_SUFFIX.length())
                    : variable;
            if (variable.startsWith(PREFIX) && !known.contains(name) && !isSomebodyElses(variable)) {
                String nearest = nearest(name, known)
                        .map(one -> "; did you mean " + one + "?")
                        .orElse("");
                throw new UnknownVariable(service, variable + " is no variable that anything reads" + nearest);
            }
        }
    }

    private boolean isSomebodyElses(String variable) {
        String value = environment.getOrDefault(variable, "");
        return variable.startsWith(KAFKA_PREFIX)
                || variable.matches(OF_KUBERNETES)
                || (variable.endsWith("_PORT") && value.matches("(tcp|udp)://.*"));
    }

    /** What somebody most likely meant; empty when nothing is alike. */
    static Optional<String> nearest(String name, Set<String> known) {
        return known.stream()
                .filter(one -> distance(name, one) <= ALIKE_MAX)
                .min(Comparator.comparingInt(one -> distance(name, one)));
    }

    /** How many letters have to be changed, added or removed (Levenshtein). */
    private static int distance(String from, String to) {
        int[] last = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int[] next = new int[to.length() + 1];
            next[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int changed = last[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                next[j] = Math.min(changed, 1 + Math.min(last[j], next[j - 1]));
            }
            last = next;
        }
        return last[to.length()];
    }
}
