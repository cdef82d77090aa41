package io.pacioli.ledger.gateway;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What a class warns of from now on. */
final class Warnings implements AutoCloseable {
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final Logger logger;

    private Warnings(Logger logger) {
        this.logger = logger;
        logged.start();
        logger.addAppender(logged);
    }

    static Warnings of(Class<?> type) {
        return new Warnings((Logger) LoggerFactory.getLogger(type));
    }

    List<String> messages() {
        return List.copyOf(logged.list).stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Override
    public void close() {
        logger.detachAppender(logged);
    }
}
