package io.pacioli.ledger.app.client;

import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.api.LedgerClient;
import io.pacioli.ledger.app.AmountText;
import io.pacioli.ledger.app.ProgressLine;
import io.pacioli.ledger.app.Terminal;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.core.Rejection;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Sends many commands, a bounded number at a time, and counts what becomes of them. Used by one thread. */
final class BulkProducer {
    /** Enough to tell an oversized command by its size. */
    static final int LINE_BYTES_MAX = CommandCodec.BYTES_MAX + 1;

    /** Most commands that are sent at a time. */
    static final int BATCH_MAX = 2_000;

    /** Room for another batch while one is on its way. */
    private static final int IN_FLIGHT_MAX = 2 * BATCH_MAX;

    private static final int SHOWN_MAX = 20;

    private final LedgerClient client;
    private final boolean wait;
    private final int batch;
    private final List<Command> gathered = new ArrayList<>();
    private final PrintWriter err;
    private final Semaphore places = new Semaphore(IN_FLIGHT_MAX);
    private final LongAdder acknowledged = new LongAdder();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder pending = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final Map<Rejection, LongAdder> rejected = new ConcurrentSkipListMap<>();
    private long malformed;
    private long nanos;

    /** @param batch how many commands are sent at a time, 1 to {@link #BATCH_MAX} */
    BulkProducer(LedgerClient client, boolean wait, int batch, PrintWriter err) {
        this.client = client;
        this.wait = wait;
        this.batch = batch;
        this.err = err;
    }

    /** Sends all lines and returns when each of them is acknowledged, or with {@code wait} decided. */
    void produce(JsonLines lines, ProgressLine progress) throws IOException {
        long startNanos = System.nanoTime();
        long bytes = 0;
        for (byte[] line = lines.next(); line != null; line = lines.next()) {
            if (!isBlank(line)) {
                produce(line, lines.number());
            }
            progress.step(lines.bytesRead() - bytes);
            bytes = lines.bytesRead();
        }
        sendGathered();
        client.flush();
        places.acquireUninterruptibly(IN_FLIGHT_MAX);
        nanos = System.nanoTime() - startNanos;
        if (malformed > SHOWN_MAX) {
            err.println(
                    "ledger: ... and " + AmountText.count(malformed - SHOWN_MAX) + " more lines that are no command");
        }
    }

    private void produce(byte[] line, long number) {
        Command command;
        try {
            command = CommandCodec.decode(line);
        } catch (MalformedException e) {
            malformed++;
            if (malformed <= SHOWN_MAX) {
                err.println("ledger: line " + number + ": " + e.getMessage());
            }
            return;
        }
        gathered.add(command);
        if (gathered.size() == batch) {
            sendGathered();
        }
    }

    private void sendGathered() {
        if (gathered.isEmpty()) {
            return;
        }
        List<Command> commands = List.copyOf(gathered);
        gathered.clear();
        places.acquireUninterruptibly(commands.size());
        if (wait) {
            client.submitAll(commands).forEach(this::count);
        } else {
            client.sendAll(commands).forEach(this::count);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The callback hears of success and failure alike.
    private void count(CompletableFuture<?> done) {
        done.whenComplete((value, failure) -> {
            count(value, failure);
            places.release();
        });
    }

    private void count(@Nullable Object value, @Nullable Throwable failure) {
        if (failure != null) {
            failures.increment();
            if (failures.sum() == 1) {
                Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
                err.println("ledger: a command failed: "
                        + (cause instanceof TimeoutException ? "no outcome came in time" : cause.toString()));
            }
            return;
        }
        acknowledged.increment();
        switch (value) {
            case Outcome.Accepted outcome -> accepted.increment();
            case Outcome.Pending outcome -> pending.increment();
            case Outcome.Refused outcome ->
                rejected.computeIfAbsent(outcome.rejected().code(), code -> new LongAdder())
                        .increment();
            case null, default -> {}
        }
    }

    /** Prints what became of the commands. */
    void report(Terminal terminal) {
        long produced = acknowledged.sum();
        double seconds = nanos / 1e9;
        terminal.line((failed() ? terminal.bad("✘") : terminal.good("✔")) + " "
                + AmountText.count(produced) + (produced == 1 ? " command" : " commands")
                + (wait ? " decided in " : " produced in ")
                + String.format(Locale.ROOT, "%.1f s", seconds) + ", "
                + AmountText.count(Math.round(produced / Math.max(seconds, 0.001))) + " a second"
                + (malformed > 0 ? "; " + AmountText.count(malformed) + " malformed lines left out" : "")
                + (failed() ? "; " + AmountText.count(failures.sum()) + " failed" : ""));
        if (wait) {
            terminal.line("  accepted  " + AmountText.count(accepted.sum()));
            if (pending.sum() > 0) {
                terminal.line("  pending   " + AmountText.count(pending.sum()));
            }
            rejected.forEach(
                    (code, number) -> terminal.line("  rejected  " + AmountText.count(number.sum()) + "  " + code));
        }
    }

    long malformed() {
        return malformed;
    }

    /** Whether a command was not acknowledged, or its outcome did not come. */
    boolean failed() {
        return failures.sum() > 0;
    }

    private static boolean isBlank(byte[] line) {
        for (byte b : line) {
            if (b != ' ' && b != '\t') {
                return false;
            }
        }
        return true;
    }
}
