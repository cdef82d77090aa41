package io.pacioli.ledger.service;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Header;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the process lives and is ready, told by the components that it consists of.
 *
 * <p>{@code GET /healthz} answers whether the process is worth keeping: 200, or 503 once a component has failed for good, and then
 * only a restart helps. {@code GET /readyz} answers whether it should get traffic: 200 when every component is up, else 503. Both
 * bodies are {@code {"status": ..., "components": [{"name", "status", "detail", "since"}]}}; that of {@code /healthz} lists failed
 * components only.
 *
 * <p>Thread safe; reporting is cheap enough for every batch.
 */
public final class Health implements HttpModule {
    private static final Logger LOG = LoggerFactory.getLogger(Health.class);
    private static final int OK = 200;
    private static final String STARTING = "starting";

    /** How often the log is told why a component is not up: whoever starts services in any order sees what each waits for. */
    private static final long REMINDER_NANOS = Duration.ofSeconds(30).toNanos();

    private static final int SERVICE_UNAVAILABLE = 503;

    private final ConcurrentMap<String, Component> components = new ConcurrentSkipListMap<>();

    /** How a component does. */
    public enum Status {
        /** It does its work. */
        UP,
        /** It does not work now, and may again: starting, catching up, a store that is away. */
        DOWN,
        /** It will never work again in this process. */
        FAILED
    }

    /**
     * What a component said last.
     *
     * @param name the component
     * @param status how it does
     * @param detail why, in words; empty when there is nothing to say
     * @param since when it got into this status
     */
    public record Report(String name, Status status, String detail, Instant since) {}

    private record Body(Status status, List<Report> components) {}

    /** One part of the process, which reports how it does; {@link Status#DOWN} and "starting" until its first report. */
    public static final class Component {
        private volatile Report report;
        private long toldNanos;

        private Component(String name) {
            this.report = new Report(name, Status.DOWN, STARTING, Instant.now());
        }

        /** It does its work. */
        public void up() {
            report(Status.UP, "");
        }

        /**
         * It does its work.
         *
         * @param detail a figure worth showing, such as its lag
         */
        public void up(String detail) {
            report(Status.UP, detail);
        }

        /**
         * It does not work now, and may again.
         *
         * @param detail why, in words fit for strangers
         */
        public void down(String detail) {
            report(Status.DOWN, detail);
        }

        /**
         * It will never work again in this process; later reports are ignored.
         *
         * @param detail why, in words fit for strangers
         */
        public void fail(String detail) {
            report(Status.FAILED, detail);
        }

        /** What it said last. */
        public Report report() {
            return report;
        }

        private synchronized void report(Status status, String detail) {
            Report last = report;
            if (last.status() == Status.FAILED) {
                return;
            }
            boolean changed = last.status() != status;
            report = new Report(last.name(), status, detail, changed ? Instant.now() : last.since());
            if (changed && status == Status.UP) {
                LOG.info("{} is up {}", last.name(), detail);
            } else if (changed) {
                toldNanos = System.nanoTime();
                LOG.warn("{} is {}: {}", last.name(), status, detail);
            } else if (status == Status.DOWN && !detail.equals(STARTING)) {
                remind(last);
            }
        }

        /** What is down is said at once when it has just begun to start, and else now and then. */
        private void remind(Report last) {
            long now = System.nanoTime();
            if (last.detail().equals(STARTING)) {
                toldNanos = now;
                LOG.info("{} is not up yet: {}", last.name(), report.detail());
            } else if (now - toldNanos > REMINDER_NANOS) {
                toldNanos = now;
                LOG.warn("{} is not up since {}: {}", last.name(), last.since(), report.detail());
            }
        }
    }

    /**
     * Adds a component, which is down until it says otherwise.
     *
     * @param name unique in the process, such as {@code processor/streams}
     * @throws IllegalArgumentException when there is one of that name
     */
    public Component component(String name) {
        Component component = new Component(name);
        if (components.putIfAbsent(name, component) != null) {
            throw new IllegalArgumentException("component exists already: name=" + name);
        }
        return component;
    }

    /** Whether every component is up. */
    public boolean isReady() {
        return reports().stream().allMatch(report -> report.status() == Status.UP);
    }

    /** Whether no component has failed for good. */
    public boolean isAlive() {
        return reports().stream().noneMatch(report -> report.status() == Status.FAILED);
    }

    /** What every component said last, by name. */
    public List<Report> reports() {
        return components.values().stream().map(Component::report).toList();
    }

    @Override
    public Optional<String> openApi() {
        return Optional.of("openapi/process.yaml");
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get("/healthz", this::alive);
        routes.get("/readyz", this::ready);
    }

    private void alive(Context context) {
        List<Report> failed = reports().stream()
                .filter(report -> report.status() == Status.FAILED)
                .toList();
        answer(context, new Body(failed.isEmpty() ? Status.UP : Status.FAILED, failed));
    }

    private void ready(Context context) {
        List<Report> reports = reports();
        Status worst =
                reports.stream().map(Report::status).max(Status::compareTo).orElse(Status.UP);
        answer(context, new Body(worst, reports));
    }

    private static void answer(Context context, Body body) {
        context.status(body.status() == Status.UP ? OK : SERVICE_UNAVAILABLE)
                .header(Header.CACHE_CONTROL, "no-store")
                .json(body);
    }
}
