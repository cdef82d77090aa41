package io.pacioli.ledger.service;

import io.javalin.config.Key;
import io.javalin.http.Context;
import io.javalin.http.Header;
import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.core.Position;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;

/**
 * Answers of queries that are true for positions of the journal.
 *
 * <p>As the same question has the same answer at the same positions, those are its entity tag: a client that asks again with
 * {@code If-None-Match} gets 304 and no body while nothing has happened on the shards concerned. Another version of the program may
 * answer otherwise, and another ledger has other entries at the same positions: the server's edition tells those apart. Answers may be
 * kept, and have to be asked for again before they are used (RFC 9111, {@code no-cache}).
 */
public final class Answers {
    /** What tells the answers of a server from those of others that have been at its address; empty text for nothing. */
    static final Key<String> EDITION = new Key<>("edition");

    private static final int NOT_MODIFIED = 304;

    /** Longer ones, which many shards make, would not fit into the headers that they come back in. */
    private static final int TAG_LENGTH_MAX = 500;

    private Answers() {}

    /**
     * Answers with JSON, or with 304 when the client has that answer already.
     *
     * @param asOf what the body is true for; it names them too, as its member {@code asOf} in the form of {@link Positions#text}
     */
    public static void json(Context context, Collection<Position> asOf, Object body) {
        if (isFresh(context, Positions.text(asOf))) {
            context.json(body);
        }
    }

    /**
     * Sets the headers of an answer, and the status 304 when the client has it already.
     *
     * @param tag what tells this answer from others to the same question: its positions, and its form when it has several
     * @return whether the answer must be sent
     */
    public static boolean isFresh(Context context, String tag) {
        return isFreshAs(context, opaque(tag, context.appData(EDITION)));
    }

    private static String opaque(String tag, String edition) {
        String whole = edition.isEmpty() ? tag : tag + ";" + edition;
        return whole.length() <= TAG_LENGTH_MAX
                ? whole
                : Hash.of(whole.getBytes(StandardCharsets.UTF_8)).hex();
    }

    private static boolean isFreshAs(Context context, String tag) {
        String entityTag = "W/\"" + tag + "\"";
        context.header(Header.ETAG, entityTag).header(Header.CACHE_CONTROL, "no-cache");
        String known = context.header(Header.IF_NONE_MATCH);
        boolean same = known != null
                && Arrays.stream(known.split("(?<=\"),")).map(String::strip).anyMatch(t -> matches(t, tag));
        if (same) {
            context.status(NOT_MODIFIED);
        }
        return !same;
    }

    /** Weak comparison (RFC 9110, 8.8.3.2), with which a proxy may have made the tag strong or weak. */
    private static boolean matches(String known, String tag) {
        String opaque = known.startsWith("W/") ? known.substring(2) : known;
        return opaque.equals("*") || opaque.equals("\"" + tag + "\"");
    }
}
