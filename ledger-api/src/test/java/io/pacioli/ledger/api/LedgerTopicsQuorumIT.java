package io.pacioli.ledger.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.embedded.EmbeddedKafka;
import io.pacioli.ledger.embedded.KafkaQuorum;
import io.pacioli.ledger.embedded.Place;
import io.pacioli.ledger.embedded.ServerConfig;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

/** Three brokers, which hear of new topics one after the other. */
class LedgerTopicsQuorumIT {
    private static final int ROUNDS = 20;

    @Test
    void processorsThatStartAtTheSameTimeAgree() {
        KafkaQuorum quorum = new KafkaQuorum(IntStream.rangeClosed(1, 3)
                .mapToObj(id -> KafkaQuorum.Member.in(Place.LOCAL, id))
                .toList());
        List<CompletableFuture<EmbeddedKafka>> brokers = quorum.members().stream()
                .map(member -> CompletableFuture.supplyAsync(
                        () -> EmbeddedKafka.start(ServerConfig.fresh(), quorum, member), LedgerTopicsQuorumIT::thread))
                .toList();
        try (Admin first = admin(quorum);
                Admin second = admin(quorum)) {
            brokers.forEach(CompletableFuture::join);
            for (int round = 0; round < ROUNDS; round++) {
                Topics topics = Broker.freshTopics();
                CompletableFuture<Integer> one = ensure(first, topics, new TopicSettings(5, (short) 3));
                CompletableFuture<Integer> other = ensure(second, topics, new TopicSettings(5, (short) 3));

                assertThat(List.of(one.join(), other.join())).containsOnly(5);
            }
        } finally {
            brokers.forEach(broker -> broker.thenAccept(EmbeddedKafka::close).join());
        }
    }

    private static Admin admin(KafkaQuorum quorum) {
        return Admin.create(Map.of("bootstrap.servers", quorum.bootstrapServers()));
    }

    private static CompletableFuture<Integer> ensure(Admin admin, Topics topics, TopicSettings settings) {
        return CompletableFuture.supplyAsync(
                () -> LedgerTopics.ensure(admin, topics, settings), LedgerTopicsQuorumIT::thread);
    }

    /** Not one of the common pool, of which a small machine has too few. */
    private static void thread(Runnable work) {
        Thread.ofPlatform().daemon().start(work);
    }
}
