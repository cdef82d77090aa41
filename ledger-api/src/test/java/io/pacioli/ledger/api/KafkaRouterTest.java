package io.pacioli.ledger.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaRouterTest {
    @Test
    void placesKeysAsKafkasOwnPartitionerDoes() {
        Random random = new Random(11);
        for (int i = 0; i < 50_000; i++) {
            int shards = 1 + random.nextInt(1_000);
            String key = random.nextInt(4) == 0
                    ? "user-" + i
                    : random.ints(1 + random.nextInt(128), 0x21, 0x1FBFF)
                            .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
                            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                            .toString();
            assertThat(new KafkaRouter(shards).shardOfKey(key))
                    .as("key=%s shards=%s", key, shards)
                    .isEqualTo(BuiltInPartitioner.partitionForKey(key.getBytes(StandardCharsets.UTF_8), shards));
        }
    }

    /** Worked out apart from Kafka: a client in another language must come to the same. */
    @ParameterizedTest
    @CsvSource({
        "alice, 6, 3",
        "bob, 6, 0",
        "@GOLD, 6, 5",
        "ümit, 6, 3",
        "till-7{acme}, 6, 0",
        "alice, 1, 0",
        "alice, 1000, 749"
    })
    void placesAnAccountByTheMurmur2HashOfItsRoutingKey(String account, int shards, int shard) {
        assertThat(new KafkaRouter(shards).shardOf(account)).isEqualTo(shard);
    }

    @ParameterizedTest
    @ValueSource(strings = {"till-7{acme}", "{acme}", "{acme}{other}", "a{acme}b}", "{acme}-\uD83E\uDE99"})
    void placesAccountsWithTheSameBracesTogether(String account) {
        KafkaRouter router = new KafkaRouter(997);
        assertThat(router.shardOf(account)).isEqualTo(router.shardOf("acme"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}acme", "{acme", "acme}", "}{"})
    void placesAnAccountWithoutAPairOfBracesByItsWholeId(String account) {
        assertThat(new KafkaRouter(997).shardOf(account)).isEqualTo(new KafkaRouter(997).shardOfKey(account));
    }

    @Test
    void spreadsAccountsEvenly() {
        KafkaRouter router = new KafkaRouter(6);
        int[] accounts = new int[6];
        IntStream.range(0, 60_000).forEach(i -> accounts[router.shardOf("user-" + i)]++);
        assertThat(Arrays.stream(accounts)).allMatch(count -> count > 9_000 && count < 11_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 1_001})
    void refusesANumberOfShardsOutOfRange(int shards) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> new KafkaRouter(shards))
                .withMessage("must be 1 to 1000: shards=" + shards);
    }
}
