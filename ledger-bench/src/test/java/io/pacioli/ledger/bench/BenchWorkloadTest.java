package io.pacioli.ledger.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.core.Command;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BenchWorkloadTest {
    @Test
    void theSameSeedMakesTheSameTransfers() {
        assertThat(transfers(7)).isEqualTo(transfers(7)).isNotEqualTo(transfers(8));
    }

    @Test
    void idsAreUuidsOfVersion7AndNeverTheSameForTwoSenders() {
        List<String> ids = Stream.concat(transfers(7).stream(), transfers(8).stream())
                .map(Command.Transfer::id)
                .toList();

        assertThat(ids).doesNotHaveDuplicates().allSatisfy(id -> {
            assertThat(UUID.fromString(id).version()).isEqualTo(7);
            assertThat(UUID.fromString(id)).hasToString(id);
        });
    }

    private static List<Command.Transfer> transfers(long seed) {
        BenchWorkload workload = new BenchWorkload(AccountPairs.uniform(100), seed);
        return Stream.generate(workload::transfer).limit(10_000).toList();
    }
}
