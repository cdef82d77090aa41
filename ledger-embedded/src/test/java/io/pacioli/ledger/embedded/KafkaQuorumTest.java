package io.pacioli.ledger.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pacioli.ledger.embedded.KafkaQuorum.Member;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

final class KafkaQuorumTest {
    private static final Member FIRST = new Member(1, 9092, 9093, new Place("10.0.0.1", List.of()));
    private static final Member SECOND = new Member(2, 9092, 9093, new Place("10.0.0.2", List.of()));
    private static final Member THIRD = new Member(3, 9092, 9093, new Place("10.0.0.3", List.of()));

    @Test
    void everyMemberKnowsAllVotersAndListensAtItsOwnAddress() {
        KafkaQuorum quorum = new KafkaQuorum(List.of(FIRST, SECOND, THIRD));

        Properties settings = KafkaSettings.of(ServerConfig.fresh(), Path.of("data"), quorum, SECOND);

        assertThat(quorum.bootstrapServers()).isEqualTo("10.0.0.1:9092,10.0.0.2:9092,10.0.0.3:9092");
        assertThat(settings)
                .containsEntry("controller.quorum.voters", "1@10.0.0.1:9093,2@10.0.0.2:9093,3@10.0.0.3:9093")
                .containsEntry("node.id", "2")
                .containsEntry("listeners", "PLAINTEXT://10.0.0.2:9092,CONTROLLER://10.0.0.2:9093")
                .containsEntry("min.insync.replicas", "2")
                .containsEntry("group.initial.rebalance.delay.ms", "0")
                .containsEntry("transaction.state.log.replication.factor", "3");
    }

    @Test
    void aQuorumNeedsAnOddNumberOfDifferentMembers() {
        for (List<Member> members : List.of(List.of(FIRST), List.of(FIRST, SECOND), List.of(FIRST, SECOND, SECOND))) {
            assertThatThrownBy(() -> new KafkaQuorum(members)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
