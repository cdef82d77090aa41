package io.pacioli.ledger.app;

import java.util.Arrays;
import java.util.Optional;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Help.IOptionRenderer;
import picocli.CommandLine.IHelpFactory;
import picocli.CommandLine.Model.CommandSpec;

/** Help that names the environment variable of each option. */
final class EnvironmentHelp implements IHelpFactory {
    @Override
    public Help create(CommandSpec spec, ColorScheme scheme) {
        return new Help(spec, scheme) {
            @Override
            public IOptionRenderer createDefaultOptionRenderer() {
                IOptionRenderer standard = super.createDefaultOptionRenderer();
                return (option, labels, colors) -> {
                    Text[][] rows = standard.render(option, labels, colors);
                    Optional<String> variable = EnvironmentDefaults.variable(option);
                    if (variable.isEmpty() || rows.length == 0) {
                        return rows;
                    }
                    Text[][] more = Arrays.copyOf(rows, rows.length + 1);
                    Text[] row = new Text[rows[0].length];
                    Arrays.fill(row, Help.Ansi.OFF.new Text("", colors));
                    row[row.length - 1] = colors.ansi().new Text("@|faint (" + variable.get() + ")|@", colors);
                    more[rows.length] = row;
                    return more;
                };
            }
        };
    }
}
