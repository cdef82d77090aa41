package io.pacioli.ledger.gateway;

import io.javalin.http.Context;
import io.javalin.http.Header;
import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Fields;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.service.Durations;
import io.pacioli.ledger.service.Parameters;
import io.pacioli.ledger.service.Problem;
import io.pacioli.ledger.service.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a client posts.
 *
 * @param command well-formed
 * @param waitMax how long the client wants to wait for the outcome
 */
record CommandRequest(Command command, Duration waitMax) {
    static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    private static final Logger LOG = LoggerFactory.getLogger(CommandRequest.class);
    private static final long REFUSED_BYTES_READ_MAX = 8L << 20;
    private static final Duration WAIT_DEFAULT = Duration.ofSeconds(5);
    private static final Duration WAIT_MAX = Duration.ofSeconds(30);
    private static final Set<String> MEDIA_TYPES =
            Set.of("application/json", "application/json;charset=utf-8", "application/json;charset=\"utf-8\"");

    /** @throws ProblemException 400, 413 or 415 when the request holds no well-formed command */
    static CommandRequest read(Context context, BodyRoom.Share share) {
        checkMediaType(context);
        Duration wait = waitMax(context);
        String key = idempotencyKey(context);
        try {
            return new CommandRequest(CommandCodec.decode(body(context, share, CommandCodec.BYTES_MAX), key), wait);
        } catch (MalformedException e) {
            throw new ProblemException(Problem.of(key == null && e.field().equals("id") ? withAdvice(e) : e));
        }
    }

    /** How long a client wants to wait. */
    static Duration waitMax(Context context) {
        return Parameters.of(context).value("wait", CommandRequest::duration).orElse(WAIT_DEFAULT);
    }

    /** @throws ProblemException 415 when the body is not said to be JSON in UTF-8 */
    static void checkMediaType(Context context) {
        String type = context.contentType();
        String canonical = type == null ? "none" : type.toLowerCase(Locale.ROOT).replace(" ", "");
        if (!MEDIA_TYPES.contains(canonical)) {
            throw unsupported("the content type must be application/json in UTF-8: it is " + type);
        }
        String encoding = context.header(Header.CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw unsupported("the body must not be encoded: Content-Encoding is " + encoding);
        }
    }

    private static ProblemException unsupported(String detail) {
        return new ProblemException(
                Problem.of(415, "UNSUPPORTED_MEDIA_TYPE", detail), Map.of(Header.ACCEPT, "application/json"));
    }

    private static Duration duration(String text) {
        Duration wait = text.equals("0") ? Duration.ZERO : Durations.parse(text);
        if (wait.compareTo(WAIT_MAX) > 0) {
            throw new IllegalArgumentException("at most " + Durations.format(WAIT_MAX));
        }
        return wait;
    }

    /** The key as it is, or what is between its quotes: some clients send it as a quoted string. */
    private static @Nullable String idempotencyKey(Context context) {
        List<String> keys = Collections.list(context.req().getHeaders(IDEMPOTENCY_KEY));
        if (keys.isEmpty()) {
            return null;
        }
        String key = keys.getFirst();
        boolean quoted = key.length() >= 2 && key.startsWith("\"") && key.endsWith("\"");
        String id = quoted ? key.substring(1, key.length() - 1) : key;
        if (keys.size() > 1 || !id.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw malformedKey("must come once and be printable ASCII; any other id goes into the JSON", key);
        }
        try {
            return Fields.id(IDEMPOTENCY_KEY, id);
        } catch (MalformedException e) {
            throw malformedKey(e.rule(), key);
        }
    }

    private static ProblemException malformedKey(String rule, String value) {
        return new ProblemException(Problem.of(new MalformedException(IDEMPOTENCY_KEY, rule, value)));
    }

    /** How many bytes of a body will be held at most: what the client declares, or all that are allowed. */
    static int bytesAtMost(Context context, int bytesMax) {
        long declared = context.req().getContentLengthLong();
        return declared < 0 ? bytesMax : (int) Math.min(declared, bytesMax);
    }

    /** @throws ProblemException 413 when there are more bytes */
    static byte[] body(Context context, BodyRoom.Share share, int bytesMax) {
        try (InputStream stream = context.req().getInputStream()) {
            byte[] body = stream.readNBytes(bytesAtMost(context, bytesMax) + 1);
            if (body.length <= bytesMax) {
                share.keep(body.length);
                return body;
            }
            hearOut(stream);
        } catch (IOException e) {
            throw new ProblemException(Problem.ofStatus(400, "the request ended early"));
        }
        String detail = (bytesMax == CommandCodec.BYTES_MAX ? "a command" : "a batch") + " must have at most "
                + bytesMax + " bytes";
        throw new ProblemException(Problem.of(413, "COMMAND_TOO_LARGE", detail).with("limit", bytesMax));
    }

    /** Takes in a body that is not wanted, without holding it. */
    static void hearOut(Context context) {
        try (InputStream stream = context.req().getInputStream()) {
            hearOut(stream);
        } catch (IOException e) {
            LOG.debug("A request that was refused ended early", e);
        }
    }

    /** A client that is still sending does not see the answer: hear it out, within reason. */
    private static void hearOut(InputStream stream) throws IOException {
        LOG.debug("Refused a body with another {} bytes", stream.skip(REFUSED_BYTES_READ_MAX));
    }

    private static MalformedException withAdvice(MalformedException e) {
        return new MalformedException(
                e.field(), e.rule() + ", in the JSON or as the header " + IDEMPOTENCY_KEY, e.value());
    }
}
