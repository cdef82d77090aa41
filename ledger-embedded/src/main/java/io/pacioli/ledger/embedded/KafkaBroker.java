package io.pacioli.ledger.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.utils.Time;

/**
 * The main class of a broker's own JVM: a fatal fault of a broker ends its JVM, which must not be the one that started it.
 * Formats the storage when it is new, runs, and stops when its standard input ends.
 */
final class KafkaBroker {
    /** A graceful stop can hang, for instance when the controller is gone. */
    private static final Duration STOP_WITHIN = Duration.ofSeconds(9);

    private static final int EXIT_FAILED = 1;

    private final KafkaRaftServer server;
    private final AtomicBoolean stopping = new AtomicBoolean();

    private KafkaBroker(KafkaRaftServer server) {
        this.server = server;
    }

    /**
     * Runs a broker until its input ends.
     *
     * @param arguments the broker's properties, the cluster id, the file to write this process id to, and the file to create
     *     when clients are served
     */
    @SuppressWarnings("SystemOut") // standard output is this process's log
    public static void main(String... arguments) {
        Path properties = Path.of(arguments[0]);
        String clusterId = arguments[1];
        try {
            Files.writeString(Path.of(arguments[2]), ProcessHandle.current().pid() + "\n");
            Properties settings = load(properties);
            format(properties, clusterId, !KafkaSettings.isMember(settings));
            if (!KafkaSettings.isMember(settings) && StaleRegistration.isPossible(settings)) {
                StaleRegistration.fence(settings);
            }
            KafkaBroker broker = new KafkaBroker(new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM));
            Thread.ofPlatform().name("input-watcher").daemon().start(broker::stopAtEndOfInput);
            Runtime.getRuntime().addShutdownHook(new Thread(broker::stop, "stop"));
            broker.server.startup();
            Files.createFile(Path.of(arguments[3]));
            broker.server.awaitShutdown();
        } catch (Throwable e) {
            e.printStackTrace(System.out);
            System.out.println("the broker could not start: " + rootCause(e));
            Runtime.getRuntime().halt(EXIT_FAILED);
        }
    }

    private static void format(Path properties, String clusterId, boolean alone) {
        List<String> format = new ArrayList<>(List.of(
                "format",
                "--ignore-formatted",
                "--cluster-id",
                clusterId,
                "--config",
                properties.toString(),
                "--feature",
                // Exactly-once needs the transaction protocol of KIP-890; before it, transactions could tear.
                "transaction.version=2"));
        if (alone) {
            format.add("--standalone");
        }
        int code = StorageTool.execute(format.toArray(String[]::new), System.out);
        if (code != 0) {
            throw new IllegalStateException("formatting the storage failed with code " + code);
        }
    }

    private static Properties load(Path file) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            properties.load(in);
        }
        return properties;
    }

    private void stopAtEndOfInput() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is ever sent: only the end of input counts.
            }
        } catch (IOException e) {
            // A broken pipe means the same as its end.
        }
        // The watchdog comes first: exit() would wait for ever for a stop that hangs.
        haltAfterBound();
        Runtime.getRuntime().exit(0);
    }

    private void stop() {
        if (stopping.compareAndSet(false, true)) {
            haltAfterBound();
            server.shutdown();
        }
    }

    private static void haltAfterBound() {
        Thread.ofPlatform().name("halt-watchdog").daemon().start(() -> {
            try {
                Thread.sleep(STOP_WITHIN);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            Runtime.getRuntime().halt(EXIT_FAILED);
        });
    }

    private static Throwable rootCause(Throwable failure) {
        Throwable cause = failure;
        for (Throwable next = cause.getCause(); next != null; next = cause.getCause()) {
            cause = next;
        }
        return cause;
    }
}
