package io.pacioli.ledger.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where an embedded server runs, keeps its data and listens.
 *
 * @param directory the directory of this server alone, created when absent; null for a fresh temporary one that is deleted on
 *     close
 * @param port the TCP port, 1 to 65535, or 0 for a free one
 * @param startTimeout how long the server may take to accept clients
 * @param heapMegabytes the heap of a server that is a JVM; ignored by the others
 * @param jvmOptions more options of a server that is a JVM; ignored by the others
 * @param place where it runs
 * @param settings settings of the server itself, in its own words, that replace the ones chosen here: broker properties,
 *     {@code postgresql.conf} parameters or {@code redis.conf} directives
 */
public record ServerConfig(
        @Nullable Path directory,
        int port,
        Duration startTimeout,
        int heapMegabytes,
        List<String> jvmOptions,
        Place place,
        Map<String, String> settings) {
    private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
    private static final int HEAP_MEGABYTES = 512;

    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException when the port, the timeout or the heap is out of range
     */
    public ServerConfig {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port must be 0..65535: port=" + port);
        }
        if (startTimeout.isNegative() || startTimeout.isZero()) {
            throw new IllegalArgumentException("startTimeout must be > 0: startTimeout=" + startTimeout);
        }
        if (heapMegabytes < 128) {
            throw new IllegalArgumentException("heapMegabytes must be >= 128: heapMegabytes=" + heapMegabytes);
        }
        jvmOptions = List.copyOf(jvmOptions);
        settings = Map.copyOf(settings);
    }

    /** A fresh temporary directory, deleted on close, and a free port. */
    public static ServerConfig fresh() {
        return new ServerConfig(null, 0, START_TIMEOUT, HEAP_MEGABYTES, List.of(), Place.LOCAL, Map.of());
    }

    /** Data that persists in {@code directory}, and a free port. */
    public static ServerConfig in(Path directory) {
        return new ServerConfig(directory, 0, START_TIMEOUT, HEAP_MEGABYTES, List.of(), Place.LOCAL, Map.of());
    }

    /** The same on another port; 0 for a free one. */
    public ServerConfig withPort(int newPort) {
        return new ServerConfig(directory, newPort, startTimeout, heapMegabytes, jvmOptions, place, settings);
    }

    /** The same with another bound on the start. */
    public ServerConfig withStartTimeout(Duration newStartTimeout) {
        return new ServerConfig(directory, port, newStartTimeout, heapMegabytes, jvmOptions, place, settings);
    }

    /** The same with another heap, in MiB, at least 128. */
    public ServerConfig withHeapMegabytes(int newHeapMegabytes) {
        return new ServerConfig(directory, port, startTimeout, newHeapMegabytes, jvmOptions, place, settings);
    }

    /** The same with these options of the JVM besides its heap, which win over those chosen here. */
    public ServerConfig withJvmOptions(List<String> newJvmOptions) {
        return new ServerConfig(directory, port, startTimeout, heapMegabytes, newJvmOptions, place, settings);
    }

    /** The same in another place. */
    public ServerConfig at(Place newPlace) {
        return new ServerConfig(directory, port, startTimeout, heapMegabytes, jvmOptions, newPlace, settings);
    }

    /** The same with one more setting of the server itself. */
    public ServerConfig withSetting(String name, String value) {
        Map<String, String> more = new HashMap<>(settings);
        more.put(name, value);
        return new ServerConfig(directory, port, startTimeout, heapMegabytes, jvmOptions, place, more);
    }
}
