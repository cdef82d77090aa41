package io.pacioli.ledger.app.client;

import io.pacioli.ledger.core.Position;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --position}: read your writes. */
public final class PositionOption {
    @Option(
            names = "--position",
            paramLabel = "SHARD:SEQUENCE",
            description =
                    "Wait until the answer includes this position of the journal, as a command's outcome names it.")
    private @Nullable String position;

    /** For picocli. */
    public PositionOption() {}

    /** The path with the position and more parameters, such as {@code limit=10}. */
    String on(String path, String... parameters) {
        StringBuilder query = new StringBuilder();
        if (position != null) {
            query.append("&position=").append(Position.parse(position));
        }
        for (String parameter : parameters) {
            query.append('&').append(parameter);
        }
        return query.isEmpty() ? path : path + "?" + query.substring(1);
    }
}
