package io.pacioli.ledger.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.api.Headers;
import io.pacioli.ledger.testkit.fuzz.HostileHeaders;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

/** Whatever the headers of a command are, they are kept byte for byte or not at all. */
class ReplyHeadersTest {
    private static final long SEED = Long.getLong("ledger.seed", 20_261_127L);
    private static final long INPUTS = Long.getLong("ledger.inputs", 200_000L);
    private static final List<String> NAMES =
            List.of(Headers.REPLY_TOPIC, Headers.REPLY_PARTITION, Headers.CORRELATION_ID);

    @Test
    void areKeptAsTheyWereOrNotAtAll() {
        SplittableRandom random = new SplittableRandom(SEED);
        long kept = 0;
        for (long i = 0; i < INPUTS; i++) {
            RecordHeaders headers = HostileHeaders.next(random, List.of("ledger.replies"));
            ReplyAddress address = ReplyAddress.of(headers);
            if (address == null) {
                assertThat(NAMES)
                        .anySatisfy(name -> assertThat(bytes(headers, name)).hasSizeGreaterThan(1_024));
                continue;
            }
            kept++;
            ReplyAddresses read =
                    ReplyAddresses.decode("c", ReplyAddresses.of(address).encode());
            assertThat(read.all()).containsExactly(address);
            RecordHeaders again = read.all().getFirst().toHeaders();
            for (String name : NAMES) {
                assertThat(bytes(again, name))
                        .as("seed=%s number=%s %s", SEED, i, name)
                        .isEqualTo(bytes(headers, name));
            }
        }
        assertThat(kept).isBetween(INPUTS / 4, INPUTS - INPUTS / 100);
    }

    /** Of the last header of that name; none when it has no value, which is no header. */
    private static byte[] bytes(RecordHeaders headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? new byte[0] : header.value();
    }
}
