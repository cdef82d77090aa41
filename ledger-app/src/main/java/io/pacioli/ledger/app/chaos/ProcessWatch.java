package io.pacioli.ledger.app.chaos;

import java.util.HashSet;
import java.util.Set;

/** Looks at all processes of a ledger again and again; one that ends by itself is a violation, once. Not thread safe. */
final class ProcessWatch {
    private final ChaosStack stack;
    private final Http http;
    private final Violations violations;
    private final Set<String> ended = new HashSet<>();

    /** Hears what one process takes. */
    interface Sink {
        /** What the operating system says, and what the process says itself; the latter is empty when it is no service. */
        void sample(Node node, Usage usage, ServiceFigures figures);
    }

    ProcessWatch(ChaosStack stack, Http http, Violations violations) {
        this.stack = stack;
        this.http = http;
        this.violations = violations;
    }

    /** Looks at each process once. */
    void look(Sink sink) {
        for (Node node : stack.nodes()) {
            if (node.isAlive()) {
                Usage usage = Usage.of(node.processes());
                boolean isService = node.victim().role().isService();
                Http.Answer answer =
                        isService ? http.get(stack.address(node.victim()).resolve("/metrics")) : null;
                sink.sample(node, usage, ServiceFigures.of(answer));
            } else if (ended.add(node.name())) {
                violations.add(node.name() + " ended by itself");
            }
        }
    }
}
