package io.pacioli.ledger.gateway;

import io.pacioli.ledger.api.Batch;
import io.pacioli.ledger.api.LedgerClientSettings;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.gateway.stream.StreamSettings;
import java.time.Duration;
import java.util.Map;

/**
 * How a gateway runs.
 *
 * @param kafka properties of Kafka's clients; must hold {@code bootstrap.servers}
 * @param topics the ledger's topics; whoever runs the processor creates them
 * @param acknowledgeMax how long the broker may take to acknowledge a command, at least 1 s
 * @param inFlightMax most commands that may be on their way at a time, at least 1; more are refused
 * @param bodyBytesMax most bytes of batches that are held at a time, and as many of single commands, at least as many as the largest
 *     batch has; more are refused
 * @param streams how changes are streamed
 */
public record GatewaySettings(
        Map<String, String> kafka,
        Topics topics,
        Duration acknowledgeMax,
        int inFlightMax,
        int bodyBytesMax,
        StreamSettings streams) {
    private static final Duration ACKNOWLEDGE_MIN = Duration.ofSeconds(1);
    private static final Duration ACKNOWLEDGE_MAX = Duration.ofSeconds(10);

    /** A batch takes several times its bytes while it is taken apart, packed and sent. */
    private static final int HEAP_PER_BODY_BYTES = 16;

    /** @throws IllegalArgumentException when a number is out of its range or there is no bootstrap server */
    public GatewaySettings {
        if (!kafka.containsKey("bootstrap.servers")) {
            throw new IllegalArgumentException("kafka must hold bootstrap.servers");
        }
        if (acknowledgeMax.compareTo(ACKNOWLEDGE_MIN) < 0 || inFlightMax < 1) {
            throw new IllegalArgumentException(
                    "must be at least 1 s and 1: acknowledgeMax=" + acknowledgeMax + " inFlightMax=" + inFlightMax);
        }
        if (bodyBytesMax < Batch.BYTES_MAX) {
            throw new IllegalArgumentException(
                    "must be at least " + Batch.BYTES_MAX + ": bodyBytesMax=" + bodyBytesMax);
        }
        kafka = Map.copyOf(kafka);
    }

    /** The defaults: 10 s for the broker, 10,000 commands on their way, bodies in a 16th of the heap, {@link StreamSettings#DEFAULT}. */
    public static GatewaySettings of(Map<String, String> kafka, Topics topics) {
        long share = Runtime.getRuntime().maxMemory() / HEAP_PER_BODY_BYTES;
        return new GatewaySettings(
                kafka,
                topics,
                ACKNOWLEDGE_MAX,
                LedgerClientSettings.IN_FLIGHT_DEFAULT,
                Math.clamp(share, Batch.BYTES_MAX, Integer.MAX_VALUE),
                StreamSettings.DEFAULT);
    }

    /** The same settings with other bounds on commands. */
    public GatewaySettings withCommands(Duration acknowledge, int inFlight) {
        return new GatewaySettings(kafka, topics, acknowledge, inFlight, bodyBytesMax, streams);
    }

    /** The same settings with another bound on bodies. */
    public GatewaySettings withBodies(int bytesMax) {
        return new GatewaySettings(kafka, topics, acknowledgeMax, inFlightMax, bytesMax, streams);
    }

    /** The same settings with another bound on the commands that are on their way. */
    public GatewaySettings withInFlightMax(int inFlight) {
        return withCommands(acknowledgeMax, inFlight);
    }

    /** The same settings with others for streams. */
    public GatewaySettings withStreams(StreamSettings settings) {
        return new GatewaySettings(kafka, topics, acknowledgeMax, inFlightMax, bodyBytesMax, settings);
    }

    LedgerClientSettings client() {
        return new LedgerClientSettings(kafka, topics, acknowledgeMax, inFlightMax);
    }
}
