package io.pacioli.ledger.app.chaos;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks at all processes of a ledger again and again; one that ends by itself is a violation, once. Not thread safe. */
final class ProcessWatch {
    private final ChaosStack stack;
    private final @Nullable Http http;
    private final Violations violations;
    private final Set<String> ended = new HashSet<>();

    /** Hears what one process takes. */
    interface Sink {
        /** What the operating system says, and what the process says itself; the latter is empty when it is no service. */
        void sample(Node node, Usage usage, ServiceFigures figures);
    }

    /** @param http asks services for their own figures; null when only the operating system is asked, which takes no time of theirs */
    ProcessWatch(ChaosStack stack, @Nullable Http http, Violations violations) {
        this.stack = stack;
        this.http = http;
        this.violations = violations;
    }

    /** Looks at each process once. */
    void look(Sink sink) {
        for (Node node : stack.nodes()) {
            if (node.isAlive()) {
                Usage usage = Usage.of(node.processes());
                sink.sample(node, usage, ServiceFigures.of(ask(node)));
            } else if (ended.add(node.name())) {
                violations.add(node.name() + " ended by itself");
            }
        }
    }

    private Http.@Nullable Answer ask(Node node) {
        return http != null && node.victim().role().isService()
                ? http.get(stack.address(node.victim()).resolve("/metrics"))
                : null;
    }
}
