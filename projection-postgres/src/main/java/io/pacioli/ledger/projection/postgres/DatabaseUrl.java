package io.pacioli.ledger.projection.postgres;

import io.pacioli.ledger.service.rebuild.RebuildException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JDBC URL in its parts.
 *
 * @param server up to and with the slash before the database
 * @param database the database's name
 * @param parameters with the question mark before them; empty for none
 */
record DatabaseUrl(String server, String database, String parameters) {
    private static final Pattern FORM = Pattern.compile("(jdbc:postgresql://[^/?]+/)([^/?]+)(\\?.*)?");

    /** @throws RebuildException when it names no server or no database */
    static DatabaseUrl parse(String url) {
        Matcher parts = FORM.matcher(url);
        if (!parts.matches()) {
            throw new RebuildException(
                    "a URL must name the server and the database to have it rebuilt: jdbc:postgresql://host:port/database");
        }
        String parameters = parts.group(3);
        return new DatabaseUrl(
                parts.group(1),
                URLDecoder.decode(parts.group(2), StandardCharsets.UTF_8),
                parameters == null ? "" : parameters);
    }

    /** The same with another database of the server. */
    DatabaseUrl with(String other) {
        return new DatabaseUrl(server, other, parameters);
    }

    /** As JDBC takes it. */
    String text() {
        return server + URLEncoder.encode(database, StandardCharsets.UTF_8).replace("+", "%20") + parameters;
    }
}
