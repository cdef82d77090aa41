package io.pacioli.ledger.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UsageTest {
    @Test
    void ticksAreThoseOfTheProcessAndOfItsChildrenThatHaveEnded() {
        String stat = "123 (post) gres (1) S 1 123 123 0 -1 4194560 100 200 0 0 11 22 33 44 20 0 1 0 5000 1000 100\n";

        assertThat(Usage.ticks(stat)).isEqualTo(11 + 22 + 33 + 44);
    }

    @Test
    void writtenBytesAreFound() {
        assertThat(Usage.written("rchar: 1\nwchar: 2\nread_bytes: 3\nwrite_bytes: 4096\ncancelled_write_bytes: 5\n"))
                .isEqualTo(4096);
    }

    @Test
    void whatIsUsedSinceIsTheDifference() {
        assertThat(new Usage(5, 500).since(new Usage(2, 100))).isEqualTo(new Usage(3, 400));
    }
}
