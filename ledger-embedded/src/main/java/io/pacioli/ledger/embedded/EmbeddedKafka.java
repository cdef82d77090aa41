package io.pacioli.ledger.embedded;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;

/**
 * A real Kafka broker (KRaft) in a JVM of its own, made from this JVM's Java home and class path: alone, or a member of a cluster.
 *
 * <p>It requires the transaction protocol of KIP-890 ({@code transaction.version=2}) and creates no topic by itself. Kafka does
 * not write each record through to the disk: what it acknowledged survives its own death, not a power loss.
 */
public final class EmbeddedKafka implements EmbeddedServer {
    private static final String NAME = "Kafka";

    /** One cluster, one id: data directories can then be moved and compared. */
    private static final String CLUSTER_ID = "cGFjaW9saS1sZWRnZXItMQ";

    private final DataDirectory directory;
    private final SupervisedProcess process;
    private final Path log;
    private final String host;
    private final int port;

    private EmbeddedKafka(DataDirectory directory, SupervisedProcess process, Path log, String host, int port) {
        this.directory = directory;
        this.process = process;
        this.log = log;
        this.host = host;
        this.port = port;
    }

    /**
     * Starts a broker and waits until it serves clients.
     *
     * @throws EmbeddedStartException when the directory is in use, the port is taken or the broker does not start in time
     */
    public static EmbeddedKafka start(ServerConfig config) {
        DataDirectory directory = DataDirectory.of(config, "kafka");
        return Attempts.start(directory, config.port(), () -> startIn(directory, config));
    }

    /**
     * Starts a member of a cluster and waits until it serves clients, which needs most of the others: start them side by side. It must
     * have a directory of its own, which keeps what it knows, and listens where the quorum says, whatever the port of the configuration.
     *
     * @throws EmbeddedStartException when the directory is in use, the port is taken or the broker does not start in time
     */
    public static EmbeddedKafka start(ServerConfig config, KafkaQuorum quorum, KafkaQuorum.Member member) {
        DataDirectory directory = DataDirectory.of(config, "kafka");
        return Attempts.start(
                directory,
                member.port(),
                () -> run(
                        directory,
                        config.at(member.place()),
                        KafkaSettings.of(config, directory.path().resolve("data"), quorum, member),
                        member.port()));
    }

    private static EmbeddedKafka startIn(DataDirectory directory, ServerConfig config) {
        int port = config.place().choosePort(NAME, config.port());
        Path data = directory.path().resolve("data");
        return run(directory, config, KafkaSettings.of(config, data, port, LoopbackPort.free()), port);
    }

    private static EmbeddedKafka run(DataDirectory directory, ServerConfig config, Properties settings, int port) {
        Path ready = directory.path().resolve("ready");
        Path properties = directory.path().resolve("server.properties");
        Path pidFile = directory.path().resolve("pid");
        PidFile.awaitGone(pidFile);
        try {
            Files.deleteIfExists(ready);
            write(settings, properties);
        } catch (IOException e) {
            throw new EmbeddedStartException("cannot write to " + directory.path() + ": " + e, e);
        }
        List<String> command = new ArrayList<>(java(config.heapMegabytes()));
        command.addAll(config.jvmOptions());
        command.add(KafkaBroker.class.getName());
        command.addAll(List.of(properties.toString(), CLUSTER_ID, pidFile.toString(), ready.toString()));
        SupervisedProcess.Spec spec = new SupervisedProcess.Spec(
                NAME,
                config.place().command(command),
                Map.of("CLASSPATH", System.getProperty("java.class.path")),
                directory.path(),
                null);
        SupervisedProcess process = SupervisedProcess.start(spec);
        process.awaitReady(() -> Files.exists(ready), config.startTimeout());
        return new EmbeddedKafka(directory, process, spec.log(), config.place().host(), port);
    }

    private static List<String> java(int heapMegabytes) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms" + Math.min(heapMegabytes, 256) + "m",
                "-Xmx" + heapMegabytes + "m",
                "-XX:+UseG1GC",
                "-XX:MaxGCPauseMillis=20",
                "-XX:+ExitOnOutOfMemoryError",
                "-Djava.awt.headless=true",
                "-Dlogback.configurationFile=io/pacioli/ledger/embedded/broker-logback.xml",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow");
    }

    private static void write(Properties properties, Path file) throws IOException {
        try (Writer writer = Files.newBufferedWriter(file)) {
            properties.store(writer, "Written at each start.");
        }
    }

    /** The address for clients, {@code host:port}. */
    public String bootstrapServers() {
        return host + ":" + port;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public Path directory() {
        return directory.path();
    }

    @Override
    public Path log() {
        return log;
    }

    @Override
    public ProcessHandle process() {
        return process.server();
    }

    @Override
    public boolean alive() {
        return process.alive();
    }

    @Override
    public CompletableFuture<Void> onExit() {
        return process.onExit();
    }

    @Override
    public void close() {
        process.close();
        directory.close();
    }
}
