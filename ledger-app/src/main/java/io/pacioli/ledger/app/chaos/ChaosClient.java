package io.pacioli.ledger.app.chaos;

import io.pacioli.ledger.app.chaos.Traffic.Sending;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Outcome;
import java.time.Duration;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A client that sends its commands at a steady rate, has a bounded number of them on the way, and sends most of those that got no answer
 * again, with the same id, until they have one. The others it leaves in the dark after a few attempts, as a client does that dies.
 */
final class ChaosClient implements Runnable {
    /** Of how many of a hundred commands nobody asks again after a few attempts without an answer. */
    private static final int GIVE_UP_PERCENT = 15;

    private static final int FEW_ATTEMPTS = 3;
    private static final int PERCENT = 100;

    /** How long after its first attempt a command is sent again: no fault may take longer to be recovered from. */
    private static final Duration PATIENCE = FaultRunner.RECOVERY_MAX;

    private static final Duration BACKOFF = Duration.ofMillis(500);
    private static final Executor LATER = CompletableFuture.delayedExecutor(BACKOFF.toMillis(), TimeUnit.MILLISECONDS);
    private static final Duration PAUSE = Duration.ofMillis(20);

    /** How much longer than planned a client goes on when it has not sent all. */
    private static final int OVERTIME_PART = 2;

    private final Function<Command, CompletableFuture<Outcome>> sender;
    private final ChaosWorkload workload;
    private final Traffic traffic;
    private final SplittableRandom random;
    private final Pace pace;
    private final int inFlightMax;
    private final Semaphore places;
    private final Queue<Again> again = new ConcurrentLinkedQueue<>();
    private volatile boolean stopped;

    private record Again(Command command, int attemptsLeft, long dueNanos) {}

    /**
     * @param sender sends a command once; the future fails when there is no outcome, and nobody knows whether there will be
     * @param pace how many to send, and when
     * @param inFlightMax how many may be on the way at a time
     */
    ChaosClient(
            Function<Command, CompletableFuture<Outcome>> sender,
            ChaosWorkload workload,
            Traffic traffic,
            long seed,
            Pace pace,
            int inFlightMax) {
        this.sender = sender;
        this.workload = workload;
        this.traffic = traffic;
        random = new SplittableRandom(seed);
        this.pace = pace;
        this.inFlightMax = inFlightMax;
        places = new Semaphore(inFlightMax);
    }

    /** Ends the sending early. */
    void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        try {
            long startNanos = System.nanoTime();
            long durationNanos = pace.duration().toNanos();
            long overNanos = startNanos + durationNanos + durationNanos / OVERTIME_PART;
            long number = 0;
            while (!stopped && number < pace.total() && System.nanoTime() - overNanos < 0) {
                if (sendAgain()) {
                    continue;
                }
                long waitNanos = startNanos + pace.dueNanos(number) - System.nanoTime();
                if (waitNanos > 0) {
                    TimeUnit.NANOSECONDS.sleep(Math.min(waitNanos, PAUSE.toNanos()));
                } else {
                    number++;
                    send(workload.next(), attempts());
                }
            }
            while (!stopped && (!again.isEmpty() || places.availablePermits() < inFlightMax)) {
                if (!sendAgain()) {
                    Thread.sleep(PAUSE);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean sendAgain() throws InterruptedException {
        Again first = again.peek();
        if (first == null || first.dueNanos - System.nanoTime() > 0) {
            return false;
        }
        again.remove();
        send(first.command, first.attemptsLeft);
        return true;
    }

    /** How often a new command may be sent. */
    private int attempts() {
        return random.nextInt(PERCENT) < GIVE_UP_PERCENT ? 1 + random.nextInt(FEW_ATTEMPTS) : Integer.MAX_VALUE;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // What completes it hears of success and failure alike.
    private void send(Command command, int attempts) throws InterruptedException {
        places.acquire();
        Sending sending = traffic.send(command);
        sender.apply(command).whenComplete((outcome, failure) -> {
            if (failure == null) {
                traffic.answered(sending, outcome);
                places.release();
            } else {
                traffic.failed();
                long nowNanos = System.nanoTime();
                if (attempts > 1 && nowNanos - sending.asked().firstSentNanos() < PATIENCE.toNanos()) {
                    again.add(new Again(command, attempts - 1, nowNanos + BACKOFF.toNanos()));
                }
                // Whoever is refused at once does not ask for the next thing at once.
                LATER.execute(places::release);
            }
        });
    }
}
