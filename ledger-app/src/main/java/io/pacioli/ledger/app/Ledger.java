package io.pacioli.ledger.app;

import io.pacioli.ledger.app.audit.AuditCommand;
import io.pacioli.ledger.app.audit.ExportCommand;
import io.pacioli.ledger.app.audit.ImportCommand;
import io.pacioli.ledger.app.audit.RebuildCommand;
import io.pacioli.ledger.app.audit.ReplayCommand;
import io.pacioli.ledger.app.audit.StateCommand;
import io.pacioli.ledger.app.chaos.ChaosCommand;
import io.pacioli.ledger.app.chaos.OverloadCommand;
import io.pacioli.ledger.app.chaos.SoakCommand;
import io.pacioli.ledger.app.client.AssetsCommand;
import io.pacioli.ledger.app.client.BalanceCommand;
import io.pacioli.ledger.app.client.BurnCommand;
import io.pacioli.ledger.app.client.CaptureHoldCommand;
import io.pacioli.ledger.app.client.CloseAccountCommand;
import io.pacioli.ledger.app.client.DefineAssetCommand;
import io.pacioli.ledger.app.client.FreezeAccountCommand;
import io.pacioli.ledger.app.client.HealthCommand;
import io.pacioli.ledger.app.client.HistoryCommand;
import io.pacioli.ledger.app.client.MintCommand;
import io.pacioli.ledger.app.client.OpenAccountCommand;
import io.pacioli.ledger.app.client.PlaceHoldCommand;
import io.pacioli.ledger.app.client.ProduceCommand;
import io.pacioli.ledger.app.client.ReverseTransferCommand;
import io.pacioli.ledger.app.client.StatementCommand;
import io.pacioli.ledger.app.client.SubmitCommand;
import io.pacioli.ledger.app.client.TopCommand;
import io.pacioli.ledger.app.client.TransactCommand;
import io.pacioli.ledger.app.client.TransferCommand;
import io.pacioli.ledger.app.client.TrialBalanceCommand;
import io.pacioli.ledger.app.client.UnfreezeAccountCommand;
import io.pacioli.ledger.app.client.VoidHoldCommand;
import io.pacioli.ledger.app.client.WatchCommand;
import io.pacioli.ledger.app.demo.DemoCommand;
import io.pacioli.ledger.app.fuzz.FuzzCommand;
import io.pacioli.ledger.app.stack.AuditorCommand;
import io.pacioli.ledger.app.stack.GatewayCommand;
import io.pacioli.ledger.app.stack.NotaryCommand;
import io.pacioli.ledger.app.stack.PostgresProjectionCommand;
import io.pacioli.ledger.app.stack.ProcessorCommand;
import io.pacioli.ledger.app.stack.RedisProjectionCommand;
import io.pacioli.ledger.app.stack.UpCommand;
import io.pacioli.ledger.service.Configuration;
import java.time.Duration;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line {@code ledger}: every command is a class of its own, this one only lists them. */
@Command(
        name = "ledger",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description =
                "An event-sourced ledger on Kafka: commands in, a journal as the only truth, balances in Redis and history in"
                        + " PostgreSQL as folds of it.",
        commandListHeading = "%nCommands:%n",
        footerHeading = "%n",
        footer = {
            "First steps:",
            "  ./ledger demo                              see money move, in half a minute",
            "  ./ledger up                                run everything here, data under .ledger/",
            "  ./ledger define-asset GOLD --decimals 2    then, in another terminal",
            "  ./ledger mint alice 100 GOLD",
            "  ./ledger transfer alice bob 12.50 GOLD",
            "  ./ledger history bob",
            "",
            "Options can be set by environment variables too, which their help names; any of those by a file as well:"
                    + " LEDGER_X_FILE names a file that holds the value of LEDGER_X.",
            "",
            "Exit codes: 0 success; 1 failure, or a command that the ledger rejected; 2 wrong usage,"
                    + " or an audit or a rebuild that could not be made."
        },
        subcommands = {
            DemoCommand.class,
            UpCommand.class,
            TransferCommand.class,
            MintCommand.class,
            BurnCommand.class,
            DefineAssetCommand.class,
            OpenAccountCommand.class,
            FreezeAccountCommand.class,
            UnfreezeAccountCommand.class,
            CloseAccountCommand.class,
            PlaceHoldCommand.class,
            CaptureHoldCommand.class,
            VoidHoldCommand.class,
            TransactCommand.class,
            ReverseTransferCommand.class,
            BalanceCommand.class,
            HistoryCommand.class,
            StatementCommand.class,
            TrialBalanceCommand.class,
            TopCommand.class,
            WatchCommand.class,
            AssetsCommand.class,
            SubmitCommand.class,
            ProduceCommand.class,
            HealthCommand.class,
            ProcessorCommand.class,
            GatewayCommand.class,
            RedisProjectionCommand.class,
            PostgresProjectionCommand.class,
            NotaryCommand.class,
            AuditorCommand.class,
            AuditCommand.class,
            StateCommand.class,
            ReplayCommand.class,
            ExportCommand.class,
            ImportCommand.class,
            RebuildCommand.class,
            BenchCommand.class,
            ChaosCommand.class,
            OverloadCommand.class,
            SoakCommand.class,
            SimulateCommand.class,
            FuzzCommand.class,
            CommandLine.HelpCommand.class,
        })
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class Ledger implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command");
    }

    /**
     * The command line, ready to execute.
     *
     * @param environment where options come from that are not given
     */
    public static CommandLine commandLine(Map<String, String> environment) {
        CommandLine commandLine = new CommandLine(new Ledger());
        Configuration configuration = Configuration.of(environment);
        commandLine.registerConverter(Duration.class, OptionRule::duration);
        commandLine.setDefaultValueProvider(new EnvironmentDefaults(configuration));
        commandLine.setExecutionStrategy(new UnknownVariables(environment));
        commandLine.setHelpFactory(new EnvironmentHelp());
        commandLine.setExecutionExceptionHandler(new Failures());
        commandLine.setParameterExceptionHandler(new UsageErrors(configuration));
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setUsageHelpAutoWidth(false);
        commandLine.setUsageHelpWidth(100);
        commandLine.setColorScheme(CommandLine.Help.defaultColorScheme(Terminal.style()));
        return commandLine;
    }

    /** Runs one command and exits with its code. */
    public static void main(String[] arguments) {
        CommandLine commandLine = commandLine(System.getenv());
        Terminal terminal = Terminal.system();
        commandLine.setOut(terminal.out());
        commandLine.setErr(terminal.err());
        int code = commandLine.execute(arguments);
        terminal.out().flush();
        terminal.err().flush();
        System.exit(code);
    }
}
