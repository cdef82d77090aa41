package io.pacioli.ledger.service;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server of a process: the modules of its services, {@code /healthz}, {@code /readyz} and {@code /metrics} on one port, and
 * what they are in {@code /openapi.json} and, to try out, at {@code /docs}.
 *
 * <p>Every request runs on a virtual thread of its own. Whatever is not a success answers with a {@link Problem}. A path parameter
 * may hold any character when it is percent-encoded, a slash too: {@code /v1/accounts/%40clearing%2F3%2FGOLD/balances}.
 */
public final class HttpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    /** The last port there is. */
    public static final int PORT_MAX = 65_535;

    private static final int BACKLOG = 1_024;

    /** Of the request line and all headers: with a thousand shards, positions alone take 16 KB. */
    private static final int REQUEST_HEADER_BYTES_MAX = 32 * 1024;

    // Platform threads that accept and select; requests are not theirs to run.
    private static final int THREADS_MAX = 32;
    private static final int THREADS_MIN = 4;

    private final Javalin javalin;
    private final String host;
    private final int port;
    private final Duration closeMax;
    private final List<HttpModule> modules;

    /**
     * What an operator may set.
     *
     * @param host the name or address to listen on
     * @param port 1 to 65535, or 0 for any free one
     * @param requestBytesMax the size above which a request body is refused with 413, at least 1
     * @param closeMax how long {@link HttpServer#close()} lets requests finish
     * @param edition what the answers depend on besides the positions of the journal, in printable ASCII without quotes; may be empty
     */
    public record Settings(String host, int port, int requestBytesMax, Duration closeMax, String edition) {
        /** Only this machine may connect. */
        public static final String HOST = "127.0.0.1";

        private static final int REQUEST_BYTES_MAX = 1 << 20;
        private static final Duration CLOSE_MAX = Duration.ofSeconds(5);

        /** @throws ConfigurationException when a value is out of its range */
        public Settings {
            if (port < 0 || port > PORT_MAX) {
                throw new ConfigurationException("port must be 0 to 65535: port=" + port);
            }
            if (requestBytesMax < 1) {
                throw new ConfigurationException(
                        "requestBytesMax must be at least 1: requestBytesMax=" + requestBytesMax);
            }
        }

        /** 127.0.0.1, bodies up to 1 MiB, 5 s to close. */
        public static Settings ofPort(int port) {
            return new Settings(HOST, port, REQUEST_BYTES_MAX, CLOSE_MAX, "");
        }

        /** The same settings on another address. */
        public Settings withHost(String name) {
            return new Settings(name, port, requestBytesMax, closeMax, edition);
        }

        /** The same settings with another bound on request bodies. */
        public Settings withRequestBytesMax(int bytes) {
            return new Settings(host, port, bytes, closeMax, edition);
        }

        /** The same settings with another bound on closing. */
        public Settings withCloseMax(Duration duration) {
            return new Settings(host, port, requestBytesMax, duration, edition);
        }

        /** The same settings for answers of a version of the program about a ledger. */
        public Settings withEdition(String text) {
            return new Settings(host, port, requestBytesMax, closeMax, text);
        }
    }

    private HttpServer(Settings settings, Health health, Metrics metrics, List<HttpModule> modules) {
        this.closeMax = settings.closeMax();
        this.host = settings.host();
        this.modules =
                Stream.concat(modules.stream(), Stream.of(health, metrics)).toList();
        ApiDocs docs = new ApiDocs(OpenApi.of(this.modules));
        ServerSocketChannel channel = bind(settings);
        try {
            this.port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
            this.javalin = Javalin.create(config -> {
                configure(config, settings, metrics);
                config.jetty.addConnector((server, http) -> connector(server, http, channel));
                this.modules.forEach(module -> module.register(config.routes));
                docs.register(config.routes);
            });
            javalin.start();
        } catch (IOException e) {
            closeQuietly(channel);
            throw cannotListen(settings, e);
        } catch (RuntimeException e) {
            closeQuietly(channel);
            throw e;
        }
    }

    /**
     * Starts to listen; when this returns, the server answers.
     *
     * @param health what {@code /healthz} and {@code /readyz} report
     * @param metrics what {@code /metrics} reports, and where requests are timed
     * @param modules the routes to serve besides
     * @throws ServiceException when the port is taken or the address cannot be listened on
     * @throws IllegalStateException when the modules describe their routes in ways that do not fit, see {@link OpenApi}
     */
    public static HttpServer start(Settings settings, Health health, Metrics metrics, List<HttpModule> modules) {
        return new HttpServer(settings, health, metrics, modules);
    }

    /** The port that the server listens on, never 0. */
    public int port() {
        return port;
    }

    /** The address for clients, such as {@code http://127.0.0.1:8080}. */
    public URI uri() {
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
    }

    /** Stops to accept, lets running requests finish for {@code closeMax}, then cuts them off. May be called more than once. */
    @Override
    public void close() {
        modules.forEach(HttpModule::stopping);
        try {
            // Not javalin.stop(), which logs a stack trace for what is no more than a slow request.
            javalin.jettyServer().server().stop();
        } catch (TimeoutException e) {
            LOG.warn("Cut off requests that were still running after {}", Durations.format(closeMax));
        } catch (Exception e) {
            LOG.warn("Failed to stop listening on port {} cleanly", port, e);
        }
    }

    private static void configure(JavalinConfig config, Settings settings, Metrics metrics) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.appData(Answers.EDITION, settings.edition());
        config.http.maxRequestSize = settings.requestBytesMax();
        config.http.prefer405over404 = true;
        config.http.defaultContentType = "application/json";
        config.concurrency.useVirtualThreads = true;
        config.jsonMapper(new Json.OfContext());
        config.requestLogger.http(metrics::requestServed);
        config.jetty.threadPool = threads();
        config.jetty.modifyHttpConfiguration(http -> {
            http.setSendServerVersion(false);
            http.setRequestHeaderSize(REQUEST_HEADER_BYTES_MAX);
            // %u0041 is no percent-encoding: the router, which cannot read it, would take it for a failure of its own.
            http.setUriCompliance(http.getUriCompliance().without("LEDGER", UriCompliance.Violation.UTF16_ENCODINGS));
        });
        config.jetty.modifyServer(server -> {
            server.setStopTimeout(settings.closeMax().toMillis());
            server.insertHandler(new GracefulHandler());
            server.setErrorHandler(new ProblemResponses.BeforeRouting());
        });
        ProblemResponses.register(config);
    }

    private static QueuedThreadPool threads() {
        QueuedThreadPool threads = new QueuedThreadPool(THREADS_MAX, THREADS_MIN);
        threads.setName("http");
        threads.setDaemon(true);
        threads.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor("http-"));
        return threads;
    }

    /** Binds before the server is built, so that a taken port is one clear line rather than a failed server's log. */
    private static ServerSocketChannel bind(Settings settings) {
        try {
            ServerSocketChannel channel = ServerSocketChannel.open();
            try {
                channel.bind(new InetSocketAddress(InetAddress.getByName(settings.host()), settings.port()), BACKLOG);
                return channel;
            } catch (IOException e) {
                closeQuietly(channel);
                throw e;
            }
        } catch (BindException e) {
            boolean taken = e.getMessage() != null && e.getMessage().contains("in use");
            throw taken
                    ? new ServiceException(
                            "port " + settings.port() + " on " + settings.host() + " is already in use", e)
                    : cannotListen(settings, e);
        } catch (IOException e) {
            throw cannotListen(settings, e);
        }
    }

    private static ServerConnector connector(Server server, HttpConfiguration http, ServerSocketChannel channel) {
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        try {
            connector.open(channel);
        } catch (IOException e) {
            throw new ServiceException("cannot listen: " + e.getMessage(), e);
        }
        return connector;
    }

    private static ServiceException cannotListen(Settings settings, IOException cause) {
        String reason = Objects.requireNonNullElse(cause.getMessage(), cause.toString());
        return new ServiceException(
                "cannot listen on " + settings.host() + ":" + settings.port() + ": " + reason, cause);
    }

    private static void closeQuietly(ServerSocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("Failed to close a socket that was not used", e);
        }
    }
}
