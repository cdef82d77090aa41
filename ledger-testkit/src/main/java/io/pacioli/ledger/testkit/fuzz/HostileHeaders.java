package io.pacioli.ledger.testkit.fuzz;

import io.pacioli.ledger.api.Headers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** Headers of records, as nobody should send them: those that the ledger reads with values of any length, twice, or without one. */
public final class HostileHeaders {
    private static final int HEADERS_MAX = 6;
    private static final int HUGE_ONE_IN = 200;
    private static final int HUGE_BYTES = 70_000;
    private static final int LARGE_BYTES = 2_000;
    private static final int SMALL_BYTES = 20;
    private static final List<String> NAMES = List.of(
            Headers.REPLY_TOPIC,
            Headers.REPLY_TOPIC,
            Headers.REPLY_PARTITION,
            Headers.REPLY_PARTITION,
            Headers.CORRELATION_ID,
            Headers.FORWARDED_FROM,
            Headers.DEAD_LETTER_REASON,
            "",
            "KAFKA_REPLYTOPIC",
            "\u0000\uD83E\uDE99");

    private HostileHeaders() {}

    /**
     * The headers of one record.
     *
     * @param topics names that a reply may ask for
     */
    public static RecordHeaders next(SplittableRandom random, List<String> topics) {
        RecordHeaders headers = new RecordHeaders();
        for (int left = random.nextInt(HEADERS_MAX); left > 0; left--) {
            String name = NAMES.get(random.nextInt(NAMES.size()));
            headers.add(name, value(random, name, topics));
        }
        return headers;
    }

    private static byte @Nullable [] value(SplittableRandom random, String name, List<String> topics) {
        return switch (random.nextInt(6)) {
            case 0 -> null;
            case 1 -> bytes(random, random.nextInt(HUGE_ONE_IN) == 0 ? HUGE_BYTES : random.nextInt(LARGE_BYTES));
            case 2 -> Headers.integer(random.nextInt(-2, 8));
            case 3 -> Tokens.TEXTS.get(random.nextInt(Tokens.TEXTS.size())).getBytes(StandardCharsets.UTF_8);
            case 4 -> bytes(random, random.nextInt(SMALL_BYTES));
            default ->
                name.equals(Headers.REPLY_PARTITION)
                        ? Headers.integer(random.nextInt())
                        : Headers.text(topics.get(random.nextInt(topics.size())));
        };
    }

    private static byte[] bytes(SplittableRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
