package io.pacioli.ledger.gateway.stream;

import java.time.Duration;

/**
 * How streams are served.
 *
 * @param streamsMax most streams that are open at a time, at least 1; more are refused
 * @param heartbeat how long a stream is silent at most, 10 ms to 20 s: the server drops connections that are silent for 30 s
 * @param resumeMax how many entries of a shard a stream may go back, at least 1
 * @param recentBytes about how much heap the recent entries of all shards together may take, at least 1
 * @param partsMax how many parts of the journal, of some 64 KiB each, are held at a time for streams that are behind, at least 1
 */
public record StreamSettings(int streamsMax, Duration heartbeat, long resumeMax, long recentBytes, int partsMax) {
    /** The shortest time between heartbeats. */
    public static final Duration HEARTBEAT_MIN = Duration.ofMillis(10);
    /** The longest: what stands between may cut off who is silent for longer. */
    public static final Duration HEARTBEAT_MAX = Duration.ofSeconds(20);

    /** 10,000 streams, heartbeats each 15 s, 1,000,000 entries back, 64 MiB of recent entries, 256 parts. */
    public static final StreamSettings DEFAULT =
            new StreamSettings(10_000, Duration.ofSeconds(15), 1_000_000, 64L << 20, 256);

    /** @throws IllegalArgumentException when a value is out of its range */
    public StreamSettings {
        if (streamsMax < 1 || resumeMax < 1 || recentBytes < 1 || partsMax < 1) {
            throw new IllegalArgumentException("must be at least 1: streamsMax=" + streamsMax + " resumeMax="
                    + resumeMax + " recentBytes=" + recentBytes + " partsMax=" + partsMax);
        }
        if (heartbeat.compareTo(HEARTBEAT_MIN) < 0 || heartbeat.compareTo(HEARTBEAT_MAX) > 0) {
            throw new IllegalArgumentException("must be 10 ms to 20 s: heartbeat=" + heartbeat);
        }
    }

    /** The same settings with another bound on open streams. */
    public StreamSettings withStreamsMax(int streams) {
        return new StreamSettings(streams, heartbeat, resumeMax, recentBytes, partsMax);
    }

    /** The same settings with another time between heartbeats. */
    public StreamSettings withHeartbeat(Duration time) {
        return new StreamSettings(streamsMax, time, resumeMax, recentBytes, partsMax);
    }

    /** The same settings with another bound on going back. */
    public StreamSettings withResumeMax(long entries) {
        return new StreamSettings(streamsMax, heartbeat, entries, recentBytes, partsMax);
    }

    /** The same settings with other room for recent entries. */
    public StreamSettings withRecentBytes(long bytes) {
        return new StreamSettings(streamsMax, heartbeat, resumeMax, bytes, partsMax);
    }

    /** The same settings with another bound on parts of the journal. */
    public StreamSettings withPartsMax(int parts) {
        return new StreamSettings(streamsMax, heartbeat, resumeMax, recentBytes, parts);
    }
}
