package io.pacioli.ledger.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicBytesTest {
    @Test
    void tellsWhatHasComeForEachThingTheLargestFirst() {
        TopicBytes earlier = new TopicBytes(Map.of("commands", 1_000L, "idle", 77L));
        TopicBytes later = new TopicBytes(Map.of("commands", 3_000L, "idle", 78L, "journal", 500_000L));

        assertThat(later.eachSince(earlier, 100)).isEqualTo("journal 5,000, commands 20");
    }
}
