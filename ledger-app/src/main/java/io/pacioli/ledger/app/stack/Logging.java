package io.pacioli.ledger.app.stack;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/** Where the log goes: to standard error for a service of its own, to a file for the embedded stack, nowhere for a client. */
public final class Logging {
    private static final String OWN = "io.pacioli";
    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX,UTC} %-5level [%thread] %logger{32}: %msg%n";
    private static final long FILE_BYTES_MAX = 16L << 20;
    private static final int FILES_MAX = 3;

    private Logging() {}

    /** The log of a service: its own words on standard error, and warnings of others. */
    public static void toConsole(boolean verbose) {
        root().setLevel(verbose ? Level.INFO : Level.WARN);
        own().setLevel(verbose ? Level.DEBUG : Level.INFO);
        // It warns at every attempt to connect, several times a second; what is waited for is said in words of our own.
        network().setLevel(verbose ? Level.INFO : Level.ERROR);
    }

    /**
     * The log of the embedded stack: into a file, so that the terminal stays calm.
     *
     * @param file appended to, and renamed when it has grown large
     * @param verbose show it on standard error as well
     * @return releases the file
     */
    public static AutoCloseable toFile(Path file, boolean verbose) {
        Logger root = root();
        LoggerContext context = root.getLoggerContext();
        if (!verbose) {
            root.detachAndStopAllAppenders();
        }
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN);
        encoder.start();
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setContext(context);
        appender.setName("FILE");
        appender.setFile(file.toString());
        appender.setEncoder(encoder);
        FixedWindowRollingPolicy rolling = new FixedWindowRollingPolicy();
        rolling.setContext(context);
        rolling.setParent(appender);
        rolling.setFileNamePattern(file + ".%i");
        rolling.setMaxIndex(FILES_MAX);
        rolling.start();
        SizeBasedTriggeringPolicy<ILoggingEvent> trigger = new SizeBasedTriggeringPolicy<>();
        trigger.setContext(context);
        trigger.setMaxFileSize(new FileSize(FILE_BYTES_MAX));
        trigger.start();
        appender.setRollingPolicy(rolling);
        appender.setTriggeringPolicy(trigger);
        appender.start();
        root.addAppender(appender);
        root.setLevel(Level.WARN);
        own().setLevel(verbose ? Level.DEBUG : Level.INFO);
        return () -> {
            root.detachAppender(appender);
            appender.stop();
        };
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    private static Logger network() {
        return (Logger) LoggerFactory.getLogger("org.apache.kafka.clients.NetworkClient");
    }

    private static Logger own() {
        return (Logger) LoggerFactory.getLogger(OWN);
    }
}
