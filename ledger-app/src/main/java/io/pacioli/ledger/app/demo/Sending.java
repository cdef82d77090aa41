package io.pacioli.ledger.app.demo;

import io.pacioli.ledger.api.LedgerClient;
import io.pacioli.ledger.app.CommandFailure;
import io.pacioli.ledger.app.ProgressLine;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;

/**
 * What became of commands that were sent.
 *
 * @param outcomes different ones, in the order of sending
 * @param repeated how many commands got an outcome that an earlier one had got already
 * @param nanos how long it took until the last outcome was there
 */
record Sending(List<Outcome> outcomes, int repeated, long nanos) {
    private static final int IN_FLIGHT_MAX = 2_000;

    /** Sends commands and waits for all outcomes. */
    static Sending of(LedgerClient client, List<Command> commands, ProgressLine progress) {
        long startNanos = System.nanoTime();
        Semaphore places = new Semaphore(IN_FLIGHT_MAX);
        List<CompletableFuture<Outcome>> pending = new ArrayList<>(commands.size());
        for (Command command : commands) {
            places.acquireUninterruptibly();
            pending.add(client.submit(command).whenComplete((outcome, failure) -> {
                places.release();
                progress.step(1);
            }));
        }
        List<Outcome> outcomes = pending.stream().map(Sending::await).toList();
        long nanos = System.nanoTime() - startNanos;
        List<Outcome> distinct = List.copyOf(new LinkedHashSet<>(outcomes));
        return new Sending(distinct, outcomes.size() - distinct.size(), nanos);
    }

    private static Outcome await(CompletableFuture<Outcome> outcome) {
        try {
            return outcome.join();
        } catch (CompletionException e) {
            throw new CommandFailure("a command got no outcome: " + e.getCause(), e);
        }
    }

    int count() {
        return outcomes.size() + repeated;
    }

    long accepted() {
        return outcomes.stream().filter(Outcome.Accepted.class::isInstance).count();
    }

    long rejected() {
        return outcomes.size() - accepted();
    }

    String seconds() {
        return String.format(Locale.ROOT, "%.1f", nanos / 1e9);
    }

    /** @throws CommandFailure when the ledger rejected one of the commands */
    void requireAllAccepted() {
        for (Outcome outcome : outcomes) {
            if (outcome instanceof Outcome.Refused refused) {
                throw new CommandFailure(refused.commandId() + " was rejected: "
                        + refused.rejected().code() + ": " + refused.rejected().message());
            }
        }
    }
}
