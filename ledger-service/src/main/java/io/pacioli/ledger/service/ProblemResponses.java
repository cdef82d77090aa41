package io.pacioli.ledger.service;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Header;
import io.javalin.http.HttpResponseException;
import io.javalin.http.MethodNotAllowedResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.IllegalCharsetNameException;
import java.util.UUID;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns whatever ends a request into a problem: the one exception mapping of the server. */
final class ProblemResponses {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemResponses.class);
    private static final int INTERNAL_SERVER_ERROR = 500;
    private static final int UNSUPPORTED_MEDIA_TYPE = 415;

    private ProblemResponses() {}

    static void register(JavalinConfig config) {
        config.routes.exception(ProblemException.class, (exception, context) -> {
            exception.headers().forEach(context::header);
            write(context, exception.problem());
        });
        config.routes.exception(HttpResponseException.class, ProblemResponses::refused);
        // Thrown by whoever asks what type the body has.
        config.routes.exception(
                IllegalCharsetNameException.class,
                (exception, context) -> write(
                        context,
                        Problem.ofStatus(UNSUPPORTED_MEDIA_TYPE, "the content type has no well-formed character set")));
        config.routes.exception(Exception.class, ProblemResponses::unexpected);
        config.router.javaLangErrorHandler(ProblemResponses::fatal);
    }

    static void write(Context context, Problem problem) {
        context.status(problem.status())
                .header(Header.CACHE_CONTROL, "no-store")
                .result(problem.toJson());
        setMediaType(context.res());
    }

    /** Forgets the previous type first: its charset, which JSON does not have, would stick to this one. */
    private static void setMediaType(HttpServletResponse response) {
        response.setContentType(null);
        response.setContentType(Problem.MEDIA_TYPE);
    }

    /** What the router itself refuses: no such path, wrong method, a body that is too large. */
    private static void refused(HttpResponseException exception, Context context) {
        String request = context.method().name() + " " + context.path();
        String detail = switch (exception.getStatus()) {
            case 404 -> "there is nothing at " + context.path();
            case 405 -> request + " is not allowed; allowed: " + allowed(exception);
            case 413 -> "the request body is larger than this server accepts";
            default -> reason(exception.getMessage());
        };
        if (exception instanceof MethodNotAllowedResponse) {
            context.header(Header.ALLOW, allowed(exception));
        }
        write(context, Problem.ofStatus(exception.getStatus(), detail));
    }

    private static String allowed(HttpResponseException exception) {
        return exception.getDetails().getOrDefault("availableMethods", "");
    }

    private static void unexpected(Exception exception, Context context) {
        if (exception instanceof EofException) {
            LOG.debug("The client went away: {} {}", context.method().name(), context.path(), exception);
            write(context, Problem.ofStatus(400, "the request ended early"));
        } else if (exception instanceof HttpException http && http.getCode() >= 400 && http.getCode() < 500) {
            write(context, Problem.ofStatus(http.getCode(), reason(http.getReason())));
        } else {
            String path = context.method().name() + " " + context.path();
            write(context, logged(path, exception));
        }
    }

    private static void fatal(HttpServletResponse response, Error error) {
        Problem problem = logged("a request", error);
        response.setStatus(problem.status());
        setMediaType(response);
        try {
            response.getOutputStream().write(problem.toJson());
        } catch (IOException e) {
            LOG.debug("The client went away before its answer", e);
        }
    }

    /** The cause stays in the log, where the correlation id finds it: its message may hold what no client should see. */
    private static Problem logged(String request, Throwable cause) {
        String correlationId = UUID.randomUUID().toString();
        LOG.error("Failed to serve {}: correlationId={}", request, correlationId, cause);
        return Problem.ofStatus(
                        INTERNAL_SERVER_ERROR,
                        "an unexpected error; the log of the server has it under the correlation id")
                .with("correlationId", correlationId);
    }

    private static String reason(@Nullable String reason) {
        return reason == null || reason.isEmpty() ? "the request cannot be read" : reason;
    }

    /** What fails before a request reaches the router, such as a malformed request line. */
    static final class BeforeRouting extends ErrorHandler {
        private static final int BAD_REQUEST = 400;

        /** A version of HTTP that nobody knows is the client's fault, whatever its status begins with, and not worth a stack trace. */
        private static Problem problem(Request request, int code, @Nullable String message, @Nullable Throwable cause) {
            if (code < INTERNAL_SERVER_ERROR || cause == null) {
                return Problem.ofStatus(code, reason(message));
            }
            return cause instanceof HttpException
                    ? Problem.ofStatus(BAD_REQUEST, reason(message))
                    : logged(request.getMethod() + " " + request.getHttpURI().getPath(), cause);
        }

        @Override
        public boolean errorPageForMethod(String method) {
            return true;
        }

        @Override
        protected void generateResponse(
                Request request,
                Response response,
                int code,
                @Nullable String message,
                @Nullable Throwable cause,
                Callback callback) {
            Problem problem = problem(request, code, message, cause);
            response.setStatus(problem.status());
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
            response.write(true, ByteBuffer.wrap(problem.toJson()), callback);
        }
    }
}
