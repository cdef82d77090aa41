package io.pacioli.ledger.app.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.app.chaos.Fault.Kind;
import io.pacioli.ledger.app.chaos.Fault.Role;
import io.pacioli.ledger.app.chaos.Fault.Victim;
import io.pacioli.ledger.embedded.EmbeddedServer;
import io.pacioli.ledger.embedded.EmbeddedService;
import io.pacioli.ledger.embedded.ServerConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class FaultRunnerTest {
    private static final Victim VICTIM = new Victim(Role.GATEWAY, 1);

    private final AtomicReference<EmbeddedServer> server = new AtomicReference<>();
    private final Violations violations = new Violations();

    /** A process that does nothing until it is killed. */
    static final class Idle {
        private Idle() {}

        public static void main(String[] arguments) throws InterruptedException {
            new CountDownLatch(1).await();
        }
    }

    private EmbeddedServer start() {
        EmbeddedServer started = EmbeddedService.start(
                ServerConfig.fresh().withHeapMegabytes(128),
                new EmbeddedService.Program("idle", Idle.class.getName(), List.of(), Map.of()));
        server.set(started);
        return started;
    }

    private Node ended() throws Exception {
        Node node = new Node(VICTIM, this::start);
        node.start();
        server.get().process().destroyForcibly();
        server.get().onExit().get(30, TimeUnit.SECONDS);
        return node;
    }

    private static Fault fault(Kind kind) {
        return new Fault(1, Duration.ZERO, kind, List.of(VICTIM), Duration.ZERO);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"PAUSE", "CUT_OFF"})
    void aProcessThatEndedThoughTheFaultEndsNoneIsAViolationAndIsStartedAgain(Kind kind) throws Exception {
        try (Node node = ended()) {
            FaultRunner.startAgain(fault(kind), List.of(node), violations);

            assertThat(violations.first())
                    .containsExactly("gateway ended by itself during " + kind.title() + " gateway");
            assertThat(node.isAlive()).isTrue();
        }
    }

    @Test
    void aProcessThatTheFaultHasEndedIsStartedAgainWithoutAWord() throws Exception {
        try (Node node = ended()) {
            FaultRunner.startAgain(fault(Kind.KILL), List.of(node), violations);

            assertThat(violations.count()).isZero();
            assertThat(node.isAlive()).isTrue();
            FaultRunner.startAgain(fault(Kind.PAUSE), List.of(node), violations);
            assertThat(violations.count()).isZero();
        }
    }
}
